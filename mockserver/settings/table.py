"""The table of settings: name, parser, default, help, flag and variable of each.

`--help` and the readers of flags, variables and files use it; a test compares the README with it.
A wrong value raises SettingError, which states the key, the value and what is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from mockserver.settings.parsers import (
    parse_base_url,
    parse_billing,
    parse_body_limit,
    parse_hosts,
    parse_http,
    parse_keys,
    parse_lifetime,
    parse_name,
    parse_path,
    parse_paths,
    parse_plans,
    parse_port,
    parse_prices,
    parse_rate,
    parse_seed,
    parse_switch,
    parse_text,
    parse_workers,
)


class SettingError(Exception):
    """A setting has an invalid value. The message is one sentence."""


class Setting(NamedTuple):
    """One setting. `parse` raises ValueError with what is needed; `many` allows several values."""

    name: str
    parse: Callable[[object], object]
    default: str
    help: str
    metavar: str = "TEXT"
    flag: str | None = ""
    many: bool = False

    @property
    def option(self) -> str | None:
        """The flag, such as `--session-ttl`; None if there is no flag."""
        return f"--{self.name.replace('_', '-')}" if self.flag == "" else self.flag

    @property
    def variable(self) -> str:
        """The environment variable, such as `MOCKSERVER_SESSION_TTL`."""
        return f"MOCKSERVER_{self.name.upper()}"

    def read(self, given: object, *, source: str) -> object:
        """Parse a value from a source. Raises SettingError."""
        try:
            return self.parse(given)
        except ValueError as error:
            value = "set to an invalid value" if self.name == "control_token" else repr(given)[:80]
            raise SettingError(f"{source} is {value}; {error}") from None


SETTINGS: Final = (
    Setting("host", parse_text, "127.0.0.1", "Address to listen on.", "HOST"),
    Setting("port", parse_port, "8765", "Port to listen on; 0 picks a free one.", "INTEGER"),
    Setting(
        "store",
        parse_text,
        "sqlite in the data folder",
        "Where data is stored: memory or memory?sessions=100000, sqlite:///relative.db or sqlite:////absolute.db, "
        "postgresql://user@host:port/database?schema=name.",
        "URL",
    ),
    Setting("profile", parse_text, "page", "Profile to serve: a name, such as openapi, or a file.", "NAME|FILE"),
    Setting("spec", parse_path, "the bundled document", "The OpenAPI 3.0, 3.1 or 3.2 document to serve.", "FILE"),
    Setting(
        "overlays", parse_paths, "none", "An OpenAPI Overlay to apply last; may be repeated.", "FILE", "--overlay", True
    ),
    Setting(
        "billing",
        parse_billing,
        "auto",
        "Billing operations of the document to serve with state: auto takes those that fit, on all, off none.",
        "auto|on|off",
    ),
    Setting("session_ttl", parse_lifetime, "the profile's, 24h", "Lifetime of a session, such as 30m.", "DURATION"),
    Setting(
        "checkout_base",
        parse_base_url,
        "the address the request came to",
        "Base of checkout URLs, such as https://checkout.stripe.com.",
        "URL",
    ),
    Setting(
        "merchant_name",
        parse_name,
        "the host of the success URL",
        "Name of the merchant on the checkout page and on invoices.",
        "NAME",
    ),
    Setting(
        "allow_hosts",
        parse_hosts,
        "none",
        "Another host name that the mock accepts; may be repeated.",
        "NAME",
        "--allow-host",
        True,
    ),
    Setting(
        "api_keys",
        parse_keys,
        "any sk-…",
        "An accepted API key; all others are refused. May be repeated.",
        "KEY",
        "--api-key",
        True,
    ),
    Setting("credits_per_dollar", parse_rate, "1", "Credits per dollar.", "NUMBER"),
    Setting(
        "plans",
        parse_plans,
        "plan-basic=20:20",
        "A subscription plan, its price in dollars and its credits; may be repeated.",
        "NAME=DOLLARS:CREDITS",
        "--plan",
        True,
    ),
    Setting(
        "prices",
        parse_prices,
        "the observed ones",
        "The credits for one unit of a resource; may be repeated.",
        "NAME=CREDITS",
        "--price",
        True,
    ),
    Setting("body_limit", parse_body_limit, "1048576", "The largest request body, in bytes.", "INTEGER"),
    Setting(
        "journal_bytes",
        parse_body_limit,
        "64000000",
        "The bytes that the journal may take; the oldest exchanges are dropped.",
        "INTEGER",
    ),
    Setting(
        "strict_null",
        parse_switch,
        "false",
        "Refuse null for an optional member in a document of OpenAPI 3.0; by default it is taken, with a note.",
        "",
        "--strict-null",
    ),
    Setting(
        "coverage",
        parse_switch,
        "false",
        "Count the parts of the contract that requests and responses exercise; GET /_mock/coverage shows them.",
        "",
        "--coverage",
    ),
    Setting(
        "control_token",
        parse_text,
        "none",
        "Bearer token that /_mock requires. It has no flag, since other users can see flags.",
        "TEXT",
        None,
    ),
    Setting(
        "seed",
        parse_seed,
        "none",
        "Make ids and times the same at each start; time stands still at 2030-01-01. Needs --store memory.",
        "INTEGER",
    ),
    Setting("state", parse_path, "none", "Start from the state in a file; needs --store memory.", "FILE"),
    Setting(
        "state_on_exit",
        parse_switch,
        "false",
        "Write the state into that file when the mock ends.",
        "",
        "--state-on-exit",
    ),
    Setting(
        "workers",
        parse_workers,
        "1",
        "Processes that serve together; more than one need a store in SQLite or PostgreSQL.",
        "INTEGER",
    ),
    Setting(
        "watch",
        parse_switch,
        "false",
        "Reload the document when a file changes. State is kept; an invalid edit is reported and ignored.",
        "",
        "--watch",
    ),
    Setting(
        "http",
        parse_http,
        "own",
        "The HTTP protocol of the server: the mock's own, or the slower one of uvicorn.",
        "own|uvicorn",
    ),
    Setting("open", parse_switch, "false", "Open the dashboard in a browser.", "", "--open"),
    Setting("quiet", parse_switch, "false", "Print only the address.", "", "--quiet"),
    Setting(
        "json", parse_switch, "false", "Print one JSON object per line: the start, then each request.", "", "--json"
    ),
)

FIELDS: Final = {"credits_per_dollar": "microcredits_per_dollar", "open": "open_browser", "json": "json_lines"}
"""Fields of Settings with another name than their setting: another unit, or the name of a builtin."""

BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


def parse_overrides(overrides: Mapping[str, object]) -> dict[str, object]:
    """Parse values given by name in Python into fields of Settings. Raises SettingError."""
    fields: dict[str, object] = {}
    for name, given in overrides.items():
        if name in FIELDS.values():
            fields[name] = given
        elif name not in BY_NAME:
            raise SettingError(f"there is no setting {name!r}; the settings are: {', '.join(BY_NAME)}")
        elif given is None:
            fields[FIELDS.get(name, name)] = None
        else:
            fields[FIELDS.get(name, name)] = BY_NAME[name].read(given, source=name)
    return fields
