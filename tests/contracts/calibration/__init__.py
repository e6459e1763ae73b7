"""From what a server answers to a profile."""
