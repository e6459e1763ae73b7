"""A profile: which voices of the page the mock listens to, as data.

Rule 1: a profile is a mapping of JSON values; reading one needs no YAML.
Rule 2: whatever a profile decides stands in one of its fields; nobody asks for its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from mockserver.contract.pointer import pointer_of
from mockserver.contract.profile.template import Fill, TemplateError, Values, compiled_template

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
    "/reply/usage": frozenset({"credit_balance", "usage_this_month", "breakdown", "plan_id", "email", "credit_used"}),
    "/error/body": frozenset({"message", "error_code", "status", "errors", "decline_code"}),
}
"""What the templates of a profile can say, by their place in it."""

DEFAULTS: Final[Mapping[str, Any]] = {
    "/reply/topup": {"success": True, "data": {"url": "{url}"}},
    "/reply/invoices": {"success": True, "data": "{items}"},
    "/reply/invoices_item": {
        name: f"{{{name}}}" for name in ("id", "amount", "currency", "status", "pdf_url", "created_at")
    },
    "/reply/auto_recharge": {
        "success": True,
        "data": {name: f"{{{name}}}" for name in ("enabled", "threshold", "amount")},
    },
    "/reply/auto_recharge_set": {"success": True, "message": "{message}"},
}
"""The templates that a profile need not give: what VideoDB's public OpenAPI has for them."""

REQUIRED: Final = frozenset({"name", "overlays", "reply", "error"})
OPTIONAL: Final = frozenset({"description", "status_words", "amount_unit", "session_ttl", "promises", "evidence"})
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
    "/promises": (list, "a list"),
    "/evidence": (list, "a list"),
}
_STATUS_WORDS: Final = {"pending": "pending", "completed": "completed", "expired": "expired"}
_DURATION: Final = re.compile(r"(?:[0-9]+[smhd])+|P[0-9A-Z.]+|[0-9]+", re.IGNORECASE)


class ProfileError(Exception):
    """A profile says what none can say; `pointer` is where in it."""

    def __init__(self, pointer: str, reason: str) -> None:
        self.pointer = pointer
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """What the mock answers and with which words; the overlays are in the contract already."""

    name: str
    source: str
    description: str
    checkout_body: Fill
    list_item: Fill
    usage_body: Fill
    topup_body: Fill
    invoice_item: Fill
    auto_recharge_body: Fill
    auto_recharge_set_body: Fill
    error_body: Fill
    status_words: Mapping[str, str]
    amount_unit: Literal["dollars", "cents"]
    session_ttl: str
    promises: tuple[str, ...]
    evidence: tuple[Any, ...]
    _list: Fill
    _invoices: Fill
    _error_status: Mapping[str, int]
    _error_codes: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any], *, source: str) -> Profile:
        """The profile that a mapping describes; raises ProfileError for the first thing wrong with it."""
        _refuse_missing(data)
        _refuse_wrong_kinds(data)
        _refuse_strangers(data)
        _refuse_wrong_values(data)
        fills = {place: _template(data, place) for place in PLACEHOLDERS}
        return cls(
            name=data["name"],
            source=source,
            description=data.get("description", ""),
            checkout_body=fills["/reply/checkout"],
            list_item=fills["/reply/checkouts_item"],
            usage_body=fills["/reply/usage"],
            topup_body=fills["/reply/topup"],
            invoice_item=fills["/reply/invoices_item"],
            auto_recharge_body=fills["/reply/auto_recharge"],
            auto_recharge_set_body=fills["/reply/auto_recharge_set"],
            error_body=fills["/error/body"],
            status_words={**_STATUS_WORDS, **data.get("status_words", {})},
            amount_unit=data.get("amount_unit", "dollars"),
            session_ttl=data.get("session_ttl", "24h"),
            promises=tuple(data.get("promises", ())),
            evidence=tuple(data.get("evidence", ())),
            _list=fills["/reply/checkouts"],
            _invoices=fills["/reply/invoices"],
            _error_status=data["error"].get("status", {}),
            _error_codes=data["error"].get("codes", {}),
        )

    def list_body(self, items: Iterable[Values]) -> Any:
        """The body of a list of sessions, given the values of each."""
        item = self.list_item
        return self._list({"items": [item(values) for values in items]})

    def invoices_body(self, items: Iterable[Values]) -> Any:
        """The body of a list of invoices, given the values of each."""
        item = self.invoice_item
        return self._invoices({"items": [item(values) for values in items]})

    def error_code(self, error_code: str) -> str:
        """What a refusal's code is called in this profile."""
        return self._error_codes.get(error_code, error_code)

    def error_status(self, error_code: str, default: int) -> int:
        """The status that a refusal has in this profile."""
        return self._error_status.get(error_code, default)


def _refuse_missing(data: Mapping[str, Any]) -> None:
    for name in sorted(REQUIRED - set(data)):
        raise ProfileError("", f"a profile needs {name}")


def _refuse_strangers(data: Mapping[str, Any]) -> None:
    for place, members in MEMBERS.items():
        for name in _at(data, place, {}):
            if name not in members:
                known = ", ".join(sorted(members))
                raise ProfileError(f"{place}{pointer_of((name,))}", f"{name} is no key of a profile here; {known} are")


def _refuse_wrong_kinds(data: Mapping[str, Any]) -> None:
    for place, (kind, words) in KINDS.items():
        # A list may be the whole body.
        if PLACEHOLDERS.get(place) == frozenset({"items"}) and _at(data, place, None) == "{items}":
            continue
        if not isinstance(_at(data, place, kind()), kind):
            raise ProfileError(place, f"{words} is needed")


def _refuse_wrong_values(data: Mapping[str, Any]) -> None:
    if data.get("amount_unit", "dollars") not in ("dollars", "cents"):
        raise ProfileError("/amount_unit", f"{data['amount_unit']!r} is no unit of amounts; dollars and cents are")
    if not _DURATION.fullmatch(data.get("session_ttl", "24h")):
        raise ProfileError("/session_ttl", f"{data['session_ttl']!r} is no duration; 24h or 90m are")
    for place in ("/promises", "/status_words", "/error/codes"):
        values = _at(data, place, [])
        for key, value in values.items() if isinstance(values, dict) else enumerate(values):
            if not isinstance(value, str):
                raise ProfileError(f"{place}{pointer_of((key,))}", "text is needed")
    for code, status in _at(data, "/error/status", {}).items():
        if not isinstance(status, int) or isinstance(status, bool) or not 400 <= status <= 599:
            raise ProfileError(f"/error/status{pointer_of((code,))}", f"{status!r} is no status of an error")


def _template(data: Mapping[str, Any], place: str) -> Fill:
    body = _at(data, place, DEFAULTS.get(place))
    if body is None:
        raise ProfileError(place.rpartition("/")[0], f"the template {place.rpartition('/')[2]} is missing")
    try:
        return compiled_template(body, PLACEHOLDERS[place])
    except TemplateError as error:
        raise ProfileError(f"{place}{error.pointer}", error.reason) from None


def _at(data: Mapping[str, Any], place: str, default: Any) -> Any:
    value: Any = data
    for step in place.split("/")[1:]:
        if not isinstance(value, Mapping):
            return default
        value = value.get(step, default)
    return value
