"""Run the Node programs of these tests."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = Path(__file__).parent / "node"
_SECONDS: Final = 60


def fetch_sample(url: str, key: str) -> list[str]:
    """Run the program that uses `fetch` like the page's JavaScript sample, and return its output."""
    printed: list[str] = _run("sample.mjs", url, key)
    return printed


def node_sdk(call: str, url: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The result of a call of the npm package: `returned` (absent if undefined) or `raised`."""
    if not (FOLDER / "node_modules" / "videodb" / "package.json").is_file():
        pytest.fail(
            "the npm package videodb is not installed in tests/clients/node; `make test` installs it, or: "
            "npm ci --ignore-scripts --no-audit --no-fund --prefix tests/clients/node",
            pytrace=False,
        )
    outcome: dict[str, Any] = _run("sdk.mjs", call, url, key, json.dumps(body or {}))
    return outcome


def _run(program: str, *arguments: str) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.fail("there is no node on the PATH; the tests of real clients need Node.js 18 or newer", pytrace=False)
    done = subprocess.run(
        [node, program, *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode != 0:
        pytest.fail(f"{program} ended with exit code {done.returncode}:\n{done.stderr}", pytrace=False)
    return json.loads(done.stdout)
