"""What the mock costs, beside a bare ASGI app in the same run."""
