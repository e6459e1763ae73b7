"""`mockserver serve`."""

from __future__ import annotations

import argparse
import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Final

from mockserver.cli.errors import EXIT_OK, UsageError
from mockserver.cli.serve.process import collect_rarely, log_escaped, request_line_of
from mockserver.cli.serve.startup_message import print_startup
from mockserver.cli.setting_flags import add_setting_flags
from mockserver.settings import SettingError, Settings, read_settings

SUMMARY: Final = "Serve the mock of VideoDB's checkout API."
EXAMPLE: Final = "mockserver serve --port 8765 --store memory --session-ttl 30m"

if TYPE_CHECKING:
    from mockserver_contracts.defects import Defect
    from mockserver_contracts.defects.interception.upstream import Application

    from mockserver.web.middleware.request_log import RequestLine


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags: one for each setting that has a flag."""
    add_setting_flags(parser)
    parser.add_argument(
        "--defect",
        dest="defects",
        action="append",
        default=[],
        metavar="NAME",
        help="Defect of the mock, from the list of mockserver defects; may be repeated. [default: none]",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    gc.disable()  # objects of a start live on: collecting garbage among them takes a tenth of its time
    try:
        settings = read_settings(flags=vars(arguments), environ=os.environ, folder=Path.cwd())
    except SettingError as error:
        raise UsageError(str(error)) from None
    defects = _parse_defects(arguments.defects) if arguments.defects else ()
    serve(settings, defects)
    return EXIT_OK


def serve(settings: Settings, defects: Sequence[Defect] = ()) -> None:
    """Serve until interrupted, with these defects. Raises UsageError if the settings cannot be served."""
    # imported after the flags are parsed, so that --help and usage errors are quick
    from mockserver.contract import ContractError
    from mockserver.server import PortTaken, bound_socket
    from mockserver.store import StoreError

    log_escaped()
    try:
        listening = bound_socket(settings.host, settings.port)
    except PortTaken as error:
        raise UsageError(str(error)) from None
    with listening:
        try:
            if settings.workers > 1:
                _serve_in_workers(settings, listening, defects)
            else:
                _serve_here(settings, listening, defects)
        except (ContractError, StoreError) as error:
            raise UsageError(str(error)) from None


def _serve_here(settings: Settings, listening: socket, defects: Sequence[Defect]) -> None:
    from mockserver.app import create_app
    from mockserver.server import Server, protocol_of, url_of

    line = request_line_of(settings)
    app = _defective_app(settings, defects, line) if defects else create_app(settings, request_line=line)

    def announce() -> None:
        print_startup(url_of(listening), settings, defects=[defect.name for defect in defects])
        collect_rarely()

    server = Server(app, ready=announce, protocol=protocol_of(settings))
    with _on_signals(lambda: setattr(server, "should_exit", True)):
        server.run(sockets=[listening])


def _serve_in_workers(settings: Settings, listening: socket, defects: Sequence[Defect]) -> None:
    from mockserver.server import url_of
    from mockserver.server.workers import Workers
    from mockserver.store import shared_address

    if defects:
        raise UsageError("--workers and --defect exclude each other")
    store = shared_address(settings.store)
    if store is None:
        raise UsageError(
            f"--workers is {settings.workers}, and one process alone can have the store {settings.store};"
            " give --store sqlite:///… or postgresql://… to share it"
        )
    if settings.coverage:
        raise UsageError("--workers and --coverage exclude each other: each process would count its own requests")
    workers = Workers(replace(settings, store=store), listening, serve="mockserver.cli.serve.worker.serve_worker")
    with _on_signals(workers.stop):
        if workers.start():
            print_startup(url_of(listening), settings, defects=[])
            workers.run()


def _parse_defects(names: list[str]) -> tuple[Defect, ...]:
    from mockserver_contracts.defects import UnknownDefect, find_defects

    try:
        return find_defects(names)
    except UnknownDefect as error:
        raise UsageError(f"--defect: {error}") from None


def _defective_app(settings: Settings, defects: Sequence[Defect], line: RequestLine | None) -> Application:
    """The mock with defects. Its request lines show the defective answers."""
    from mockserver_contracts.defects import settings_of, with_defects

    from mockserver.app import create_app
    from mockserver.web.middleware.request_log import RequestLog

    app = create_app(settings.having(**settings_of(defects)))
    defective = with_defects(app, defects, control_token=settings.control_token)
    return defective if line is None else RequestLog(defective, line=line)


@contextmanager
def _on_signals(stop: Callable[[], object]) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and the end of the terminal stop only the server: uvicorn raises the first two again."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    # nohup lets its program ignore the end of the terminal
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
