"""Checkout sessions: one by one, and new ones in batches."""
