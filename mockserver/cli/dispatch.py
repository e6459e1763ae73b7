"""Find and run a subcommand.

Each subcommand is a module with a SUMMARY, an EXAMPLE, `configure(parser)` and `run(arguments) -> exit code`. Only the
module of the given subcommand is imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Final

from mockserver._version import __version__
from mockserver.cli.errors import EXIT_OK, EXIT_REFUSED, EXIT_UNREACHABLE, EXIT_USAGE, Refused, Unreachable, UsageError
from mockserver.cli.github_actions import is_github_actions
from mockserver.cli.parser import HelpFormatter, Parser, format_example
from mockserver.printable import escape_commands, escape_line
from mockserver.suggestion import did_you_mean

COMMANDS: Final = {
    "serve": "serve.command",
    "check": "harness.check",
    "drift": "harness.drift",
    "replay": "harness.replay",
    "calibrate": "harness.calibrate",
    "create": "client.session.create",
    "sessions": "client.session.sessions",
    "pay": "client.session.pay",
    "cancel": "client.session.cancel",
    "expire": "client.session.expire",
    "clock": "client.clock",
    "accounts": "client.accounts",
    "credits": "client.credits",
    "usage": "client.usage",
    "requests": "client.requests",
    "coverage": "client.coverage",
    "fault": "client.fault",
    "reset": "client.reset",
    "state": "client.state",
    "checkpoint": "client.checkpoint",
    "health": "health",
    "doctor": "doctor.command",
    "claims": "harness.claims",
    "defects": "harness.defects",
    "spec": "spec",
}
"""The subcommands, each with its module."""

_NEED_EXTRA_CHECK: Final = frozenset({"check", "drift", "replay", "calibrate"})
_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: done. 1: refused, or something was found. 2: wrong usage. 3: no server.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except UsageError as error:
        return _print_error(error, EXIT_USAGE)
    except Refused as error:
        return _print_error(error, EXIT_REFUSED)
    except Unreachable as error:
        return _print_error(error, EXIT_UNREACHABLE)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone: the interpreter's last flush must not raise again
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
        hint = did_you_mean(name, COMMANDS) or f"; the commands are: {', '.join(COMMANDS)}"
        raise UsageError(f"unknown command {name!r}{hint} (see mockserver --help)")
    command = command_module(name)
    parser = command_parser(name, command)
    try:
        parsed = parser.parse_intermixed_args(arguments[1:])
    except SystemExit:  # argparse has printed the help
        return EXIT_OK
    if name in _NEED_EXTRA_CHECK:
        _require_extra_check(name)
    code: int = command.run(parsed)
    return code


def command_module(name: str) -> ModuleType:
    """The module of a subcommand."""
    return import_module(f"mockserver.cli.{COMMANDS[name]}")


def command_parser(name: str, command: ModuleType) -> Parser:
    """The parser of a subcommand."""
    parser = Parser(
        prog=f"mockserver {name}",
        description=command.SUMMARY,
        epilog=format_example(command.EXAMPLE),
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    command.configure(parser)
    return parser


def _require_extra_check(name: str) -> None:
    """Raise UsageError if the packages are missing that only the harness needs."""
    missing = [package for package in ("schemathesis", "httpcore", "rich", "ruamel") if find_spec(package) is None]
    if missing:
        raise UsageError(
            f"mockserver {name} needs the extra `check` ({', '.join(missing)} not installed);"
            " install it as the package was installed, with [check] at the end:"
            " pip install '/path/to/the/checkout[check]'"
        )


def _overview() -> str:
    lines = [f"  {name:<10} {command_module(name).SUMMARY}" for name in COMMANDS]
    return "\n".join(
        [
            "usage: mockserver COMMAND [...]",
            "",
            "A local, stateful mock of VideoDB's billing checkout API, and contract checks for servers of that API.",
            "",
            "commands:",
            *lines,
            "",
            "Help on a command: `mockserver COMMAND --help`. Version: `mockserver --version`.",
            "",
            format_example("mockserver serve"),
        ]
    )


def _print_error(error: Exception, code: int) -> int:
    message = f"mockserver: {escape_line(str(error))}"
    # The message may quote a server.
    print(escape_commands(message) if is_github_actions() else message, file=sys.stderr)
    return code
