"""Every setting in one table: its name, flag, variable, default, what it takes and what it means.

`--help`, the README and the readers of flags, variables and files are made from it or checked against it.
A wrong value raises SettingError, which names the key, the value and what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mockserver.domain.duration import FORMS, duration
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.key import KEY_PATTERN, is_key
from mockserver.domain.money import MICRO
from mockserver.domain.order import BASIC, DEFAULT_PLAN, Plan

SHORTEST_TTL: Final = timedelta(seconds=1)
LONGEST_TTL: Final = timedelta(days=366)


class SettingError(Exception):
    """A setting has a value it cannot have; the message is one sentence."""


class Setting(NamedTuple):
    """One setting. `parse` raises ValueError saying what is needed; `many`: it takes several values."""

    name: str
    parse: Callable[[object], object]
    default: str
    help: str
    metavar: str = "TEXT"
    flag: str | None = ""
    many: bool = False

    @property
    def option(self) -> str | None:
        """Its flag, such as `--session-ttl`; None where it is no business of a command line."""
        return f"--{self.name.replace('_', '-')}" if self.flag == "" else self.flag

    @property
    def variable(self) -> str:
        """Its environment variable, such as `MOCKSERVER_SESSION_TTL`."""
        return f"MOCKSERVER_{self.name.upper()}"

    def read(self, given: object, *, source: str) -> object:
        """The value that was given by a source; raises SettingError."""
        try:
            return self.parse(given)
        except ValueError as error:
            shown = "set to something else" if self.name == "control_token" else repr(given)[:80]
            raise SettingError(f"{source} is {shown}; {error}") from None


def _needs(what: str) -> ValueError:
    return ValueError(f"{what} is needed")


def _text(given: object) -> str:
    if not isinstance(given, str) or not given:
        raise _needs("a text")
    return given


def _port(given: object) -> int:
    return _integer(given, least=0, most=65_535)


def _body_limit(given: object) -> int:
    return _integer(given, least=1, most=1024**3)


def _integer(given: object, *, least: int, most: int) -> int:
    try:
        value = int(given) if isinstance(given, str | int) and not isinstance(given, bool) else -1
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise _needs(f"a number from {least} to {most}")
    return value


def _switch(given: object) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if isinstance(given, bool):
        return given
    if str(given).lower() not in words:
        raise _needs("true or false")
    return words[str(given).lower()]


def _path(given: object) -> Path:
    if isinstance(given, Path):
        return given
    return Path(_text(given)).expanduser()


def _paths(given: object) -> tuple[Path, ...]:
    return tuple(_path(one) for one in _several(given))


def _several(given: object) -> tuple[object, ...]:
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    if isinstance(given, list | tuple | set | frozenset):
        return tuple(given)
    raise _needs("a list")


def _ttl(given: object) -> timedelta | None:
    if given is None:
        return None
    try:
        value = given if isinstance(given, timedelta) else duration(given)
    except InvalidRequest:
        raise _needs(f"a duration ({FORMS})") from None
    if not SHORTEST_TTL <= value <= LONGEST_TTL:
        raise _needs("a duration from 1s to 366d (Stripe's own go from 30m to 24h)")
    return value


def _base(given: object) -> str | None:
    if given is None:
        return None
    try:
        parts = urlsplit(_text(given))
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable or not _text(given).isprintable() or " " in _text(given):
        raise _needs("an absolute http(s) URL, such as https://checkout.stripe.com,")
    return _text(given).rstrip("/")


def _hosts(given: object) -> frozenset[str]:
    return frozenset(_text(host).lower() for host in _several(given))


def _keys(given: object) -> frozenset[str]:
    keys = frozenset(_text(key) for key in _several(given))
    if not all(is_key(key) for key in keys):
        raise _needs(f"a list of keys of the form {KEY_PATTERN}")
    return keys


def _rate(given: object) -> int:
    if isinstance(given, bool):
        raise _needs("a number")
    try:
        micro = Decimal(str(given)) * MICRO
    except InvalidOperation:
        micro = Decimal(-1)
    if not micro.is_finite() or not 0 < micro <= 1_000_000 * MICRO or micro % 100:
        raise _needs("a number above 0 and up to 1000000, of at most four decimals,")
    return int(micro)


def _plans(given: object) -> Mapping[str, Plan]:
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


SETTINGS: Final = (
    Setting("host", _text, "127.0.0.1", "Address to listen on.", "HOST"),
    Setting("port", _port, "8765", "Port to listen on; 0 picks a free one.", "INTEGER"),
    Setting(
        "store",
        _text,
        "sqlite in the data folder",
        "Where sessions live: memory, sqlite:///relative.db or sqlite:////absolute.db.",
        "URL",
    ),
    Setting("profile", _text, "page", "Which voices of the page to listen to: a profile's name or file.", "NAME|FILE"),
    Setting("spec", _path, "the bundled document", "The OpenAPI 3.0 or 3.1 document to serve.", "FILE"),
    Setting("overlays", _paths, "none", "OpenAPI Overlays to apply last; may be repeated.", "FILE", "--overlay", True),
    Setting("session_ttl", _ttl, "the profile's, 24h", "How long a session stays open.", "DURATION"),
    Setting(
        "checkout_base",
        _base,
        "the address the request came to",
        "What checkout URLs begin with, such as https://checkout.stripe.com.",
        "URL",
    ),
    Setting(
        "allow_hosts",
        _hosts,
        "none",
        "A further host name the mock answers to; may be repeated.",
        "NAME",
        "--allow-host",
        True,
    ),
    Setting(
        "api_keys",
        _keys,
        "any sk-…",
        "An API key that is known; others are refused. May be repeated.",
        "KEY",
        "--api-key",
        True,
    ),
    Setting("credits_per_dollar", _rate, "1", "How many credits a dollar buys.", "NUMBER"),
    Setting(
        "plans",
        _plans,
        "plan-basic=20:20",
        "A subscription plan, its price in dollars and its credits; may be repeated.",
        "NAME=DOLLARS:CREDITS",
        "--plan",
        True,
    ),
    Setting("body_limit", _body_limit, "1048576", "The largest request body, in bytes.", "INTEGER"),
    Setting(
        "control_token",
        _text,
        "none",
        "Ask for this bearer token at /_mock; no flag, since others see flags.",
        "TEXT",
        None,
    ),
    Setting("open", _switch, "false", "Open the control address in a browser.", "", "--open"),
    Setting("quiet", _switch, "false", "Print the address and nothing else.", "", "--quiet"),
    Setting("json", _switch, "false", "Print one JSON object a line: the start, then each request.", "", "--json"),
)

FIELDS: Final = {"credits_per_dollar": "microcredits_per_dollar", "open": "open_browser", "json": "json_lines"}
"""Fields of Settings that are not called as their setting is: they hold it in another unit, or hide a builtin."""

BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


def parsed_overrides(overrides: Mapping[str, object]) -> dict[str, object]:
    """Values given by name in Python, as fields of Settings; raises SettingError."""
    fields: dict[str, object] = {}
    for name, given in overrides.items():
        if name in FIELDS.values():
            fields[name] = given
        elif name not in BY_NAME:
            raise SettingError(f"there is no setting {name!r}; there are: {', '.join(BY_NAME)}")
        elif given is None:
            fields[FIELDS.get(name, name)] = None
        else:
            fields[FIELDS.get(name, name)] = BY_NAME[name].read(given, source=name)
    return fields
