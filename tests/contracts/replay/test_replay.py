"""The corpus as it is sent: the same bytes for everybody, but for the key and what links take from answers."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Expected, Link
from mockserver_contracts.replay.replay import CorpusExchange, Replay
from mockserver_contracts.target.gate import Gate, Limits
from mockserver_contracts.target.transport.asgi_transport import AsgiTransport

from tests.contracts.servers.independent import Other, Receive, Send

CREATE = CorpusEntry(
    "POST /videos", "stateful", "POST", "/videos", (("x-access-token", KEY),), b'{"title": "a"}', Expected.ACCEPTED
)
LOOK = CorpusEntry(
    "GET /videos/{id}",
    "stateful",
    "GET",
    "/videos/~path.id~?of=~path.id~",
    (("x-access-token", KEY), ("x-note", "sk-CORP")),
    b"",
    Expected.EITHER,
    links=(Link(CREATE.id, "body", "/id", "~path.id~", "recorded", "path.id"),),
)


class Echo:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, answer: Any, *, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        self.seen: list[tuple[str, bytes, bytes, dict[bytes, bytes]]] = []
        self._answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self._headers = headers

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        self.seen.append((scope["method"], target, body, dict(scope["headers"])))
        await send({"type": "http.response.start", "status": 200, "headers": list(self._headers)})
        await send({"type": "http.response.body", "body": self._answer})


def replayed(
    server: Any, *entries: CorpusEntry, key: str = "sk-mine", limits: Limits | None = None
) -> list[CorpusExchange]:
    gate = Gate(AsgiTransport(server, "http://127.0.0.1:1"), limits or Limits())
    with closing(Replay(gate, key=key)) as replay:
        return list(replay.send_all(entries))


def test_key_of_the_run_replaces_the_mark_of_the_corpus() -> None:
    echo = Echo({})
    [exchange] = replayed(echo, LOOK)
    assert echo.seen[0][3][b"x-access-token"] == b"sk-mine"
    assert echo.seen[0][3][b"x-note"] == b"sk-CORP"
    assert KEY not in str(exchange.request)


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ({"id": "v-7"}, b"v-7"),
        ({"id": 7}, b"7"),
        ({"id": "a/b?c#d"}, b"a%2Fb%3Fc%23d"),
        ({"id": "日本"}, b"%E6%97%A5%E6%9C%AC"),
        ({}, b"recorded"),
        ({"id": None}, b"recorded"),
        ({"id": ["v"]}, b"recorded"),
        (b"no JSON", b"recorded"),
        (b"[" * 100_000, b"recorded"),
    ],
)
def test_link_takes_its_value_from_the_response_or_the_recording(answer: Any, sent: bytes) -> None:
    echo = Echo(answer)
    _, look = replayed(echo, CREATE, LOOK)
    assert echo.seen[1][1] == b"/videos/%b?of=%b" % (sent, sent)
    assert look.request.url == f"http://127.0.0.1:1/videos/{sent.decode()}?of={sent.decode()}"
    assert set(look.links) == {"path.id"}


def test_link_may_take_a_header_and_fill_a_body() -> None:
    echo = Echo({}, headers=((b"Location", b"/videos/9"),))
    link = Link(CREATE.id, "header", "location", "~body.at~", "recorded", "body.at")
    replayed(echo, CREATE, replace(CREATE, body=b'{"at": "~body.at~"}', links=(link,)))
    assert json.loads(echo.seen[1][2]) == {"at": "/videos/9"}


def test_entries_are_sent_in_order_byte_for_byte() -> None:
    echo = Echo({})
    bodies = [b'{"amount": 1', b"\xff\xfe", b"x" * 100_000, b""]
    replayed(echo, *(replace(CREATE, body=body, target="/a%2Fb//c?x=%00&y") for body in bodies))
    assert [(target, body) for _, target, body, _ in echo.seen] == [(b"/a%2Fb//c?x=%00&y", body) for body in bodies]


def test_replay_ends_when_the_gate_closes() -> None:
    other = Other()
    exchanges = replayed(other, *([LOOK] * 9), limits=Limits(requests=4))
    assert len(exchanges) == len(other.seen) == 4


def test_repeated_header_reads_as_one() -> None:
    [exchange] = replayed(Echo({}, headers=((b"vary", b"a"), (b"vary", b"b"))), CREATE)
    assert exchange.response.headers == {"vary": "a, b"}
