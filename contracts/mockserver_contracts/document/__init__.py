"""Facts about an OpenAPI document that several parts of the harness need."""
