"""The control API: what a test does to the mock, rather than to VideoDB."""
