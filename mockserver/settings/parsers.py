"""Parsers of setting values. Each raises ValueError with what is needed."""

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
from mockserver.domain.usage.price_card import LONGEST_RESOURCE, OBSERVED

LONGEST_NAME: Final = 60
SHORTEST_TTL: Final = timedelta(seconds=1)
LONGEST_TTL: Final = timedelta(days=366)


def _error(needed: str) -> ValueError:
    return ValueError(f"{needed} is needed")


def parse_text(given: object) -> str:
    """Parse a text that is not empty."""
    if not isinstance(given, str) or not given:
        raise _error("a text")
    return given


def parse_billing(given: object) -> str:
    """Parse auto, on or off. YAML and TOML may have read on and off as booleans."""
    words = {True: "on", False: "off"}
    word = words[given] if isinstance(given, bool) else given
    if word not in ("auto", "on", "off"):
        raise _error("auto, on or off")
    return str(word)


def parse_http(given: object) -> str:
    """Parse own or uvicorn."""
    if given not in ("own", "uvicorn"):
        raise _error("own or uvicorn")
    return str(given)


def parse_port(given: object) -> int:
    """Parse a TCP port."""
    return _parse_integer(given, least=0, most=65_535)


def parse_seed(given: object) -> int:
    """Parse a seed."""
    return _parse_integer(given, least=0, most=2**63 - 1)


def parse_workers(given: object) -> int:
    """Parse a number of processes."""
    return _parse_integer(given, least=1, most=64)


def parse_body_limit(given: object) -> int:
    """Parse a number of bytes."""
    return _parse_integer(given, least=1, most=1024**3)


def _parse_integer(given: object, *, least: int, most: int) -> int:
    try:
        value = int(given) if isinstance(given, str | int) and not isinstance(given, bool) else -1
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise _error(f"a number from {least} to {most}")
    return value


def parse_switch(given: object) -> bool:
    """Parse true or false."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if isinstance(given, bool):
        return given
    if str(given).lower() not in words:
        raise _error("true or false")
    return words[str(given).lower()]


def parse_path(given: object) -> Path:
    """Parse a path; `~` is the home folder."""
    if isinstance(given, Path):
        return given
    return Path(parse_text(given)).expanduser()


def parse_paths(given: object) -> tuple[Path, ...]:
    """Parse paths, as a list or separated by commas."""
    return tuple(parse_path(one) for one in _parse_list(given))


def _parse_list(given: object) -> tuple[object, ...]:
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    if isinstance(given, list | tuple | set | frozenset):
        return tuple(given)
    raise _error("a list")


def parse_lifetime(given: object) -> timedelta | None:
    """Parse the lifetime of a session."""
    if given is None:
        return None
    try:
        value = given if isinstance(given, timedelta) else duration(given)
    except InvalidRequest:
        raise _error(f"a duration ({FORMS})") from None
    if not SHORTEST_TTL <= value <= LONGEST_TTL:
        raise _error("a duration from 1s to 366d (Stripe allows 30m to 24h)")
    return value


def parse_base_url(given: object) -> str | None:
    """Parse the base of URLs; a slash at its end is dropped."""
    if given is None:
        return None
    try:
        parts = urlsplit(parse_text(given))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable or not parse_text(given).isprintable() or " " in parse_text(given):
        raise _error("an absolute http(s) URL, such as https://checkout.stripe.com,")
    return parse_text(given).rstrip("/")


def parse_name(given: object) -> str | None:
    """Parse a name that a page can show."""
    if given is None:
        return None
    name = parse_text(given).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _error(f"a name of 1 to {LONGEST_NAME} printable characters")
    return name


def parse_hosts(given: object) -> frozenset[str]:
    """Parse host names into lower case."""
    return frozenset(parse_text(host).lower() for host in _parse_list(given))


def parse_keys(given: object) -> frozenset[str]:
    """Parse API keys."""
    keys = frozenset(parse_text(key) for key in _parse_list(given))
    if not all(is_key(key) for key in keys):
        raise _error(f"a list of keys of the form {KEY_PATTERN}")
    return keys


def parse_rate(given: object) -> int:
    """Parse a number of credits per dollar into microcredits."""
    if isinstance(given, bool):
        raise _error("a number")
    try:
        micro = Decimal(str(given)) * MICRO
    except InvalidOperation:
        micro = Decimal(-1)
    if not micro.is_finite() or not 0 < micro <= 1_000_000 * MICRO or micro % 100:
        raise _error("a number above 0 and up to 1000000, of at most four decimals,")
    return int(micro)


def parse_prices(given: object) -> Mapping[str, int]:
    """Parse prices of units by resource into microcredits; the observed ones are always included."""
    pairs = (
        given.items() if isinstance(given, Mapping) else (str(one).rpartition("=")[::2] for one in _parse_list(given))
    )
    return {**OBSERVED, **{_parse_resource(name): _parse_price(price) for name, price in pairs}}


def _parse_resource(given: object) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_RESOURCE:
        raise _error("prices of units as NAME=CREDITS")
    return given


def _parse_price(given: object) -> int:
    try:
        micro = Decimal(-1 if isinstance(given, bool) else str(given)) * MICRO
    except ArithmeticError:
        micro = Decimal(-1)
    if not micro.is_finite() or not 0 <= micro <= 1_000_000 * MICRO or micro % 1:
        raise _error("prices as NAME=CREDITS, each from 0 to 1000000 and of at most six decimals,")
    return int(micro)


def parse_plans(given: object) -> Mapping[str, Plan]:
    """Parse plans by name; the basic one is always included."""
    needed = "plans as NAME=DOLLARS:CREDITS"
    plans = {DEFAULT_PLAN: BASIC}
    if isinstance(given, Mapping):
        for name, plan in given.items():
            if isinstance(plan, Plan):
                plans[name] = plan
            elif isinstance(plan, Mapping) and set(plan) == {"price", "credits"}:
                plans[name] = _parse_plan(plan["price"], plan["credits"], needed=needed)
            else:
                raise _error("a table of plans, each with its price in dollars and its credits,")
        return plans
    for text in _parse_list(given):
        name, _, terms = str(text).rpartition("=")
        price, _, credits = terms.partition(":")
        if not name:
            raise _error(needed)
        plans[name] = _parse_plan(price, credits, needed=needed)
    return plans


def _parse_plan(price: object, credits: object, *, needed: str) -> Plan:
    try:
        cents, micro = Decimal(str(price)) * 100, Decimal(str(credits)) * MICRO
        whole = cents == int(cents) and micro == int(micro)
    except (InvalidOperation, ValueError, OverflowError):
        raise _error(needed) from None
    if not whole or not 1 <= cents <= 99_999_900 or micro <= 0:
        raise _error("a price of 0.01 to 999999 dollars and credits above 0")
    return Plan(cents=int(cents), microcredits=int(micro))
