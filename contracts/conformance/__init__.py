"""Schemathesis' checks, applied to exchanges of a corpus."""
