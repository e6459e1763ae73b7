"""The requests of a run: generated once, stored, replayed."""
