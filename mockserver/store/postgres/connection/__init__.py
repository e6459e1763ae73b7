"""Connections to PostgreSQL: their address, their round trips and their pool."""
