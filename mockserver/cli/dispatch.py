"""The command `mockserver`.

Each subcommand is a module with a SUMMARY, an EXAMPLE, `configure(parser)` and `run(arguments) -> exit code`; only the
one that is asked for is loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Final

from mockserver._version import __version__
from mockserver.cli.parser import (
    EXIT_OK,
    EXIT_REFUSED,
    EXIT_UNREACHABLE,
    EXIT_USAGE,
    HelpFormatter,
    Parser,
    Refused,
    Unreachable,
    UsageError,
    one_of_commands,
    with_example,
)

COMMANDS: Final = {
    "serve": "serve",
    "check": "harness.check",
    "drift": "harness.drift",
    "calibrate": "harness.calibrate",
    "sessions": "client.sessions",
    "pay": "client.pay",
    "cancel": "client.cancel",
    "expire": "client.expire",
    "clock": "client.clock",
    "credits": "client.credits",
    "usage": "client.usage",
    "requests": "client.requests",
    "fault": "client.fault",
    "reset": "client.reset",
    "claims": "harness.claims",
    "defects": "harness.defects",
    "spec": "spec",
}
"""The subcommands, each with its module."""

_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. 0: done, 1: refused or found something, 2: wrong usage, 3: no server."""
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except UsageError as error:
        return _say(error, EXIT_USAGE)
    except Refused as error:
        return _say(error, EXIT_REFUSED)
    except Unreachable as error:
        return _say(error, EXIT_UNREACHABLE)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone: say nothing, and let the interpreter's last flush find no pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_overview())
        return EXIT_OK
    if arguments[0] == "--version":
        print(f"mockserver {__version__}")
        return EXIT_OK
    name = arguments[0]
    if name not in COMMANDS:
        raise UsageError(one_of_commands(name, list(COMMANDS)))
    command = command_module(name)
    parser = command_parser(name, command)
    try:
        found = parser.parse_intermixed_args(arguments[1:])
    except SystemExit:  # argparse has printed the help
        return EXIT_OK
    code: int = command.run(found)
    return code


def command_module(name: str) -> ModuleType:
    """The module of a subcommand."""
    return import_module(f"mockserver.cli.{COMMANDS[name]}")


def command_parser(name: str, command: ModuleType) -> Parser:
    """The parser of a subcommand."""
    parser = Parser(
        prog=f"mockserver {name}",
        description=command.SUMMARY,
        epilog=with_example(command.EXAMPLE),
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    command.configure(parser)
    return parser


def _overview() -> str:
    lines = [f"  {name:<10} {command_module(name).SUMMARY}" for name in COMMANDS]
    return "\n".join(
        [
            "usage: mockserver COMMAND [...]",
            "",
            "A local, stateful fake of VideoDB's billing checkout API, and the contract checks that go with it.",
            "",
            "commands:",
            *lines,
            "",
            "`mockserver COMMAND --help` says more; `mockserver --version` tells the version.",
            "",
            with_example("mockserver serve"),
        ]
    )


def _say(error: Exception, code: int) -> int:
    print(f"mockserver: {error}", file=sys.stderr)
    return code
