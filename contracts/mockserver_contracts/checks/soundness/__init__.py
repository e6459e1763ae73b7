"""Checks of what every sound server does, whatever it sells: paths, bytes, accounts that do not meet, endurance."""
