"""Variables of the environment that look like settings and are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.settings import SETTINGS
from mockserver.suggestion import did_you_mean

PREFIX: Final = "MOCKSERVER_"
KNOWN: Final = frozenset({setting.variable for setting in SETTINGS} | {"MOCKSERVER_URL"})
_OF_TESTS: Final = ("MOCKSERVER_TEST_", "MOCKSERVER_BENCH_")


def check_variables(environ: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Find mistyped names: the mock ignores a variable that it does not know."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in KNOWN and not name.startswith(_OF_TESTS):
            hint = did_you_mean(name, KNOWN).removeprefix("; ") or "unset it"
            yield Diagnosis("settings", "note", f"{name} is set, and no setting has that name", hint)
