"""Repairing a document: what cannot be read costs the smallest part that contains it, and is reported."""
