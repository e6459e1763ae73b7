"""The accepted findings of a target, in a YAML file that people edit."""
