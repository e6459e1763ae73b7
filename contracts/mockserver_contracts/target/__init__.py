"""The server under test, and every way to reach and read it."""
