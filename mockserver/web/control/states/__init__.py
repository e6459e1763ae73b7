"""States: saved and loaded as documents, kept as checkpoints, and compared."""
