"""Benchmarks of the mock against a bare ASGI app in the same run."""
