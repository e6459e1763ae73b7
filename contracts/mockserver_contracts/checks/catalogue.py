"""All checks there are; a module of checks that is not named here is not run."""

from __future__ import annotations

from mockserver_contracts.checks import billing_family as siblings
from mockserver_contracts.checks import expiry, keys, listing, money, replies, requests, robustness, servers
from mockserver_contracts.checks import lifecycles as lives
from mockserver_contracts.checks.registry import CLAIMS, RULES, Check

MODULES = (lives, expiry, keys, listing, money, replies, requests, robustness, servers, siblings)
"""Importing one registers its checks."""


def all_checks() -> tuple[dict[str, Check], dict[str, Check]]:
    """The checks of the claims and those of the rules."""
    return CLAIMS, RULES
