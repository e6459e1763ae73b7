"""The command `mockserver`."""

from mockserver.cli.dispatch import COMMANDS, command_module, command_parser, main

__all__ = ["COMMANDS", "command_module", "command_parser", "main"]
