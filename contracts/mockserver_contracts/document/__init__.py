"""Facts about an OpenAPI document that more than one part of the harness needs."""
