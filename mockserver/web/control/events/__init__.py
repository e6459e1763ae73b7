"""`/_mock/events`: changes as server-sent events."""
