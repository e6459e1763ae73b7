"""What the subcommands have in common: how they refuse, and how their help looks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final, NoReturn

EXIT_OK: Final = 0
EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_UNREACHABLE: Final = 3


class UsageError(Exception):
    """The command cannot do what it was told; the message is one sentence. Exit code 2."""


class Refused(Exception):
    """The mock refused what a client command asked; the message is its own. Exit code 1."""


class Unreachable(Exception):
    """There is no mock to talk to; the message is one sentence. Exit code 3."""


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{message} ({self.prog} --help says how)")


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help that keeps its lines, in a width that a flag and its meaning share well."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34, width=110)


def with_example(example: str) -> str:
    """What a command's help ends with."""
    lines = "\n".join(f"  {line}" for line in example.strip().splitlines())
    return f"example:\n{lines}"


def one_of_commands(given: str, known: Sequence[str]) -> str:
    """The refusal of a command that is none."""
    return f"{given!r} is no command; there are: {', '.join(known)} (mockserver --help says more)"
