"""The requests of an order that a schema allows or forbids, and a right server may treat in another way.

The page defines neither a smallest nor a largest order, nor how fine a number is, nor which plans there are, nor what a
redirect looks like beyond a URL.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from mockserver_contracts.fuzz.extreme import has_extreme_number, has_unusual_amount

_KNOWN_PLAN: Final = "plan-basic"
_REDIRECTS: Final = ("success_url", "cancel_url", "successUrl", "cancelUrl")
_OTHER_SPELLING: Final = {
    "success_url": "successUrl",
    "successUrl": "success_url",
    "cancel_url": "cancelUrl",
    "cancelUrl": "cancel_url",
}
_OPTIONAL: Final = frozenset({"mode", "plan_id", *_REDIRECTS, "currency", "enabled", "threshold"})
# Of these settings the amount is one, and optional as well.
_OF_RECHARGE: Final = frozenset({"enabled", "threshold"})
_CURRENCY: Final = re.compile("[A-Za-z]{3}")


LEAST_TOP_UP: Final = 20
"""Dollars: what the checks top up by. A server may sell no smaller ones, whatever its smallest order is."""


def may_be_refused(body: bytes, *, least: int) -> bool:
    """A right server may refuse the order: its amount, its plan or a redirect is unusual."""
    return has_extreme_number(body) or has_unusual_amount(body, least=least) or _has_unusual_text(_members(body))


def asks_for_a_page(target: str) -> bool:
    """A right server may refuse the page of a list: the longest page and the last offset are its own."""
    return not {"limit", "offset"}.isdisjoint(parse_qs(target.partition("?")[2]))


def may_be_accepted(pointer: str, keyword: str, body: bytes) -> bool:
    """A right server may accept the value at the pointer.

    It is null, which many clients send for a member that they leave out, an http(s) URL in any characters, the one of
    two spellings that does not count, an amount over the largest that the mock sells, or another currency. A plan may
    be ordered without its mode.
    """
    name, members = pointer[1:], _members(body)
    if not {"mode", "amount"} & members.keys() and isinstance(members.get("plan_id"), str):
        return True
    if _is_web_address(members.get(_OTHER_SPELLING.get(name, ""))):
        return True
    if name == "currency" and keyword == "enum":
        return _CURRENCY.fullmatch(str(members.get(name))) is not None
    if name == "amount" and keyword == "maximum":
        return True
    is_optional = name in _OPTIONAL or (name == "amount" and _OF_RECHARGE & members.keys())
    if is_optional and name in members and members[name] is None:
        return True
    return name in _REDIRECTS and keyword == "pattern" and _is_web_address(members.get(name))


def _has_unusual_text(order: dict[str, Any]) -> bool:
    plan = order.get("plan_id")
    is_unknown = isinstance(plan, str) and plan != _KNOWN_PLAN
    return is_unknown or any(isinstance(order.get(name), str) and not _is_usual(order[name]) for name in _REDIRECTS)


def _is_usual(redirect: str) -> bool:
    """The URL is one that every shop has."""
    rest = redirect.removeprefix("https://")
    return _is_web_address(redirect) and rest != redirect and not {"@", ":"} & set(rest)


def _is_web_address(value: Any) -> bool:
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _members(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
