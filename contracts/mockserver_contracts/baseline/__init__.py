"""The accepted findings of a target, kept in a YAML file that people edit."""
