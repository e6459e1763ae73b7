"""`mockserver calibrate`: make the mock answer as a server does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockserver.cli.command import UsageError
from mockserver.cli.harness import harness
from mockserver.cli.harness_flags import configure_run
from mockserver.cli.subjects import PROFILES

if TYPE_CHECKING:
    from mockserver_contracts.results.finding import Event

SUMMARY: Final = "Write a profile with which the mock answers as a server does."
EXAMPLE: Final = "mockserver calibrate staging --output staging.yaml"
_UNTESTED: Final = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("target", metavar="TARGET", help="A URL, or a server of the document by name (staging).")
    parser.add_argument(
        "--output", required=True, metavar="FILE", help="Where to write the profile; serve --profile FILE uses it."
    )
    configure_run(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare and write; the exit code is 0 where a profile was written, else 3; wrong usage raises UsageError."""
    from mockserver_contracts.calibration.profile_file import calibrate
    from mockserver_contracts.run.observations import Observations

    file = Path(arguments.output)
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise UsageError(f"--output {arguments.output!r}: a file in an existing folder is needed")
    notes, upheld = Observations(), _Upheld()
    code = harness(arguments, compares=True, notes=notes, listener=upheld)
    if code == _UNTESTED or arguments.dry_run:
        return code
    profile = arguments.profile or (notes.target.profile if notes.target is not None else None) or PROFILES[0]
    spec = None if arguments.spec is None else Path(arguments.spec)
    left = calibrate(notes, file, profile=profile, spec=spec, upheld=upheld.claims)
    for sentence in left:
        print(f"not calibrated: {sentence}")
    print(f"Wrote {file}; the mock answers so with: mockserver serve --profile {file}")
    return 0


class _Upheld:
    """Hears which claims the target upholds."""

    def __init__(self) -> None:
        self.claims: list[str] = []

    def handle(self, event: Event) -> Any:
        """Note the claim, if the event is about one that is upheld."""
        from mockserver_contracts.results.finding import ClaimDecided

        if isinstance(event, ClaimDecided) and event.claim.verdict == "upheld":
            self.claims.append(event.claim.id)

    def close(self) -> None:
        """Nothing is open."""
