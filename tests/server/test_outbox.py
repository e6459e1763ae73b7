"""The order in which a connection's bytes leave, and the turn of the event loop in which they do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from mockserver.server.http_protocol import HttpProtocol
from mockserver.server.outbox import Outbox
from tests.server.raw_server import GET, part, serving_app, start


class Recorded(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self, sent: list[bytes]) -> None:
        super().__init__()
        self._sent = sent

    def write(self, data: Any) -> None:
        self._sent.append(data)

    def close(self) -> None:
        self._sent.append(b"<closed>")


def sent_by(act: Callable[[Outbox, Outbox], None]) -> tuple[list[bytes], list[bytes]]:
    """Everything that two connections have sent at the end of an action, and one turn later."""

    async def run() -> tuple[list[bytes], list[bytes]]:
        sent: list[bytes] = []
        loop = asyncio.get_running_loop()
        act(Outbox(Recorded(sent), loop), Outbox(Recorded(sent), loop))
        at_once = list(sent)
        await asyncio.sleep(0)
        return at_once, sent

    return asyncio.run(run())


def test_ends_of_responses_leave_after_the_turn() -> None:
    def act(one: Outbox, other: Outbox) -> None:
        one.write_after_turn(b"1")
        other.write_after_turn(b"2")

    assert sent_by(act) == ([], [b"1", b"2"])


def test_two_ends_of_one_turn_leave_together() -> None:
    def act(one: Outbox, _other: Outbox) -> None:
        one.write_after_turn(b"1")
        one.write_after_turn(b"2")

    assert sent_by(act) == ([], [b"12"])


def test_other_bytes_never_overtake_an_end() -> None:
    def act(one: Outbox, _other: Outbox) -> None:
        one.write_after_turn(b"end")
        one.write(b"next")

    assert sent_by(act) == ([b"end", b"next"], [b"end", b"next"])


def test_closing_sends_the_end_that_waits() -> None:
    def act(one: Outbox, _other: Outbox) -> None:
        one.write_after_turn(b"end")
        one.close()

    assert sent_by(act) == ([b"end", b"<closed>"], [b"end", b"<closed>"])


def test_lost_connection_sends_nothing_more() -> None:
    def act(one: Outbox, _other: Outbox) -> None:
        one.write_after_turn(b"end")
        one.clear()

    assert sent_by(act) == ([], [])


async def answer_at_once(_scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send(start((b"content-length", b"2")))
    await send(part(b"{}"))


async def received(address: tuple[str, int], requests: bytes, *, ends_input: bool = False) -> bytes:
    """Everything that a connection receives."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(requests)
    if ends_input:
        writer.write_eof()
    answers = await reader.read()
    writer.close()
    return answers


def test_many_connections_at_once_receive_all_their_responses() -> None:
    requests = GET + GET + GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")

    async def at_once(address: tuple[str, int]) -> list[bytes]:
        return await asyncio.gather(*(received(address, requests) for _ in range(20)))

    with serving_app(answer_at_once, HttpProtocol) as address:
        assert [each.count(b"\r\n\r\n{}") for each in asyncio.run(at_once(address))] == [3] * 20


def test_client_that_sends_nothing_more_receives_the_response_that_waits() -> None:
    with serving_app(answer_at_once, HttpProtocol) as address:
        assert asyncio.run(received(address, GET, ends_input=True)).endswith(b"{}")
