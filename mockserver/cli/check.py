"""`mockserver check`: is a server true to the contract?"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockserver.cli import baseline
from mockserver.cli.command import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator

    from contracts.drift.notes import Notes
    from contracts.finding import Event
    from contracts.order import Order, Subject
    from contracts.redaction import Redaction
    from contracts.reports.report import Report
    from contracts.target import Target
    from mockserver.contract import Contract, Profile

SUMMARY: Final = "Check a server against the contract: the mock itself, or any other by URL."
EXAMPLE: Final = "mockserver check http://127.0.0.1:8765 --seed 7 --report html=report.html --report junit=junit.xml"

PROFILES: Final = ("page", "openapi")
DEFAULT_SEED: Final = 1
DEFAULT_EXAMPLES: Final = 20
FORMS: Final = ("json", "junit", "html")
LEVELS: Final = ("error", "warning", "info", "undecided")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help="A URL, or a server of the document by name (staging). Without it the mock is checked in-process.",
    )
    configure_run(parser)


def configure_run(parser: argparse.ArgumentParser) -> None:
    """Declare how a target is run; whoever compares it with the mock takes the same."""
    parser.add_argument(
        "--token-env",
        metavar="NAME",
        help="Environment variable with the API key. "
        "[default: VIDEO_DB_API_KEY; for staging VIDEODB_STAGING_KEY; a mock gets a fresh key]",
    )
    parser.add_argument(
        "--profile",
        metavar="P",
        help="Profile whose contract is held to the target. "
        "[default: in-process page and openapi; a mock's own; else page]",
    )
    parser.add_argument("--spec", metavar="FILE", help="OpenAPI document to use in place of the published one.")
    parser.add_argument(
        "--second-token-env",
        metavar="NAME",
        help="Environment variable with the key of a second account of TARGET, to see that accounts are apart.",
    )
    parser.add_argument(
        "--control", metavar="URL", help="Control API of TARGET, for clock and payments. [default: TARGET/_mock]"
    )
    parser.add_argument(
        "--allow-production",
        metavar="HOST",
        help="Let the run go to the document's production host, named once more here; its rails stay.",
    )
    parser.add_argument("--dry-run", action="store_true", help="Print what would be sent where, and send nothing.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--claims-only", action="store_true", help="Decide the claims of the page and nothing else.")
    only.add_argument("--fuzz-only", action="store_true", help="Leave the claims out.")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="Hold exact statuses and the parser's limits, as with the mock; else any 4xx is a refusal.",
    )
    parser.add_argument(
        "--max-examples",
        type=_at_least_one,
        default=DEFAULT_EXAMPLES,
        metavar="N",
        help="Random requests per operation. [default: %(default)s]",
    )
    parser.add_argument("--time-budget", metavar="TIME", help="Stop after this time: 60s, 5m. [default: none]")
    parser.add_argument(
        "--seed",
        type=_at_least_zero,
        default=DEFAULT_SEED,
        metavar="N",
        help="The same seed sends the same requests. [default: %(default)s]",
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        choices=LEVELS,
        metavar="LEVEL",
        help="Exit with 1 on this too: warning, info or undecided; may be repeated. [default: error]",
    )
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORM=FILE",
        help="Write a report: json=FILE, junit=FILE or html=FILE. May be repeated.",
    )
    baseline.configure(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the check; the exit code is 0, 1 or 3, and wrong usage raises UsageError."""
    return harness(arguments, compares=False)


def harness(
    arguments: argparse.Namespace, *, compares: bool, notes: Notes | None = None, listener: Report | None = None
) -> int:
    """Run the harness on the target, held to the contract or compared with the mock; a listener hears every event."""
    from platformdirs import user_cache_path

    from contracts.checks.keys import secrets_of
    from contracts.order import Order
    from contracts.redaction import Redaction

    # Hypothesis keeps tables of characters; not in the folder where the user happens to be.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(user_cache_path("videodb-mockserver", appauthor=False)))
    files = _report_files(arguments.report)
    budget = _seconds(arguments.time_budget)
    if arguments.dry_run:
        return _plan(arguments)
    accepted = baseline.baseline(arguments)
    subjects = _Subjects(arguments, compares=compares, notes=notes)
    second = _second_key(arguments)
    keys = (*subjects.secrets, *filter(None, [second]))
    redaction = Redaction(form for key in keys for form in secrets_of(key))
    order = Order(
        name=arguments.target or "mock",
        subjects=subjects.all,
        seed=arguments.seed,
        max_examples=arguments.max_examples,
        time_budget=budget,
        fail_on=_fail_on(arguments.fail_on or []),
        claims=None if arguments.fuzz_only else _claims(subjects.all),
        fuzz=not arguments.claims_only,
        rules=not arguments.claims_only,
        strict=arguments.strict,
        control=_control(arguments),
        second_key=second,
        baseline=accepted,
        updates_baseline=arguments.update_baseline,
    )
    listeners = [] if listener is None else [listener]
    return _told(order, [*listeners, *_reports(order, redaction, files)])


def _fail_on(given: list[str]) -> frozenset[str]:
    # Who minds the lesser minds the graver.
    graver = {"info": ("info", "warning", "error"), "warning": ("warning", "error")}
    return frozenset({"error"}).union(*(graver.get(level, (level,)) for level in given))


def _reports(order: Order, redaction: Redaction, files: list[tuple[str, Path]]) -> list[Report]:
    from contracts.reports.baseline_report import BaselineReport
    from contracts.reports.console import ConsoleReport
    from contracts.reports.file_report import FileReport
    from contracts.reports.record import Record
    from mockserver._version import __version__

    def record() -> Record:
        return Record(redaction, version=__version__, claims=order.claims or (), fail_on=order.fails_on)

    merging = [BaselineReport(order.baseline, redaction)] if order.baseline and order.updates_baseline else []
    # The console is last: whoever stops reading it does not take the files away.
    return [*(FileReport(form, file, record()) for form, file in files), *merging, ConsoleReport(record(), redaction)]


def _told(order: Order, reports: list[Report]) -> int:
    from contracts.run import check

    code = 3
    try:
        code = _followed(check(order), reports)
    finally:
        unwritten = [error for report in reports if (error := _close(report)) is not None]
    if unwritten:
        raise UsageError(f"a report could not be written: {'; '.join(map(str, unwritten))}")
    return code


def _followed(events: Generator[Event, None, None], reports: list[Report]) -> int:
    """Hand the events on to the end; an interrupt is the run's to end with what it knows, a second one ends it here."""
    from contracts.finding import Finished

    code, is_interrupted = 3, False
    while True:
        try:
            for event in events:
                code = event.exit_code if isinstance(event, Finished) else code
                _tell(event, reports)
            return code
        except KeyboardInterrupt:
            if is_interrupted:
                raise
            is_interrupted = True
            with contextlib.suppress(StopIteration):
                _tell(events.throw(KeyboardInterrupt()), reports)


def _tell(event: Event, reports: list[Report]) -> None:
    for report in reports:
        try:
            report.handle(event)
        except BrokenPipeError:
            _nobody_reads()


def _close(report: Report) -> OSError | None:
    try:
        report.close()
    except BrokenPipeError:
        _nobody_reads()
    except OSError as error:
        return error
    return None


def _nobody_reads() -> None:
    # The exit code stays what the run came to: a pager that is closed early makes no pass of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Subjects:
    """The contracts to hold and the targets to hold them to, as the arguments name them."""

    def __init__(self, arguments: argparse.Namespace, *, compares: bool, notes: Notes | None = None) -> None:
        self._arguments = arguments
        self._compares = compares
        self._notes = notes
        self.secrets: tuple[str, ...] = ()
        self.all: tuple[Subject, ...] = self._local() if arguments.target is None else (self._remote(),)

    def _local(self) -> tuple[Subject, ...]:
        from contracts.order import Subject
        from contracts.target import IN_PROCESS_KEY, in_process

        if self._arguments.token_env is not None:
            raise UsageError("--token-env is for a TARGET; the mock in-process needs no key")
        self.secrets = (IN_PROCESS_KEY,)
        given = self._arguments.profile
        spec = self._spec()
        subjects = []
        for profile in (given,) if given else PROFILES:
            contract, loaded = self._contract(profile)
            opened = partial(in_process, profile, spec)
            subjects.append(Subject(loaded.name, contract.document, frozenset(loaded.promises), opened))
        return tuple(subjects)

    def _remote(self) -> Subject:
        from contracts.order import Subject
        from contracts.target import TargetFailed, TargetRefused, by_name, in_process

        given = self._arguments.profile
        contract, loaded = self._contract(given or PROFILES[0])
        try:
            target = by_name(
                self._arguments.target,
                contract.document,
                os.environ,
                token_env=self._arguments.token_env,
                allow_production=self._arguments.allow_production,
            )
        except TargetRefused as error:
            raise UsageError(str(error)) from None
        except TargetFailed as error:
            return Subject(loaded.name, contract.document, frozenset(loaded.promises), partial(_fail, error))
        self.secrets = (target.key.value,)
        if given is None and target.profile not in (None, loaded.name):
            try:
                contract, loaded = self._contract(str(target.profile))
            except UsageError as error:
                target.close()
                raise UsageError(f"the mock runs with a profile of its own; give it with --profile: {error}") from None
        mock = partial(in_process, given or loaded.name, self._spec()) if self._compares else None
        promises = frozenset(loaded.promises)
        return Subject(loaded.name, contract.document, promises, lambda: target, mock, self._notes)

    def _contract(self, profile: str) -> tuple[Contract, Profile]:
        return _loaded(profile, self._spec())

    def _spec(self) -> Path | None:
        return None if self._arguments.spec is None else Path(self._arguments.spec)


def _loaded(profile: str, spec: Path | None) -> tuple[Contract, Profile]:
    from mockserver.contract import ContractError, load

    try:
        return load(profile, spec=spec)
    except ContractError as error:
        raise UsageError(str(error)) from None


def _plan(arguments: argparse.Namespace) -> int:
    """Print what would be done to the target; nothing is sent, no key is needed."""
    from contracts.target import TargetRefused, address_of, planned

    if arguments.target is None:
        raise UsageError("--dry-run is for a TARGET; the mock in-process is asked nothing that costs anybody anything")
    spec = None if arguments.spec is None else Path(arguments.spec)
    document = _loaded(arguments.profile or PROFILES[0], spec)[0].document
    try:
        url, host = address_of(arguments.target, document, allow_production=arguments.allow_production)
    except TargetRefused as error:
        raise UsageError(str(error)) from None
    for sentence in (*planned(url, host), "Nothing was sent."):
        print(sentence)
    return 0


def _claims(subjects: tuple[Subject, ...]) -> list[dict[str, Any]] | None:
    import yaml

    from mockserver.contract import spec_folder

    # The claims are VideoDB's: of another document they say nothing.
    if not any(subject.is_videodb for subject in subjects):
        return None
    claims: list[dict[str, Any]] = yaml.safe_load((spec_folder() / "claims.yaml").read_text(encoding="utf-8"))
    return claims


def _second_key(arguments: argparse.Namespace) -> str | None:
    name = arguments.second_token_env
    if name is None:
        return None
    if arguments.target is None:
        raise UsageError("--second-token-env is for a TARGET; the mock in-process opens an account for every key")
    value: str = os.environ.get(name, "")
    if not value or not value.isascii() or not value.isprintable() or value != value.strip():
        raise UsageError(f"{name} holds no API key: a key is printable ASCII without spaces around it")
    return value


def _control(arguments: argparse.Namespace) -> str | None:
    from urllib.parse import urlsplit

    given: str | None = arguments.control
    if given is None:
        return None
    if arguments.target is None:
        raise UsageError("--control is for a TARGET; the mock in-process has its own")
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"--control {given!r}: an http(s) URL without query or fragment is needed")
    return given.rstrip("/")


def _fail(error: Exception) -> Target:
    raise error


def _report_files(given: list[str]) -> list[tuple[str, Path]]:
    files = [_report_file(each) for each in given]
    if len({file.absolute() for _, file in files}) < len(files):
        raise UsageError(f"--report {', '.join(given)}: each report needs a file of its own")
    return files


def _report_file(given: str) -> tuple[str, Path]:
    form, _, name = given.partition("=")
    if form not in FORMS or not name:
        raise UsageError(f"--report {given!r}: {' or '.join(f'{form}=FILE' for form in FORMS)} is needed")
    file = Path(name)
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise UsageError(f"--report {given!r}: {file} cannot be written; a file in an existing folder is needed")
    return form, file


def _seconds(given: str | None) -> float | None:
    if given is None:
        return None
    from mockserver.domain.duration import duration
    from mockserver.domain.errors import InvalidRequest

    try:
        seconds = duration(given).total_seconds()
    except InvalidRequest as error:
        raise UsageError(f"--time-budget: {error}") from None
    if seconds == 0:
        raise UsageError("--time-budget is 0; more than nothing is needed")
    return seconds


def _at_least_one(given: str) -> int:
    return _number(given, least=1)


def _at_least_zero(given: str) -> int:
    return _number(given, least=0)


def _number(given: str, *, least: int) -> int:
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise argparse.ArgumentTypeError(f"{given!r} is no whole number from {least}")
    return int(given)
