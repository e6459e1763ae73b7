"""Redact API keys: no key leaves a run in any text."""
