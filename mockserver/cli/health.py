"""`mockserver health`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.control_client import checked_address
from mockserver.cli.client.flags import add_url_flag
from mockserver.cli.errors import EXIT_OK, Refused
from mockserver.cli.health_probe import SECONDS, Unhealthy, probe_health
from mockserver.printable import escape_line

SUMMARY: Final = "Print the health of a mock in one line; the exit code is 0 or 1."
EXAMPLE: Final = "mockserver health --url http://127.0.0.1:8765"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.description = f"{SUMMARY} It waits {SECONDS:g} s at most."
    add_url_flag(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the health of the mock. Raises Refused."""
    url = checked_address(arguments.url)
    try:
        health = probe_health(url)
    except Unhealthy as error:
        raise Refused("; ".join(filter(None, (str(error), error.advice)))) from None
    print(escape_line(f"healthy: {url}, version {health.version}, profile {health.profile}, store {health.store}"))
    return EXIT_OK
