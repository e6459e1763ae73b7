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

from mockserver.cli.announcement import announce
from mockserver.cli.command import EXIT_OK, UsageError
from mockserver.cli.request_lines import json_line, text_line
from mockserver.settings import SETTINGS, Setting, SettingError, Settings, from_sources

SUMMARY: Final = "Serve the mock of VideoDB's checkout API."
EXAMPLE: Final = "mockserver serve --port 8765 --store memory --session-ttl 30m"

if TYPE_CHECKING:
    from mockserver_contracts.defects import Defect
    from mockserver_contracts.defects.upstream import Application

    from mockserver.server import Server
    from mockserver.web.middleware import RequestLine


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags: one for each setting that has one."""
    for setting in SETTINGS:
        if setting.option is not None:
            _add(parser, setting)
    parser.add_argument(
        "--defect",
        dest="defects",
        action="append",
        default=[],
        metavar="NAME",
        help="Be wrong on purpose, as mockserver defects lists it; may be repeated. [default: none]",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    gc.disable()  # what a start makes stays: looking for garbage in it is a tenth of the time it takes
    try:
        settings = from_sources(flags=vars(arguments), environ=os.environ, folder=Path.cwd())
    except SettingError as error:
        raise UsageError(str(error)) from None
    defects = _defects(arguments.defects) if arguments.defects else ()
    serve(settings, defects)
    return EXIT_OK


def serve(settings: Settings, defects: Sequence[Defect] = ()) -> None:
    """Serve until interrupted, with these defects; raises UsageError where the settings cannot be served."""
    # loaded once the flags are known to be right, so that --help and a typing error answer at once
    from mockserver.app import create_app
    from mockserver.contract import ContractError
    from mockserver.server import PortTaken, Server, bound_socket, url_of
    from mockserver.store import StoreError

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
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
        server = Server(app, ready=lambda: _ready(url, settings, defects))
        with _stopped_by_signals(server):
            server.run(sockets=[listening])


def _defects(names: list[str]) -> tuple[Defect, ...]:
    from mockserver_contracts.defects import UnknownDefect, find_defects

    try:
        return find_defects(names)
    except UnknownDefect as error:
        raise UsageError(f"--defect: {error}") from None


def _defective_app(settings: Settings, defects: Sequence[Defect], line: RequestLine | None) -> Application:
    """The mock, wrong on purpose; the request lines tell what its clients are told."""
    from mockserver_contracts.defects import settings_of, with_defects

    from mockserver.app import create_app
    from mockserver.web.middleware import RequestLog

    app = create_app(settings.having(**settings_of(defects)))
    wrong = with_defects(app, defects, control_token=settings.control_token)
    return wrong if line is None else RequestLog(wrong, line=line)


def _ready(url: str, settings: Settings, defects: Sequence[Defect]) -> None:
    announce(url, settings, defects=[defect.name for defect in defects])
    gc.freeze()
    gc.set_threshold(20_000)  # the journal keeps much and makes no circles: looking more often finds nothing
    gc.enable()


def _add(parser: argparse.ArgumentParser, setting: Setting) -> None:
    shown = f"{setting.help} [env: {setting.variable}; default: {setting.default}]".replace("%", "%%")
    assert setting.option is not None
    if not setting.metavar:
        parser.add_argument(setting.option, dest=setting.name, action="store_true", default=None, help=shown)
    elif setting.many:
        parser.add_argument(setting.option, dest=setting.name, action="append", metavar=setting.metavar, help=shown)
    else:
        parser.add_argument(setting.option, dest=setting.name, metavar=setting.metavar, help=shown)


def _request_line(settings: Settings) -> RequestLine:
    return json_line if settings.json_lines else text_line


@contextmanager
def _stopped_by_signals(server: Server) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the server and nothing else: uvicorn raises them once more when it is done."""
    before = {
        number: signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
