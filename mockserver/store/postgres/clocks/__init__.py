"""Clocks in PostgreSQL: their rows, and what a server knows of them between transactions."""
