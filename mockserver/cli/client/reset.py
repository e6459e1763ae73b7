"""`mockserver reset`."""

from __future__ import annotations

import argparse
from typing import Final

from mockserver.cli.client.control_client import Control, configure_client
from mockserver.cli.client.output import print_json
from mockserver.cli.parser import EXIT_OK

SUMMARY: Final = "Forget an account of a running mock, or everything."
EXAMPLE: Final = "mockserver reset --key sk-demo"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    configure_client(parser)


def run(arguments: argparse.Namespace) -> int:
    """Forget, and print what."""
    answer = Control.of(arguments).post("/reset", key=arguments.key)
    if arguments.json:
        print_json(answer)
    else:
        print(f"forgotten: {answer['reset']}")
    return EXIT_OK
