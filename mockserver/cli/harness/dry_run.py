"""The dry run: print the requests that a run would send. It sends nothing and needs no key."""

from __future__ import annotations

import argparse
from pathlib import Path

from mockserver.cli.errors import EXIT_OK, UsageError
from mockserver.cli.harness.targets import PROFILES, load_contract


def print_dry_run(arguments: argparse.Namespace) -> int:
    """Print the plan of a run on a remote target."""
    from mockserver_contracts.target.address import TargetRefused, resolve_address
    from mockserver_contracts.target.rails.safety import describe_plan

    if arguments.target is None:
        raise UsageError("--dry-run needs a TARGET; a run on the mock in-process sends nothing to a server")
    spec = None if arguments.spec is None else Path(arguments.spec)
    document = load_contract(arguments.profile or PROFILES[0], spec)[0].document
    try:
        url, host = resolve_address(arguments.target, document, allow_production=arguments.allow_production)
    except TargetRefused as error:
        raise UsageError(str(error)) from None
    for sentence in (*describe_plan(url, host), "Nothing was sent."):
        print(sentence)
    return EXIT_OK
