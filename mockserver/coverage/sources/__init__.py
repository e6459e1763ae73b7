"""Files with coverage: reports of earlier counts, and exchanges that are counted now."""
