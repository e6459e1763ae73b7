"""The auditor of the other tests fails on what the document does not declare."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

from tests.web.control_audit import audit, audit_event

CLOCK: Final = {"now": "2030-01-15T12:00:00.000Z", "offset_seconds": 0, "frozen": False}
REFUSAL: Final = {"success": False, "message": "no", "error_code": "invalid_request"}


def exchange(method: str, path: str, body: Any = None, *, status: int = 200, answer: Any = None) -> httpx.Response:
    request = httpx.Request(method, f"http://127.0.0.1{path}", **({} if body is None else {"json": body}))
    return httpx.Response(status, json=CLOCK if answer is None else answer, request=request)


def test_declared_exchange_passes() -> None:
    audit(exchange("GET", "/_mock/clock"))
    audit(exchange("POST", "/_mock/clock", {"advance": "1h"}))
    audit(exchange("POST", "/_mock/clock", {"advance": []}, status=400, answer=REFUSAL))
    audit_event("reset", {"reset": "everything"})


@pytest.mark.parametrize(
    "undeclared",
    [
        exchange("GET", "/_mock/clock", answer={**CLOCK, "rate": 1}),
        exchange("GET", "/_mock/clock", answer={"now": CLOCK["now"], "frozen": False}),
        exchange("GET", "/_mock/clock", status=418, answer=REFUSAL),
        exchange("GET", "/_mock/clock", status=400, answer={**REFUSAL, "error_code": "clock_moves_back"}),
        exchange("GET", "/_mock/clock?rate=2"),
        exchange("GET", "/_mock/clock", {"advance": "1h"}),
        exchange("POST", "/_mock/clock"),
        exchange("POST", "/_mock/clock", {"rate": 2}),
        exchange("PUT", "/_mock/clock"),
        exchange("GET", "/_mock/clocks"),
    ],
    ids=lambda response: f"{response.request.method} {response.status_code}",
)
def test_undeclared_exchange_fails(undeclared: httpx.Response) -> None:
    with pytest.raises(AssertionError):
        audit(undeclared)


@pytest.mark.parametrize(
    ("name", "data"), [("rest", {"reset": "everything"}), ("reset", {"reset": 1}), ("clock", CLOCK)]
)
def test_undeclared_event_fails(name: str, data: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        audit_event(name, data)
