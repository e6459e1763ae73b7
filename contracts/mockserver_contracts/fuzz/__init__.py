"""Exchanges of the corpus become findings."""
