"""The results of a run: findings, verdicts, events and the exit code."""
