"""Checking an effective document: errors that refuse it, and deviations that are tolerated or repaired."""
