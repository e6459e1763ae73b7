"""All checks there are; a module of checks that is not named here is not run."""

from __future__ import annotations

from contracts.checks import expiry, keys, listing, lives, money, replies, requests, robustness, servers, siblings
from contracts.checks.registry import CLAIMS, RULES, Check

MODULES = (lives, expiry, keys, listing, money, replies, requests, robustness, servers, siblings)
"""Importing one registers its checks."""


def all_checks() -> tuple[dict[str, Check], dict[str, Check]]:
    """The checks of the claims and those of the rules."""
    return CLAIMS, RULES
