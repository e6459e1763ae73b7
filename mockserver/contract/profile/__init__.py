"""Profiles: data that decides the shape of every reply."""
