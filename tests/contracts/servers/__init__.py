"""Servers for the tests: one written from the page alone, one like staging, and real sockets."""
