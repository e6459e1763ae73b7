"""The reports of a run. Each handles the events and is closed at the end."""
