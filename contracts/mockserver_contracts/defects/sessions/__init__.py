"""Defects of sessions: their states, their list and the page that they are paid at."""
