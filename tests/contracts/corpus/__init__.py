"""The corpus: made once, stored, replayed."""
