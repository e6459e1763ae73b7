"""`mockserver serve`."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.cli.errors import EXIT_OK, UsageError
from mockserver.cli.request_lines import print_json_line, print_text_line
from mockserver.cli.setting_flags import add_setting_flags
from mockserver.cli.startup_message import print_startup
from mockserver.printable import EscapingFormatter
from mockserver.settings import SettingError, Settings, read_settings

SUMMARY: Final = "Serve the mock of VideoDB's checkout API."
EXAMPLE: Final = "mockserver serve --port 8765 --store memory --session-ttl 30m"

if TYPE_CHECKING:
    from mockserver_contracts.defects import Defect
    from mockserver_contracts.defects.interception.upstream import Application

    from mockserver.server import Server
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
    from mockserver.app import create_app
    from mockserver.contract import ContractError
    from mockserver.server import PortTaken, Server, bound_socket, protocol_of, url_of
    from mockserver.store import StoreError

    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(EscapingFormatter("%(levelname)s: %(message)s"))
    try:
        listening = bound_socket(settings.host, settings.port)
    except PortTaken as error:
        raise UsageError(str(error)) from None
    with listening:
        try:
            line = None if settings.quiet else _request_line(settings)
            app = _defective_app(settings, defects, line) if defects else create_app(settings, request_line=line)
        except (ContractError, StoreError) as error:
            raise UsageError(str(error)) from None
        url = url_of(listening)
        server = Server(app, ready=lambda: _on_ready(url, settings, defects), protocol=protocol_of(settings))
        with _stop_on_signals(server):
            server.run(sockets=[listening])


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


def _on_ready(url: str, settings: Settings, defects: Sequence[Defect]) -> None:
    print_startup(url, settings, defects=[defect.name for defect in defects])
    gc.freeze()
    gc.set_threshold(20_000)  # the journal holds many objects without cycles: frequent collections would find nothing
    gc.enable()


def _request_line(settings: Settings) -> RequestLine:
    return print_json_line if settings.json_lines else print_text_line


@contextmanager
def _stop_on_signals(server: Server) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM stop only the server: uvicorn raises them again when it is done."""
    before = {
        number: signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
