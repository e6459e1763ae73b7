"""`mockserver serve`."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
from collections.abc import Iterator
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
    from mockserver.server import Server
    from mockserver.web.middleware import RequestLine


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags: one for each setting that has one."""
    for setting in SETTINGS:
        if setting.option is not None:
            _add(parser, setting)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    gc.disable()  # what a start makes stays: looking for garbage in it is a tenth of the time it takes
    try:
        settings = from_sources(flags=vars(arguments), environ=os.environ, folder=Path.cwd())
    except SettingError as error:
        raise UsageError(str(error)) from None
    serve(settings)
    return EXIT_OK


def serve(settings: Settings) -> None:
    """Serve until interrupted; raises UsageError where the settings cannot be served."""
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
            app = create_app(settings, request_line=None if settings.quiet else _request_line(settings))
        except (ContractError, StoreError) as error:
            raise UsageError(str(error)) from None
        url = url_of(listening)
        server = Server(app, ready=lambda: _ready(url, settings))
        with _stopped_by_signals(server):
            server.run(sockets=[listening])


def _ready(url: str, settings: Settings) -> None:
    announce(url, settings)
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
