"""Requests by an operation's declaration: parameters, bodies, credentials and the Accept header."""
