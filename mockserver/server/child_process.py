"""The other side of own_process: serves a mock for the process that started this one, and ends with it."""

from __future__ import annotations

import os
import pickle
import sys
import threading

from mockserver.app import create_app
from mockserver.server.own_process import StartRefusal
from mockserver.server.server import Server, bound_socket, protocol_of, url_of


def serve() -> None:
    """Serve the settings from standard input; answer with the URL, or the error, as a pickle on standard output."""
    settings = pickle.load(sys.stdin.buffer)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed must not mix with the answer
    try:
        app = create_app(settings)
        listening = bound_socket(settings.host, settings.port)
    except Exception as error:  # raised again in the other process
        pickle.dump(StartRefusal(type(error), str(error), vars(error)), answers)
        answers.close()
        return

    def answer() -> None:
        pickle.dump(url_of(listening), answers)
        answers.close()

    server = Server(app, ready=answer, protocol=protocol_of(settings))
    threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listening])


def _end_with_parent(server: Server) -> None:
    sys.stdin.buffer.read()  # until the other process closes it, or dies
    server.should_exit = True
