"""The set-up of a run: the marker, the check of the options, and the count of the contract's coverage."""

from __future__ import annotations

import pytest

from mockserver.pytest_plugin.options import (
    COVERAGE_FLAG,
    FAIL_UNDER_FLAG,
    MARKER,
    SETTINGS_INI,
    URL_FLAG,
    environment_of,
    ini_settings,
    parse_strict,
)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and count the coverage of the contract if an option asks for it. Raises pytest.UsageError."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(profile=…, session_ttl=…, strict=True): settings of the mock of this test;"
        " with strict, the test fails if its client leaves the contract.",
    )
    url = config.getoption(URL_FLAG)
    if url is not None:
        from mockserver.client.http_client import is_address  # few runs name a mock

        if not is_address(url):
            raise pytest.UsageError(f"{URL_FLAG} is {url!r}; an address such as http://127.0.0.1:8765 is needed")
    _check_ini_options(config)
    if config.getoption(COVERAGE_FLAG) is not None or config.getoption(FAIL_UNDER_FLAG) is not None:
        from mockserver.pytest_plugin.run_coverage import RunCoverage  # few runs ask for it

        config.pluginmanager.register(RunCoverage(config), RunCoverage.NAME)


def _check_ini_options(config: pytest.Config) -> None:
    """Refuse a wrong option once; each test would, too."""
    environment_of(config)
    settings = ini_settings(config)
    parse_strict(settings.pop("strict", False))
    settings.pop("own_process", None)
    if settings:
        from mockserver.settings.table import SettingError, parse_overrides  # few runs have settings

        try:
            parse_overrides(settings)
        except SettingError as error:
            raise pytest.UsageError(f"{SETTINGS_INI}: {error}") from None
