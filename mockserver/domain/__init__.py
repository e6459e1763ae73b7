"""What is true of checkout sessions, credits, money and time, whoever asks and wherever it is kept.

Nothing here knows HTTP, SQL, randomness or the time of day: `now` and entropy are told.
"""
