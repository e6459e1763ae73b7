"""The JSON of sessions, usage, accounts, clocks, faults and journal entries, as several parts of the API show them."""
