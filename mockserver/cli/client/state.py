"""`mockserver state`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from mockserver.cli.client.control_client import ControlClient
from mockserver.cli.client.flags import add_client_flags
from mockserver.cli.client.output import loaded_sentence, print_json
from mockserver.cli.errors import EXIT_OK, EXIT_REFUSED, UsageError
from mockserver.client.state_diff import diff_states
from mockserver.printable import count, escape_line
from mockserver.whole_file import write_whole

SUMMARY: Final = "Save, load or compare the state of a running mock."
EXAMPLE: Final = """\
mockserver state save before.json
mockserver state load before.json
mockserver state save subscriber.json --key sk-demo
mockserver state load subscriber.json --key sk-other
mockserver state diff before.json after.json"""

_FILES: Final = {"save": 1, "load": 1, "diff": 2}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("action", choices=list(_FILES), help="The action.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="The file; two files for diff.")
    add_client_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Save or load a state, or print the difference of two: exit code 1 if there is one."""
    files: list[Path] = arguments.files
    if len(files) != _FILES[arguments.action]:
        needed = _FILES[arguments.action]
        raise UsageError(f"state {arguments.action} takes {needed} file{'s' * (needed > 1)}; {len(files)} were given")
    if arguments.action == "diff":
        return _diff(*files, as_json=arguments.json)
    control = ControlClient.of(arguments)
    if arguments.action == "save":
        state = control.get("/state", key=arguments.key)
        _write(files[0], json.dumps(state, indent=1, ensure_ascii=False) + "\n")
        number = len(state["accounts"])
        answer = {"saved": str(files[0]), "accounts": number}
        sentence = f"saved {count(number, 'account')} to {files[0]}"
    else:
        answer = control.load_state(_read(files[0]), key=arguments.key)
        sentence = loaded_sentence(answer)
    if arguments.json:
        print_json(answer)
    else:
        print(escape_line(sentence))
    return EXIT_OK


def _diff(before: Path, after: Path, *, as_json: bool) -> int:
    lines = diff_states(_checked(before), _checked(after))
    if as_json:
        print_json({"changes": lines})
    else:
        print("\n".join(map(escape_line, lines)) or "no difference")
    return EXIT_REFUSED if lines else EXIT_OK


def _checked(file: Path) -> dict[str, Any]:
    """The state of a file, which a mock would load. Raises UsageError."""
    from mockserver.domain.errors import InvalidRequest
    from mockserver.web.shapes.state_json import read_state, state_json  # the other actions leave it to the mock

    try:
        return state_json(read_state(_read(file)))
    except InvalidRequest as error:
        raise UsageError(f"{file}: {error.message}") from None


def _read(file: Path) -> dict[str, Any]:
    from mockserver.contract.errors import MalformedJson  # who saves a state reads none
    from mockserver.contract.strict_json import parse_json_file

    try:
        value = parse_json_file(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except MalformedJson as error:
        raise UsageError(f"{file} {str(error).removeprefix('the body ')}; mockserver state save writes JSON") from None
    if not isinstance(value, dict):
        raise UsageError(f"{file} is no state of a mock; mockserver state save writes one")
    return value


def _write(file: Path, text: str) -> None:
    try:
        write_whole(file, text)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {(error.strerror or str(error)).lower()}") from None
