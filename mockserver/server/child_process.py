"""The other side of own_process: serves a mock for the process that started this one, and ends with it."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from typing import TYPE_CHECKING

from mockserver.app import create_app
from mockserver.server.own_process import BEAT, BEAT_SECONDS, StartRefusal
from mockserver.server.server import Server, bound_socket, protocol_of, url_of

if TYPE_CHECKING:
    from mockserver.settings import Settings
    from mockserver.web.middleware.request_log import RequestLine


def serve(answers: int, listening: int | None) -> None:
    """Serve the settings from standard input, until it is closed. See `serve_settings`."""
    serve_settings(read_settings(), answers, listening)


def read_settings() -> Settings:
    """The settings that the other process sends. Raises SystemExit if it dies meanwhile."""
    try:
        settings: Settings = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):
        raise SystemExit(1) from None  # the other process has died
    return settings


def serve_settings(
    settings: Settings,
    answers: int,
    listening: int | None,
    *,
    request_line: RequestLine | None = None,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until standard input is closed. Answer at a descriptor with the URL, or with a StartRefusal, as a pickle.

    `listening` is the descriptor of a socket; None means to listen by the settings. After the URL, a byte follows twice
    a second, as long as the event loop goes round.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process decides what Ctrl-C ends
    try:
        app = create_app(settings, request_line=request_line)
        sock = bound_socket(settings.host, settings.port) if listening is None else socket(fileno=listening)
    except Exception as error:  # raised again in the other process
        _tell(answers, StartRefusal(type(error), str(error), vars(error)))
        return

    def answer() -> None:
        on_ready()
        if _tell(answers, url_of(sock)):
            os.set_blocking(answers, False)
            _beat(answers)

    server = Server(app, ready=answer, protocol=protocol_of(settings))
    threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[sock])


def _tell(answers: int, answer: str | StartRefusal) -> bool:
    """Answer the other process; False if it has gone, or is ending this one: then nobody needs the answer."""
    with suppress(BrokenPipeError), os.fdopen(answers, "wb", buffering=0, closefd=False) as told:
        told.write(pickle.dumps(answer))
        return True
    return False


def _beat(answers: int) -> None:
    with suppress(BlockingIOError):  # the other process is busy, or suspended
        try:
            os.write(answers, BEAT)
        except BrokenPipeError:  # it does not listen
            return
    asyncio.get_running_loop().call_later(BEAT_SECONDS, _beat, answers)


def _end_with_parent(server: Server) -> None:
    # until the other process closes it, or dies; an open file would be locked when the interpreter ends
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
