"""The contract-test harness: holds a server to what the page says."""
