"""The coverage of the contracts by a run."""
