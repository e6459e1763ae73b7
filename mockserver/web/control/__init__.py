"""The control API under `/_mock`: tests use it to steer the mock; VideoDB has no such API."""
