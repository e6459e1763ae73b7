"""Calibration: write a profile with which the mock answers as an observed server does."""
