"""Coverage in the control API."""
