"""The checks of sessions: their lives, their expiry and their list."""
