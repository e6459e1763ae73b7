"""Schemathesis knows only the mock's contract, and finds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx
import pytest

import mockserver
from tests.matrix import IS_LONG, SEEDS, long_but

EXAMPLES: Final = 100 if IS_LONG else 2
COMMAND: Final = (str(Path(sys.executable).with_name("schemathesis")), "run", "--no-color")


# The stored corpus of the other profile is sent by other tests; a stranger takes seconds to start.
@pytest.mark.parametrize("profile", long_but("page", of=["page", "openapi"]))
@pytest.mark.parametrize("seed", SEEDS)
def test_schemathesis_finds_nothing(profile: str, seed: int, tmp_path: Path) -> None:
    with mockserver.running(profile=profile) as mock:
        found = subprocess.run(
            [
                *COMMAND,
                f"{mock.url}/_mock/contract.yaml",
                *("--checks", "all"),
                *("--max-examples", str(EXAMPLES)),
                *("-H", "x-access-token: sk-stranger"),
                *("--seed", str(seed)),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        kept = httpx.get(f"{mock.url}/_mock/requests?limit=1000").json()["requests"]
    assert {one["path"] for one in kept} >= {"/billing/checkout", "/billing/checkouts", "/billing/usage"}
    assert [one for one in kept if one["status"] >= 500 or one["contract"]["response"]] == []
