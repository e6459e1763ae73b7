"""Documents made for tests: large ones, and one with every feature that OpenAPI has."""
