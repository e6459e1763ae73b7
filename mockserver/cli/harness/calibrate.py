"""`mockserver calibrate`: write a profile that makes the mock answer like a server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli.errors import UsageError
from mockserver.cli.harness.run import run_harness
from mockserver.cli.harness.run_flags import add_run_flags
from mockserver.cli.harness.targets import PROFILES
from mockserver.printable import escape_line

if TYPE_CHECKING:
    from mockserver_contracts.reports.redaction.redaction import Redaction

SUMMARY: Final = "Write a profile that makes the mock answer like a server."
EXAMPLE: Final = "mockserver calibrate staging --output staging.yaml"
_UNTESTED: Final = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("target", metavar="TARGET", help="URL, or name of a server in the document (staging).")
    parser.add_argument(
        "--output", required=True, metavar="FILE", help="File for the profile; use it with serve --profile FILE."
    )
    add_run_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare, and write the profile. Exit code 0: written; 3: the target could not be tested."""
    from mockserver_contracts.calibration.profile_file import calibrate
    from mockserver_contracts.results.failed_check import describe
    from mockserver_contracts.run.observations import Observations

    file = Path(arguments.output)
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise UsageError(f"--output {arguments.output!r}: a file in an existing folder is needed")
    observations = Observations()

    def write_profile(code: int, redaction: Redaction) -> int:
        if code == _UNTESTED:
            return code
        target = observations.target
        profile = arguments.profile or (target.profile if target is not None else None) or PROFILES[0]
        spec = None if arguments.spec is None else Path(arguments.spec)
        try:
            left = calibrate(observations, file, profile=profile, spec=spec, redaction=redaction)
        except OSError as error:
            raise UsageError(f"--output {file} cannot be written: {error.strerror}") from None
        except Exception as error:
            print(f"failed to run: calibration: {escape_line(describe(error))}; {file} was not written")
            return _UNTESTED
        for sentence in left:
            print(f"not calibrated: {escape_line(sentence)}")
        print(f"Wrote {file}. Use it with: mockserver serve --profile {file}")
        return 0

    return run_harness(arguments, command="calibrate", listener=observations, conclude=write_profile)
