"""Runs of pytest with tests of the plugin's users."""

from __future__ import annotations

from typing import Final, Protocol

import pytest

# Schemathesis' own plugin takes a second to start; the tests are about ours.
QUIET: Final = ("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis")
IMPORTS: Final = "import json, os, urllib.request\nimport pytest\n\n"
CALL: Final = """
def order(mock, key=None, **body):
    request = urllib.request.Request(
        mock.url + "/billing/checkout",
        json.dumps(body).encode(),
        {"x-access-token": key or mock.api_key, "content-type": "application/json"},
    )
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code

"""


class Run(Protocol):
    """Runs pytest with the tests of `source`, in a process of its own.

    In this one it would forget the modules that it has imported, and later tests would have two of each.
    """

    def __call__(self, pytester: pytest.Pytester, source: str, *flags: str) -> pytest.RunResult: ...


def run(pytester: pytest.Pytester, source: str, *flags: str) -> pytest.RunResult:
    pytester.makepyfile(IMPORTS + CALL + source)
    return pytester.runpytest_subprocess(*QUIET, *flags)
