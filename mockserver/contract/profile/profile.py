"""A profile: the voices of the page that the mock follows, as data.

Rule 1: a profile is a mapping of JSON values; reading one needs no YAML.
Rule 2: every decision of a profile is one of its fields; no code depends on its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from mockserver.contract.profile.checks import PLACEHOLDERS, ProfileError, check, value_of
from mockserver.contract.profile.template import Fill, TemplateError, Values, compile_template
from mockserver.contract.profile.template_text import Text, compile_text

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
"""The optional templates, with their bodies in VideoDB's public OpenAPI."""

_STATUS_WORDS: Final = {"pending": "pending", "completed": "completed", "expired": "expired"}


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """The shapes and words of the mock's replies. The overlays are applied to the contract already."""

    name: str
    source: str
    description: str
    checkout_body: Fill
    checkout_text: Text
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
    overdraft: bool
    promises: tuple[str, ...]
    evidence: tuple[Any, ...]
    _list: Fill
    _invoices: Fill
    _error_status: Mapping[str, int]
    _error_codes: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any], *, source: str) -> Profile:
        """The profile of a mapping; raises ProfileError for its first error."""
        check(data)
        fills = {place: _template(data, place) for place in PLACEHOLDERS}
        return cls(
            name=data["name"],
            source=source,
            description=data.get("description", ""),
            checkout_body=fills["/reply/checkout"],
            checkout_text=compile_text(value_of(data, "/reply/checkout", None), fills["/reply/checkout"]),
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
            overdraft=data.get("overdraft", False),
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
        """The profile's name for an error code."""
        return self._error_codes.get(error_code, error_code)

    def error_status(self, error_code: str, default: int) -> int:
        """The profile's status for an error code."""
        return self._error_status.get(error_code, default)


def _template(data: Mapping[str, Any], place: str) -> Fill:
    body = value_of(data, place, DEFAULTS.get(place))
    if body is None:
        raise ProfileError(place.rpartition("/")[0], f"the template {place.rpartition('/')[2]} is missing")
    try:
        return compile_template(body, PLACEHOLDERS[place])
    except TemplateError as error:
        raise ProfileError(f"{place}{error.pointer}", error.reason) from None
