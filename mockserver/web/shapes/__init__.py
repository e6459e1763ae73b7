"""The JSON shapes that several parts of the web layer show."""
