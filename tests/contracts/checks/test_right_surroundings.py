"""The surroundings of a right server are no findings: its library, a further page, another smallest price."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from mockserver import create_app
from tests.contracts.runs import checked_by, checked_on, target_of
from tests.contracts.servers.accounts import Refused
from tests.contracts.servers.billing_family import BillingOperations
from tests.contracts.servers.independent import Other, Receive, Send


class OfAnotherLibrary(Other):
    """The other server on a library that refuses a path with a bare percent sign itself, in its own words."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if b"%zz" not in scope.get("raw_path", b"") and "%zz" not in scope["path"]:
            await super().__call__(scope, receive, send)
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": b"400 Bad Request"})


def test_library_may_refuse_a_malformed_path_in_its_own_words() -> None:
    run = checked_by("rule-unknown-is-refused", target_of(OfAnotherLibrary(control=True), is_mock=False))
    found = [(each.cause, each.severity) for each in run.findings]
    assert found == [("400 for 404", "info")]


class Thanking:
    """The mock, whose form leads to a page of its own, and that one to the shop."""

    def __init__(self) -> None:
        self._mock = create_app()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/thanks":
            [place] = parse_qs(scope["query_string"])[b"to"]
            await send({"type": "http.response.start", "status": 303, "headers": [(b"location", place)]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and message["status"] == 303:
                headers = [(bytes(name).lower(), bytes(value)) for name, value in message["headers"]]
                message = {**message, "headers": [(name, _thanks(name, value)) for name, value in headers]}
            await send(message)

        app: Any = self._mock
        await app(scope, receive, sent)


def _thanks(name: bytes, value: bytes) -> bytes:
    return b"/thanks?to=" + quote(value, safe="").encode() if name == b"location" else value


def test_page_of_thanks_may_come_before_the_shop() -> None:
    run = checked_by("rule-paid-at-its-page", target_of(Thanking(), is_mock=False))
    assert run.findings == ()


def test_smallest_top_up_may_be_larger_than_the_smallest_order(monkeypatch: pytest.MonkeyPatch) -> None:
    order = BillingOperations.order

    def of_ten_or_more(self: BillingOperations, body: Any) -> dict[str, Any]:
        ordered = order(self, body)
        if ordered["amount"] < 10:
            raise Refused(400, "invalid_request", "amount")
        return ordered

    monkeypatch.setattr(BillingOperations, "order", of_ten_or_more)
    run = checked_on(target_of(Other(control=True), is_mock=False), fuzz=True)
    assert [(each.check, each.cause) for each in run.findings if each.severity != "info"] == []
