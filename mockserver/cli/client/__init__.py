"""The client commands: the control API of a mock that runs, from a shell."""
