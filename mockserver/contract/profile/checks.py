"""The members of a profile, and the checks of its data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.pointer import pointer_of

_SESSION: Final = frozenset(
    {"id", "amount", "amount_cents", "currency", "status", "mode", "plan_id", "created_at", "expires_at"}
)
PLACEHOLDERS: Final[Mapping[str, frozenset[str]]] = {
    "/reply/checkout": _SESSION | {"url"},
    "/reply/checkouts": frozenset({"items"}),
    "/reply/checkouts_item": _SESSION,
    "/reply/topup": _SESSION | {"url"},
    "/reply/invoices": frozenset({"items"}),
    "/reply/invoices_item": frozenset(
        {"id", "amount", "amount_cents", "currency", "status", "pdf_url", "created_at", "description"}
    ),
    "/reply/auto_recharge": frozenset({"enabled", "threshold", "amount"}),
    "/reply/auto_recharge_set": frozenset({"message", "enabled", "threshold", "amount"}),
    "/reply/usage": frozenset(
        {
            *("credit_balance", "usage_this_month", "breakdown", "plan_id", "email", "credit_used"),
            *("units", "cost_metric"),
        }
    ),
    "/error/body": frozenset({"message", "error_code", "status", "errors", "decline_code"}),
}
"""The placeholders of each template, by its place in the profile."""

REQUIRED: Final = frozenset({"name", "overlays", "reply", "error"})
OPTIONAL: Final = frozenset(
    {"description", "status_words", "amount_unit", "session_ttl", "overdraft", "promises", "evidence"}
)
MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "": REQUIRED | OPTIONAL,
    "/reply": frozenset(place.removeprefix("/reply/") for place in PLACEHOLDERS if place.startswith("/reply/")),
    "/error": frozenset({"body", "status", "codes"}),
    "/status_words": frozenset({"pending", "completed", "expired"}),
}
KINDS: Final[Mapping[str, tuple[type, str]]] = {
    "/name": (str, "text"),
    "/description": (str, "text"),
    "/overlays": (list, "a list"),
    "/reply": (dict, "a mapping"),
    **dict.fromkeys(PLACEHOLDERS, (dict, "a mapping")),
    "/error": (dict, "a mapping"),
    "/error/status": (dict, "a mapping"),
    "/error/codes": (dict, "a mapping"),
    "/status_words": (dict, "a mapping"),
    "/amount_unit": (str, "dollars or cents"),
    "/session_ttl": (str, "a duration such as 24h"),
    "/overdraft": (bool, "true or false"),
    "/promises": (list, "a list"),
    "/evidence": (list, "a list"),
}
_DURATION: Final = re.compile(r"(?:[0-9]+[smhd])+|P[0-9A-Z.]+|[0-9]+", re.IGNORECASE)


class ProfileError(Exception):
    """The data of a profile is invalid; `pointer` is the place of the error."""

    def __init__(self, pointer: str, reason: str) -> None:
        self.pointer = pointer
        self.reason = reason
        super().__init__(reason)


def check(data: Mapping[str, Any]) -> None:
    """Raise ProfileError for the first error in the data."""
    _refuse_missing(data)
    _refuse_wrong_kinds(data)
    _refuse_unknown_members(data)
    _refuse_wrong_values(data)


def _refuse_missing(data: Mapping[str, Any]) -> None:
    for name in sorted(REQUIRED - set(data)):
        raise ProfileError("", f"a profile needs {name}")


def _refuse_unknown_members(data: Mapping[str, Any]) -> None:
    for place, members in MEMBERS.items():
        for name in value_of(data, place, {}):
            if name not in members:
                known = ", ".join(sorted(members))
                raise ProfileError(
                    f"{place}{pointer_of((name,))}", f"{name} is not a key of a profile here; use {known}"
                )


def _refuse_wrong_kinds(data: Mapping[str, Any]) -> None:
    for place, (kind, words) in KINDS.items():
        # the list may be the whole body
        if PLACEHOLDERS.get(place) == frozenset({"items"}) and value_of(data, place, None) == "{items}":
            continue
        if not isinstance(value_of(data, place, kind()), kind):
            raise ProfileError(place, f"{words} is needed")


def _refuse_wrong_values(data: Mapping[str, Any]) -> None:
    if data.get("amount_unit", "dollars") not in ("dollars", "cents"):
        raise ProfileError("/amount_unit", f"{data['amount_unit']!r} is not a unit of amounts; use dollars or cents")
    if not _DURATION.fullmatch(data.get("session_ttl", "24h")):
        raise ProfileError("/session_ttl", f"{data['session_ttl']!r} is not a duration; use one such as 24h or 90m")
    for place in ("/promises", "/status_words", "/error/codes"):
        values = value_of(data, place, [])
        for key, value in values.items() if isinstance(values, dict) else enumerate(values):
            if not isinstance(value, str):
                raise ProfileError(f"{place}{pointer_of((key,))}", "text is needed")
    for code, status in value_of(data, "/error/status", {}).items():
        if not isinstance(status, int) or isinstance(status, bool) or not 400 <= status <= 599:
            raise ProfileError(
                f"/error/status{pointer_of((code,))}", f"{status!r} is not an error status; use 400 to 599"
            )


def value_of(data: Mapping[str, Any], place: str, default: Any) -> Any:
    """The value at a pointer, or the default."""
    value: Any = data
    for step in place.split("/")[1:]:
        if not isinstance(value, Mapping):
            return default
        value = value.get(step, default)
    return value
