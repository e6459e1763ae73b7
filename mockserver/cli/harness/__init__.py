"""The commands that check servers: `check`, `drift`, `calibrate`, and the lists of claims and defects."""
