"""The HTTP layer: read a request, call a use case, send the reply. It decides nothing about money or time."""
