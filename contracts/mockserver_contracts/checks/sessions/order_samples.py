"""Sample orders of every kind, for checks that follow each from creation to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockserver_contracts.target.account_readings import SESSION_TEMPLATE

_SHOP: Final = "https://buyer@shop.example:8443"
# The path has every sign that needs no escape there (RFC 3986, 3.3).
SUCCESS: Final = (
    f"{_SHOP}/ok/a%20b+c/it's;v=1,2/(d)!e*$f&g=h@i:~j?s={SESSION_TEMPLATE}&again={SESSION_TEMPLATE}&c=%2F#done"
)
# A map has no name twice, and PHP has none with a dot.
CANCEL: Final = f"{_SHOP}/cart//items?a.b=1&a.b=2&b=%C3%BC&c=#top"
# Longer than a column of 255 characters.
OTHER_SUCCESS: Final = f"http://localhost:3000/camel/ok/{'and-on/' * 40}"
OTHER_CANCEL: Final = "http://localhost:3000/camel/no"
PLAN: Final = "plan-basic"


@dataclass(frozen=True, slots=True)
class OrderSample:
    """An order by name: the fields to send, and the redirects to expect."""

    name: str
    fields: Mapping[str, Any]
    success_url: str | None = None
    cancel_url: str | None = None

    @property
    def plan(self) -> str | None:
        """The id of the plan; None if the order is for an amount."""
        return str(self.fields["plan_id"]) if self.fields.get("mode") == "subscription" else None

    def other_spelling(self, url: str) -> str | None:
        """The URL that the order has for the same redirect in the other spelling."""
        pairs = (("success_url", "successUrl"), ("cancel_url", "cancelUrl"))
        return next((self.fields.get(camel) for snake, camel in pairs if self.fields.get(snake) == url), None)

    @property
    def dollars(self) -> int:
        """The amount; 0 for a plan."""
        return 0 if self.plan is not None else int(self.fields["amount"])


_SNAKE: Final = {"success_url": SUCCESS, "cancel_url": CANCEL}
_CAMEL: Final = {"successUrl": OTHER_SUCCESS, "cancelUrl": OTHER_CANCEL}
_ALONE: Final = {"mode": "payment", "success_url": SUCCESS}
_LEFT: Final = {"cancel_url": CANCEL}
_MIXED: Final = {"success_url": SUCCESS, "cancelUrl": OTHER_CANCEL}
_OTHER_MIXED: Final = {"successUrl": OTHER_SUCCESS, "cancel_url": CANCEL}
_PLAN: Final = {"mode": "subscription", "plan_id": PLAN}

ORDER_SAMPLES: Final = (
    OrderSample("an amount", {"amount": 50}),
    OrderSample("an amount as 51.0", {"amount": 51.0}),
    OrderSample("a dollar", {"amount": 1}),
    OrderSample("its mode and a success URL alone", {"amount": 300, **_ALONE}, success_url=SUCCESS),
    OrderSample("a large amount", {"amount": 70_001}),
    OrderSample("the largest amount", {"amount": 999_999}),
    OrderSample("an amount with both redirects", {"amount": 12, **_SNAKE}, SUCCESS, CANCEL),
    OrderSample("an amount with camelCase redirects", {"amount": 13, **_CAMEL}, OTHER_SUCCESS, OTHER_CANCEL),
    OrderSample("an amount with redirects in both spellings", {"amount": 14, **_CAMEL, **_SNAKE}, SUCCESS, CANCEL),
    OrderSample("an amount with a redirect in each spelling", {"amount": 15, **_MIXED}, SUCCESS, OTHER_CANCEL),
    OrderSample("an amount with the other spelling of each", {"amount": 16, **_OTHER_MIXED}, OTHER_SUCCESS, CANCEL),
    OrderSample("a plan_id and a cancel URL alone", {"amount": 17, "plan_id": PLAN, **_LEFT}, cancel_url=CANCEL),
    OrderSample("a plan", dict(_PLAN)),
    OrderSample("a plan with an amount", {**_PLAN, "amount": 18}),
    OrderSample("a plan with redirects", {**_PLAN, **_SNAKE}, SUCCESS, CANCEL),
)


def is_sample_redirect(url: object) -> bool:
    """The URL is a redirect of one of the samples."""
    redirects = (redirect for sample in ORDER_SAMPLES for redirect in (sample.success_url, sample.cancel_url))
    stems = [redirect.partition("{")[0] for redirect in redirects if redirect is not None]
    return isinstance(url, str) and any(url.startswith(stem) for stem in stems)
