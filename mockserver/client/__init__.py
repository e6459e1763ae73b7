"""A client of a running mock: an account in the hand of a test, and the calls under it."""
