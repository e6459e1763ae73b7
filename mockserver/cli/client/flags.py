"""The flags that all client commands share."""

from __future__ import annotations

import argparse
import os
from typing import Final

DEFAULT_URL: Final = "http://127.0.0.1:8765"


def add_client_flags(parser: argparse.ArgumentParser, *, has_key: bool = True) -> None:
    """Declare `--url`, `--json` and, for commands on an account, `--key`."""
    add_url_flag(parser)
    if has_key:
        parser.add_argument("--key", metavar="KEY", help="API key or account id. [default: all accounts]")
    parser.add_argument("--json", action="store_true", help="Print the control API's answer as JSON.")


def add_url_flag(parser: argparse.ArgumentParser) -> None:
    """Declare `--url`."""
    parser.add_argument(
        "--url",
        default=os.environ.get("MOCKSERVER_URL", DEFAULT_URL),
        help=f"The mock's address. [env: MOCKSERVER_URL; default: {DEFAULT_URL}]",
    )
