"""The commands of the harness: `check`, `drift`, `calibrate`, `claims` and `defects`."""
