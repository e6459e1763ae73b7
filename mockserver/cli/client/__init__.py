"""The client commands, which call the control API of a running mock."""
