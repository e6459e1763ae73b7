"""Drift: the same requests go to the target and to the mock, and their answers are compared without noise."""
