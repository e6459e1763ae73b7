"""What settings may be: each function takes what was given and answers the value.

All raise ValueError with a sentence that says what is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mockserver.domain.duration import FORMS, duration
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.identifier import KEY_PATTERN, is_key
from mockserver.domain.money import MICRO
from mockserver.domain.order import BASIC, DEFAULT_PLAN, Plan

SHORTEST_TTL: Final = timedelta(seconds=1)
LONGEST_TTL: Final = timedelta(days=366)


def _needs(what: str) -> ValueError:
    return ValueError(f"{what} is needed")


def a_text(given: object) -> str:
    """A text that is not empty."""
    if not isinstance(given, str) or not given:
        raise _needs("a text")
    return given


def a_port(given: object) -> int:
    """A TCP port."""
    return _integer(given, least=0, most=65_535)


def a_body_limit(given: object) -> int:
    """A number of bytes."""
    return _integer(given, least=1, most=1024**3)


def _integer(given: object, *, least: int, most: int) -> int:
    try:
        value = int(given) if isinstance(given, str | int) and not isinstance(given, bool) else -1
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise _needs(f"a number from {least} to {most}")
    return value


def a_switch(given: object) -> bool:
    """True or false."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if isinstance(given, bool):
        return given
    if str(given).lower() not in words:
        raise _needs("true or false")
    return words[str(given).lower()]


def a_path(given: object) -> Path:
    """A path; `~` is the home folder."""
    if isinstance(given, Path):
        return given
    return Path(a_text(given)).expanduser()


def some_paths(given: object) -> tuple[Path, ...]:
    """Paths, as a list or separated by commas."""
    return tuple(a_path(one) for one in _several(given))


def _several(given: object) -> tuple[object, ...]:
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    if isinstance(given, list | tuple | set | frozenset):
        return tuple(given)
    raise _needs("a list")


def a_lifetime(given: object) -> timedelta | None:
    """How long a session stays open."""
    if given is None:
        return None
    try:
        value = given if isinstance(given, timedelta) else duration(given)
    except InvalidRequest:
        raise _needs(f"a duration ({FORMS})") from None
    if not SHORTEST_TTL <= value <= LONGEST_TTL:
        raise _needs("a duration from 1s to 366d (Stripe's own go from 30m to 24h)")
    return value


def a_base_url(given: object) -> str | None:
    """What URLs begin with, without a slash at its end."""
    if given is None:
        return None
    try:
        parts = urlsplit(a_text(given))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable or not a_text(given).isprintable() or " " in a_text(given):
        raise _needs("an absolute http(s) URL, such as https://checkout.stripe.com,")
    return a_text(given).rstrip("/")


def some_hosts(given: object) -> frozenset[str]:
    """Host names, in lower case."""
    return frozenset(a_text(host).lower() for host in _several(given))


def some_keys(given: object) -> frozenset[str]:
    """API keys."""
    keys = frozenset(a_text(key) for key in _several(given))
    if not all(is_key(key) for key in keys):
        raise _needs(f"a list of keys of the form {KEY_PATTERN}")
    return keys


def a_rate(given: object) -> int:
    """Microcredits a dollar, of a number of credits."""
    if isinstance(given, bool):
        raise _needs("a number")
    try:
        micro = Decimal(str(given)) * MICRO
    except InvalidOperation:
        micro = Decimal(-1)
    if not micro.is_finite() or not 0 < micro <= 1_000_000 * MICRO or micro % 100:
        raise _needs("a number above 0 and up to 1000000, of at most four decimals,")
    return int(micro)


def some_plans(given: object) -> Mapping[str, Plan]:
    """Plans by name, the basic one among them."""
    needed = "plans as NAME=DOLLARS:CREDITS"
    plans = {DEFAULT_PLAN: BASIC}
    if isinstance(given, Mapping):
        for name, plan in given.items():
            if isinstance(plan, Plan):
                plans[name] = plan
            elif isinstance(plan, Mapping) and set(plan) == {"price", "credits"}:
                plans[name] = _plan(plan["price"], plan["credits"], needed=needed)
            else:
                raise _needs("a table of plans, each with its price in dollars and its credits,")
        return plans
    for text in _several(given):
        name, _, terms = str(text).rpartition("=")
        price, _, credits = terms.partition(":")
        if not name:
            raise _needs(needed)
        plans[name] = _plan(price, credits, needed=needed)
    return plans


def _plan(price: object, credits: object, *, needed: str) -> Plan:
    try:
        cents, micro = Decimal(str(price)) * 100, Decimal(str(credits)) * MICRO
        whole = cents == int(cents) and micro == int(micro)
    except (InvalidOperation, ValueError, OverflowError):
        raise _needs(needed) from None
    if not whole or not 1 <= cents <= 99_999_900 or micro <= 0:
        raise _needs("a price of 0.01 to 999999 dollars and credits above 0")
    return Plan(cents=int(cents), microcredits=int(micro))
