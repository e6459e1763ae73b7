"""The modules of checks, in the order in which a run applies their rules.

`sessions.lifecycles` is last: it creates many sessions and moves the clock by a month.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from mockserver_contracts.checks.registry import CLAIMS, RULES, Check

MODULES: Final = (
    "billing_family",
    "sessions.expiry",
    "keys",
    "sessions.listing",
    "money",
    "replies",
    "requests",
    "robustness",
    "servers",
    "sessions.lifecycles",
)


def all_checks() -> tuple[dict[str, Check], dict[str, Check]]:
    """Import the modules, which register their checks; return the checks of the claims and those of the rules."""
    for module in MODULES:
        import_module(f"mockserver_contracts.checks.{module}")
    return CLAIMS, RULES
