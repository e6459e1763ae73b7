"""Notifications between the servers that share a schema."""
