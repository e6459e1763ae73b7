"""Every defect, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mockserver_contracts.defects.acceptance import ACCEPTANCE
from mockserver_contracts.defects.amounts import AMOUNTS
from mockserver_contracts.defects.authentication import AUTHENTICATION
from mockserver_contracts.defects.billing.billing_family import BILLING
from mockserver_contracts.defects.billing.consumption import CONSUMPTION
from mockserver_contracts.defects.billing.invoice_rows import INVOICE_ROWS
from mockserver_contracts.defects.billing.new_accounts import NEW_ACCOUNTS
from mockserver_contracts.defects.billing.top_ups import TOP_UPS
from mockserver_contracts.defects.crediting import CREDITING
from mockserver_contracts.defects.defect import Defect
from mockserver_contracts.defects.effects import EFFECTS
from mockserver_contracts.defects.methods_and_paths import METHODS_AND_PATHS
from mockserver_contracts.defects.privacy import PRIVACY
from mockserver_contracts.defects.profiles.fragment import FRAGMENT
from mockserver_contracts.defects.profiles.observed import OBSERVED
from mockserver_contracts.defects.response_shape import RESPONSE_SHAPE
from mockserver_contracts.defects.sessions.first_sessions import FIRST_SESSIONS
from mockserver_contracts.defects.sessions.old_sessions import OLD_SESSIONS
from mockserver_contracts.defects.sessions.payment_page import PAYMENT_PAGE
from mockserver_contracts.defects.sessions.purchases import PURCHASES
from mockserver_contracts.defects.sessions.session_list import SESSION_LIST
from mockserver_contracts.defects.sessions.sessions import SESSIONS
from mockserver_contracts.defects.soundness import SOUNDNESS
from mockserver_contracts.defects.timing import TIMING
from mockserver_contracts.defects.transport import TRANSPORT
from mockserver_contracts.defects.wire import WIRE

FAMILIES: Final = (
    RESPONSE_SHAPE,
    AMOUNTS,
    ACCEPTANCE,
    AUTHENTICATION,
    SESSIONS,
    SESSION_LIST,
    FIRST_SESSIONS,
    EFFECTS,
    CREDITING,
    BILLING,
    INVOICE_ROWS,
    CONSUMPTION,
    TOP_UPS,
    NEW_ACCOUNTS,
    OBSERVED,
    FRAGMENT,
    TIMING,
    OLD_SESSIONS,
    TRANSPORT,
    METHODS_AND_PATHS,
    SOUNDNESS,
    WIRE,
    PRIVACY,
    PAYMENT_PAGE,
    PURCHASES,
)
DEFECTS: Final[dict[str, Defect]] = {defect.name: defect for family in FAMILIES for defect in family.defects}


class UnknownDefect(Exception):
    """No defect has that name."""


def find_defects(names: Iterable[str]) -> tuple[Defect, ...]:
    """Find the defects by name, each once, in the given order; an unknown name raises UnknownDefect."""
    found: dict[str, Defect] = {}
    for name in names:
        if name not in DEFECTS:
            raise UnknownDefect(f"{name!r} is no defect; mockserver defects lists them")
        found[name] = DEFECTS[name]
    return tuple(found.values())


def settings_of(defects: Iterable[Defect]) -> dict[str, str]:
    """The settings that the server must start with; of two values for one setting, the last counts."""
    settings: dict[str, str] = {}
    for defect in defects:
        settings.update(defect.settings)
    return settings
