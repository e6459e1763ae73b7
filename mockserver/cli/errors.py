"""Exit codes of the command, and the errors that lead to them."""

from __future__ import annotations

from typing import Final

EXIT_OK: Final = 0
EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_UNREACHABLE: Final = 3


class UsageError(Exception):
    """The command line or the environment is wrong. The message is one sentence. Exit code 2."""


class Refused(Exception):
    """The mock refused the request of a client command, or is not healthy. The message is one sentence. Exit code 1."""


class Unreachable(Exception):
    """No mock answers. The message is one sentence. Exit code 3."""
