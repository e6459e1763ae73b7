"""The head of an answer goes out with its body, and never late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from mockserver.server.joining_transport import JoiningTransport

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Recording(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"socket": "a socket"})
        self.written: list[bytes] = []
        self.ends: list[str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return bool(self.ends)

    def close(self) -> None:
        self.ends.append("closed")

    def abort(self) -> None:
        self.ends.append("aborted")

    def pause_reading(self) -> None:
        self.ends.append("paused")


def run(steps: Callable[[JoiningTransport, Recording], Awaitable[None]]) -> Recording:
    async def main() -> Recording:
        recording = Recording()
        await steps(JoiningTransport(recording, asyncio.get_running_loop()), recording)
        return recording

    return asyncio.run(main())


def test_head_and_body_are_one_write() -> None:
    async def steps(transport: JoiningTransport, _: Recording) -> None:
        transport.write(HEAD)
        transport.write(b"{}")
        transport.write(b"more")

    assert run(steps).written == [HEAD + b"{}", b"more"]


def test_head_without_a_body_goes_out_at_the_end_of_the_turn() -> None:
    async def steps(transport: JoiningTransport, recording: Recording) -> None:
        transport.write(HEAD)
        assert recording.written == []
        await asyncio.sleep(0)
        assert recording.written == [HEAD]
        transport.write(b"event")

    assert run(steps).written == [HEAD, b"event"]


def test_next_head_is_not_sent_early_by_the_turn_of_the_last_one() -> None:
    async def steps(transport: JoiningTransport, _: Recording) -> None:
        for _answer in range(2):
            transport.write(HEAD)
            transport.write(b"{}")
        await asyncio.sleep(0)

    assert run(steps).written == [HEAD + b"{}"] * 2


def test_interim_answer_goes_out_at_once() -> None:
    async def steps(transport: JoiningTransport, _: Recording) -> None:
        transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    assert run(steps).written == [b"HTTP/1.1 100 Continue\r\n\r\n"]


def test_close_writes_what_waits() -> None:
    async def steps(transport: JoiningTransport, _: Recording) -> None:
        transport.write(HEAD)
        transport.close()
        await asyncio.sleep(0)

    recording = run(steps)
    assert (recording.written, recording.ends) == ([HEAD], ["closed"])


def test_abort_drops_what_waits() -> None:
    async def steps(transport: JoiningTransport, _: Recording) -> None:
        transport.write(HEAD)
        transport.abort()
        await asyncio.sleep(0)

    recording = run(steps)
    assert (recording.written, recording.ends) == ([], ["aborted"])


@pytest.mark.parametrize(("name", "result"), [("get_extra_info", "a socket"), ("is_closing", False)])
def test_everything_else_is_the_transports_own(name: str, result: object) -> None:
    async def steps(transport: JoiningTransport, recording: Recording) -> None:
        arguments = ("socket",) if name == "get_extra_info" else ()
        assert getattr(transport, name)(*arguments) == result
        transport.pause_reading()
        assert recording.ends == ["paused"]

    run(steps)
