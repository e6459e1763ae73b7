"""Runs of pytest with tests of the plugin's users."""

from __future__ import annotations

from typing import Final, Protocol

import pytest

# The plugins of other packages start for twice as long as all the rest, Schemathesis' for a second.
OTHERS: Final = ("cacheprovider", "schemathesis", "hypothesispytest", "anyio")
QUIET: Final = ("-q", *(flag for name in OTHERS for flag in ("-p", f"no:{name}")))
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
