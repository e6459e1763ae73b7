"""`mockserver doctor`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mockserver.cli.client.control_client import checked_address
from mockserver.cli.client.output import print_json
from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.cli.errors import EXIT_OK, EXIT_REFUSED
from mockserver.cli.setting_flags import add_setting_flags
from mockserver.printable import escape_line
from mockserver.settings import SettingError, Settings, read_settings

SUMMARY: Final = "Check installation, settings, store, port, document and key; name each fault and its remedy."
EXAMPLE: Final = "mockserver doctor --port 8765 --store sqlite:///mock.db"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags: those of the settings, and the doctor's own."""
    parser.description = (
        f"{SUMMARY} It takes the settings of `mockserver serve` and changes nothing. "
        "Exit code 0, or 1 if something is wrong."
    )
    parser.add_argument("--target", metavar="URL", help="Server to send one GET to, without a key. [default: none]")
    parser.add_argument("--json", action="store_true", help="Print the results as JSON.")
    add_setting_flags(parser, but={"json"})


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each check."""
    target = None if arguments.target is None else checked_address(arguments.target, flag="--target")
    flags = {name: value for name, value in vars(arguments).items() if name != "json"}
    diagnoses = []
    for diagnosis in _diagnoses(flags, target):
        diagnoses.append(diagnosis)
        if not arguments.json:
            print(escape_line(f"{diagnosis.level:<5}  {diagnosis.subject:<9}  {diagnosis.sentence}"), flush=True)
    is_ok = all(diagnosis.level != "wrong" for diagnosis in diagnoses)
    if arguments.json:
        print_json({"ok": is_ok, "checks": [diagnosis._asdict() for diagnosis in diagnoses]})
    return EXIT_OK if is_ok else EXIT_REFUSED


def _diagnoses(flags: dict[str, object], target: str | None) -> Iterator[Diagnosis]:
    from mockserver.cli.doctor.installation import check_installation
    from mockserver.cli.doctor.key import check_key
    from mockserver.cli.doctor.variables import check_variables

    yield from check_installation()
    yield from check_variables(os.environ)
    try:
        settings = read_settings(flags=flags, environ=os.environ, folder=Path.cwd())
    except (SettingError, ImportError) as error:
        yield Diagnosis("settings", "wrong", str(error))
        settings = None
    else:
        yield Diagnosis("settings", "ok", "every setting has a valid value")
    if settings is not None:
        yield from _check_parts(settings)
    yield from check_key(os.environ, settings.api_keys if settings is not None else frozenset())
    if target is not None:
        from mockserver.cli.doctor.target import check_target

        yield check_target(target)


def _check_parts(settings: Settings) -> Iterator[Diagnosis]:
    from mockserver.cli.doctor.document import check_document
    from mockserver.cli.doctor.port import check_port
    from mockserver.cli.doctor.store import check_store

    for subject, check in (("store", check_store), ("port", check_port), ("document", check_document)):
        try:
            yield from check(settings)
        except ImportError as error:  # the line about the packages says how to mend it
            yield Diagnosis(subject, "wrong", f"the {subject} cannot be checked: {error}")
