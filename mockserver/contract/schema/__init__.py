"""Schemas of a document: translation, compiled validators, formats, patterns and violations."""
