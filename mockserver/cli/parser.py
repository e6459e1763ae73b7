"""Argument parsers of the subcommands, and the layout of their help."""

from __future__ import annotations

import argparse
from typing import NoReturn

from mockserver.cli.errors import UsageError
from mockserver.suggestion import did_you_mean


class Parser(argparse.ArgumentParser):
    """A parser that reports an error as one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError, with the flag that was probably meant."""
        _, _, unknown = message.partition("unrecognized arguments: ")
        flag = unknown.split()[0].partition("=")[0] if unknown.startswith("--") else ""
        hint = did_you_mean(flag, self._option_string_actions) if flag else ""
        raise UsageError(f"{message}{hint} (see {self.prog} --help)")


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help that keeps line breaks and gives flags and texts enough width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34, width=110)


def format_example(example: str) -> str:
    """Format the examples at the end of a command's help."""
    lines = "\n".join(f"  {line}" for line in example.strip().splitlines())
    return f"example:\n{lines}"
