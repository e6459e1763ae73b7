"""The forms in which a run is told; each handles events and is closed."""
