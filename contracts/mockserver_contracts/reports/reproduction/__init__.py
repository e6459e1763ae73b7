"""The means to show a finding again: its steps, its script, and the report of the last run."""
