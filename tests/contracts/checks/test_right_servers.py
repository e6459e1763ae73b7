"""Right servers that sell or show things in a way of their own have no finding."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.contracts.runs import checked_on, target_of
from tests.contracts.servers.independent import Other, Receive, Send
from tests.matrix import IS_LONG


class Bounded:
    """The other server with a smallest and a largest order."""

    def __init__(self, least: int, most: int) -> None:
        self._other = Other(control=True)
        self._least, self._most = least, most

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        message = await receive()
        try:
            amount = json.loads(message.get("body", b""))["amount"]
            is_sold = not isinstance(amount, int | float) or amount <= 0 or self._least <= amount <= self._most
        except (ValueError, TypeError, KeyError, RecursionError):
            is_sold = True
        if scope["path"] == "/billing/checkout" and not is_sold:
            body = {"success": False, "message": "not sold here", "error_code": "invalid_request"}
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 400, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(body).encode()})
            return

        async def again() -> MutableMapping[str, Any]:
            return message

        await self._other(scope, again, send)


BOUNDS = [(50, 999_999), (5, 2_000), (10, 999_999), (1, 10_000)]


@pytest.mark.parametrize(("least", "most"), BOUNDS if IS_LONG else BOUNDS[:2])
def test_smallest_and_largest_order_are_found_out(least: int, most: int) -> None:
    run = checked_on(target_of(Bounded(least, most), is_mock=False), fuzz=True)
    # This server decides on the amount before it looks at the key and the media type: remarks, no more.
    assert [(each.check, each.cause) for each in run.findings if each.severity != "info"] == []
    assert run.end.exit_code == 0
    assert len(run.verdicts("upheld")) > 30


def test_list_may_begin_with_the_oldest_session() -> None:
    run = checked_on(target_of(Other("list_oldest_first", control=True), is_mock=False))
    assert [finding for finding in run.findings if finding.severity != "info"] == []
    assert "rule-list-in-order-and-in-pages" in {finding.check for finding in run.findings}
