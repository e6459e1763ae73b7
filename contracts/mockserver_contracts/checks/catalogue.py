"""The modules of checks, in the order in which a run applies their rules.

The order matters on a target with few accounts: a rule sees the accounts and sessions of the rules before it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from mockserver_contracts.checks.registry import CLAIMS, RULES, Check

MODULES: Final = (
    "sessions.expiry",
    "sessions.last_second",
    "sessions.calendar",
    "keys",
    "sessions.listing",
    "sessions.first_sessions",
    "money",
    "sessions.cards",
    "redirects",
    "replies",
    "requests",
    "soundness.robustness",
    "servers",
    "billing.top_ups",
    "billing.consumption",
    "billing.auto_recharge",
    "billing.invoices",
    "billing.month_ends",
    "observed",
    "soundness.texts",
    "soundness.no_effect",
    "soundness.isolation",
    "soundness.readings_at_once",
    "sessions.all_sessions",
    # Late, because some faults begin after many requests.
    "sessions.lifecycles",
    "sessions.payment_page",
    "billing.payment_invoices",
    "soundness.endurance",
    "soundness.wire",
    "soundness.privacy",
)

_ROOM: Final = __name__.rpartition(".")[0]
_PLACES: Final = {f"{_ROOM}.{module}": place for place, module in enumerate(MODULES)}


def all_checks() -> tuple[dict[str, Check], dict[str, Check]]:
    """Import the modules, which register their checks; return the checks of the claims and those of the rules."""
    for module in MODULES:
        import_module(f"{_ROOM}.{module}")
    for checks in (CLAIMS, RULES):
        # Somebody may have imported a later module first.
        ordered = sorted(checks.items(), key=lambda named: _PLACES.get(named[1].body.__module__, 0))
        if list(checks) != [name for name, _ in ordered]:
            checks.clear()
            checks.update(ordered)
    return CLAIMS, RULES
