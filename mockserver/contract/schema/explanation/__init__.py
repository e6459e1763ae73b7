"""Explanations of refused values by openapi-core. Importing this room's modules loads openapi-core."""
