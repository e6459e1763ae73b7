"""The reports of a workflow on GitHub Actions: annotations and the step summary."""
