"""Texts that match a regular expression, made without a library that would have to be loaded."""
