"""The modules of checks, in the order in which a run applies their rules.

The order matters on a target with few accounts: a rule sees the accounts and sessions of the rules before it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from mockserver_contracts.checks.registry import CLAIMS, RULES, Check

MODULES: Final = (
    "sessions.expiry",
    "sessions.calendar",
    "keys",
    "sessions.listing",
    "sessions.lifecycles",
    "money",
    "redirects",
    "replies",
    "requests",
    "soundness.robustness",
    "servers",
    "billing_family",
    "observed",
    "soundness.texts",
    "soundness.isolation",
    "soundness.endurance",
    "soundness.wire",
)


def all_checks() -> tuple[dict[str, Check], dict[str, Check]]:
    """Import the modules, which register their checks; return the checks of the claims and those of the rules."""
    for module in MODULES:
        import_module(f"mockserver_contracts.checks.{module}")
    return CLAIMS, RULES
