"""Refused orders are sent again only if a session on the list is unexplained."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Expected
from mockserver_contracts.document.operations import CHECKOUT, CHECKOUTS, TOPUP
from mockserver_contracts.replay.replay import Replay
from mockserver_contracts.replay.side_effects import SideEffects
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.gate import Gate, Limits
from mockserver_contracts.target.transport.asgi_transport import AsgiTransport

from tests.contracts.servers.independent import Other
from tests.contracts.servers.staging import Staging

HEADERS = (("x-access-token", KEY), ("content-type", "application/json"))


def entry(path: str, body: bytes, expected: Expected) -> CorpusEntry:
    return CorpusEntry(f"POST {path}", "examples", "POST", path, HEADERS, body, expected)


TOP_UP = entry(TOPUP, b'{"amount": 5}', Expected.ACCEPTED)
ORDER = entry(CHECKOUT, b'{"amount": 5}', Expected.ACCEPTED)
REFUSED = entry(CHECKOUT, b'{"amount": 0}', Expected.REFUSED)


def watched(server: Any) -> tuple[list[Finding], int]:
    """The findings of one order of each kind on the server, and the number of refused orders it was sent."""
    gate = Gate(AsgiTransport(server, "http://127.0.0.1:1"), Limits())
    client = TargetClient(gate=gate, key_header="x-access-token", is_in_process=True, control=None)
    with closing(client), closing(Replay(gate, key="sk-mine")) as replay:
        effects = SideEffects(AccountClient(client, "sk-mine"), replay)
        effects.begin()
        for exchange in replay.send_all([TOP_UP, ORDER, REFUSED]):
            effects.record(exchange)
        findings = list(effects.findings())
    seen = server.seen if isinstance(server, Other) else server._other.seen
    assert [path for _, path, _, _ in seen].count(CHECKOUTS) >= 2
    return findings, [body for _, _, body, _ in seen].count(REFUSED.body)


@pytest.mark.parametrize("server", [Other, Staging])
def test_top_up_on_the_list_is_explained_by_its_answer(server: type[Other] | type[Staging]) -> None:
    assert watched(server()) == ([], 1)


def test_session_of_a_refused_order_is_found() -> None:
    class Creating(Other):
        """Creates a session for each order, and then refuses some."""

        def _served(self, scope: Any, headers: Any, body: bytes) -> Any:
            if body == REFUSED.body:
                self._books.create("sk-mine", {"amount": 1})
            return super()._served(scope, headers, body)

    [finding], sent = watched(Creating())
    assert finding.check == "refusal_creates_nothing"
    assert finding.request.body == REFUSED.body
    assert sent == 2
