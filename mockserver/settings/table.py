"""Every setting in one table: its name, flag, variable, default, what it takes and what it means.

`--help`, the README and the readers of flags, variables and files are made from it or checked against it.
A wrong value raises SettingError, which names the key, the value and what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from mockserver.settings.parsers import (
    a_base_url,
    a_body_limit,
    a_lifetime,
    a_path,
    a_port,
    a_rate,
    a_switch,
    a_text,
    some_hosts,
    some_keys,
    some_paths,
    some_plans,
)


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


SETTINGS: Final = (
    Setting("host", a_text, "127.0.0.1", "Address to listen on.", "HOST"),
    Setting("port", a_port, "8765", "Port to listen on; 0 picks a free one.", "INTEGER"),
    Setting(
        "store",
        a_text,
        "sqlite in the data folder",
        "Where sessions live: memory, sqlite:///relative.db or sqlite:////absolute.db.",
        "URL",
    ),
    Setting("profile", a_text, "page", "Which voices of the page to listen to: a profile's name or file.", "NAME|FILE"),
    Setting("spec", a_path, "the bundled document", "The OpenAPI 3.0 or 3.1 document to serve.", "FILE"),
    Setting("overlays", some_paths, "none", "OpenAPI Overlays to apply last; repeatable.", "FILE", "--overlay", True),
    Setting("session_ttl", a_lifetime, "the profile's, 24h", "How long a session stays open.", "DURATION"),
    Setting(
        "checkout_base",
        a_base_url,
        "the address the request came to",
        "What checkout URLs begin with, such as https://checkout.stripe.com.",
        "URL",
    ),
    Setting(
        "allow_hosts",
        some_hosts,
        "none",
        "A further host name the mock answers to; may be repeated.",
        "NAME",
        "--allow-host",
        True,
    ),
    Setting(
        "api_keys",
        some_keys,
        "any sk-…",
        "An API key that is known; others are refused. May be repeated.",
        "KEY",
        "--api-key",
        True,
    ),
    Setting("credits_per_dollar", a_rate, "1", "How many credits a dollar buys.", "NUMBER"),
    Setting(
        "plans",
        some_plans,
        "plan-basic=20:20",
        "A subscription plan, its price in dollars and its credits; may be repeated.",
        "NAME=DOLLARS:CREDITS",
        "--plan",
        True,
    ),
    Setting("body_limit", a_body_limit, "1048576", "The largest request body, in bytes.", "INTEGER"),
    Setting(
        "control_token",
        a_text,
        "none",
        "Ask for this bearer token at /_mock; no flag, since others see flags.",
        "TEXT",
        None,
    ),
    Setting("watch", a_switch, "false", "Read the document anew when one of its files changes.", "", "--watch"),
    Setting("open", a_switch, "false", "Open the control address in a browser.", "", "--open"),
    Setting("quiet", a_switch, "false", "Print the address and nothing else.", "", "--quiet"),
    Setting("json", a_switch, "false", "Print one JSON object a line: the start, then each request.", "", "--json"),
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
