"""A report for people: as text, as Markdown, and as one HTML page."""
