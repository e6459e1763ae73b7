"""`mockserver serve`: in one process, or in several."""
