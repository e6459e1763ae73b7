"""Explanations of refused values: a bounded walk through the schema. `authority` asks openapi-core, and imports it."""
