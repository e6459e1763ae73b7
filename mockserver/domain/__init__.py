"""The domain: checkout sessions, credits, money and time.

Nothing here knows HTTP, SQL, randomness or the time of day. `now` and entropy are arguments.
"""
