"""The plugin's options: flags, ini options and the settings of a marker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pytest

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

URL_FLAG: Final = "--videodb-mock-url"
COVERAGE_FLAG: Final = "--videodb-coverage"
FAIL_UNDER_FLAG: Final = "--videodb-coverage-fail-under"
MARKER: Final = "videodb_mock"
SETTINGS_INI: Final = "videodb_mock"
ENVIRONMENT_INI: Final = "videodb_env"
DEFAULT_ENVIRONMENT: Final = ("VIDEO_DB_API_KEY = {api_key}",)


class MockOptions(NamedTuple):
    """The options of a test: settings of the mock by name, and whether its client must keep the contract."""

    settings: Mapping[str, Any]
    strict: bool


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("videodb-mock", "the mock of VideoDB's billing API")
    group.addoption(
        URL_FLAG, metavar="URL", help="Use the mock that runs at URL, such as http://127.0.0.1:8765, and start none."
    )
    group.addoption(
        COVERAGE_FLAG,
        nargs="?",
        const="term",
        metavar="FORMS",
        help="Show the parts of the contract that the tests exercised: term (the default), html:FILE, markdown:FILE,"
        " json:FILE, or several with commas between them.",
    )
    group.addoption(
        FAIL_UNDER_FLAG, metavar="PERCENT", help="Fail the run if the tests reached fewer goals of the contract."
    )
    parser.addini(
        SETTINGS_INI,
        "The settings of the fixture videodb_mock, one a line: profile = observed, session_ttl = 30m, strict = true.",
        type="linelist",
        default=[],
    )
    parser.addini(
        ENVIRONMENT_INI,
        "The variables that the fixture videodb_env sets, one a line: MY_VIDEODB_URL = {url}.",
        type="linelist",
        default=list(DEFAULT_ENVIRONMENT),
    )


def options_of(node: pytest.Item) -> MockOptions:
    """The options of a test: those of the ini file, and over them those of its markers, the nearest last.

    Raises pytest.UsageError.
    """
    settings = ini_settings(node.config)
    for marker in reversed(list(node.iter_markers(MARKER))):
        if marker.args:
            raise pytest.UsageError(f"{MARKER} takes settings by name: @pytest.mark.{MARKER}(profile='observed')")
        settings |= marker.kwargs
    return MockOptions(settings, parse_strict(settings.pop("strict", False)))


def ini_settings(config: pytest.Config) -> dict[str, Any]:
    """The settings of the ini file. Raises pytest.UsageError."""
    return dict(_pairs(config, SETTINGS_INI))


def environment_of(config: pytest.Config) -> dict[str, str]:
    """The variables of the ini file, with their templates. Raises pytest.UsageError."""
    return dict(_pairs(config, ENVIRONMENT_INI))


def _pairs(config: pytest.Config, ini: str) -> list[tuple[str, str]]:
    pairs = []
    for line in config.getini(ini):
        name, equals, value = line.partition("=")
        if not equals:
            raise pytest.UsageError(f"{ini} has the line {line!r}; NAME = VALUE is needed")
        pairs.append((name.strip(), value.strip()))
    return pairs


def parse_strict(given: object) -> bool:
    """True if the client of a test must keep the contract. Raises pytest.UsageError."""
    if given in (True, "true", "on", "yes", "1"):
        return True
    if given in (False, "false", "off", "no", "0"):
        return False
    raise pytest.UsageError(f"{MARKER} has strict = {given!r}; true or false is needed")
