"""Schemathesis generates the requests of a corpus."""
