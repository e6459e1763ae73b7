"""The example of a claim as curl lines for a mock, by default for one at the usual address."""

from __future__ import annotations

import shlex
from typing import Final

from mockserver.coverage.report.coverage_report import ExampleStep

ADDRESS: Final = "http://127.0.0.1:8765"
API_KEY: Final = "sk-demo"
_KEYS: Final = {
    None: f"x-access-token: {API_KEY}",
    "malformed": "x-access-token: no-key",
    "elsewhere": f"authorization: Bearer {API_KEY}",
}


def curl_lines(example: tuple[ExampleStep, ...], address: str = ADDRESS) -> list[str]:
    """The lines. Where a step needs the session of the one before, `{id}` stands for it."""
    return [_curl(step, address) for step in example]


def _curl(step: ExampleStep, address: str) -> str:
    words = ["curl", "-sS"]
    if step.method != "GET" and not (step.method == "POST" and step.body):
        words += ["-X", step.method]
    headers = [] if step.path.startswith("/_mock") or step.key == "none" else [_KEYS[step.key]]
    if step.body:
        headers.append(f"content-type: {step.media_type or 'application/json'}")
    for header in headers:
        words += ["-H", shlex.quote(header)]
    if step.body:
        words += ["-d", shlex.quote(step.body.replace("{key}", API_KEY))]
    return " ".join([*words, f"{address}{step.path}"])
