"""Reading one YAML or JSON file."""
