"""Mocking: responses that follow from the document alone, without state."""
