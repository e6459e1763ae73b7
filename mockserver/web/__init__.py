"""HTTP: what comes in is read, handed to a use case, and answered. Nothing here decides about money or time."""
