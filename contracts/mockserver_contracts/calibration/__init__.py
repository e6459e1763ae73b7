"""From what a server answers to a profile with which the mock answers like it."""
