"""Addresses of the store: `postgresql://user:password@host:port/database?schema=name`.

Rule 1: beside `schema`, a query holds parameters of libpq, such as `sslmode`. Missing ones come from its variables.
Rule 2: no message and no name holds a password, nor a part of an address that may be one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from mockserver.store.errors import StoreUnusable

DEFAULT_SCHEMA: Final = "mockserver"
SCHEME: Final = "postgresql://"
_DEFAULTS: Final[Mapping[str, str | int]] = {"connect_timeout": 2, "application_name": "videodb-mockserver"}
_VARIABLES: Final[Mapping[str, str]] = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
}
"""Variables of libpq for what an address leaves out."""
_LONGEST_SCHEMA: Final = 63
"""PostgreSQL cuts longer names, so two of them could be one."""
_UNREADABLE: Final = (
    "the address of the store cannot be read; its form is postgresql://user:password@host:port/database?schema=name,"
    " where special characters are percent-encoded, such as %40 for @"
)


class PostgresAddress(NamedTuple):
    """A schema of a database, the parameters of its connections, and the address to display."""

    name: str
    schema: str
    parameters: Mapping[str, str | int]


def parse_address(address: str) -> PostgresAddress:
    """Parse an address. Raises StoreUnusable."""
    base, _, query = address.partition("?")
    authority, _, rest = base.removeprefix(SCHEME).partition("/")
    # an @ elsewhere is of a password that is not encoded; libpq would take a part of it for a host or a port
    if authority.count("@") > 1 or "@" in rest + query:
        raise StoreUnusable(_UNREADABLE)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
        others = [pair for pair in pairs if pair[0] != "schema"]
        _require_known(name for name, _ in others)
        given = conninfo_to_dict(f"{base}?{urlencode(others, quote_via=quote)}")
    except (ValueError, psycopg.Error):
        raise StoreUnusable(_UNREADABLE) from None
    if not str(given.get("port", "0")).replace(",", "").isdecimal():
        raise StoreUnusable(_UNREADABLE)
    schema = _parse_schema([value for name, value in pairs if name == "schema"])
    texts = {name: str(value) for name, value in given.items() if value is not None}
    _require_limit(texts.get("connect_timeout", "2"))
    parameters: dict[str, str | int] = {**_DEFAULTS, **texts, "client_encoding": "utf8"}
    return PostgresAddress(_name({**_from_variables(texts), **texts}, schema), schema, parameters)


def _from_variables(given: Mapping[str, str]) -> Mapping[str, str]:
    """The parts of a name that come from variables, unless a service file comes before them."""
    if "service" in given or "PGSERVICE" in os.environ:
        return {}
    return {name: os.environ[variable] for name, variable in _VARIABLES.items() if os.environ.get(variable)}


def _require_known(names: Iterable[str]) -> None:
    # no part of a password: one with a question mark would be followed by an @
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for name in names:
        if name not in known:
            raise StoreUnusable(
                f"the address of the store has the unknown parameter {name[:40]!r}; beside schema it takes those of"
                " libpq, such as sslmode"
            )


def _require_limit(seconds: str) -> None:
    # libpq takes 0 for no limit, and a start would hang at a silent server
    if not re.fullmatch("[1-9][0-9]{0,2}", seconds, re.ASCII):
        raise StoreUnusable(f"connect_timeout of the store is {seconds[:20]!r}; 1 to 999 seconds are needed")


def _parse_schema(given: list[str]) -> str:
    if not given:
        return DEFAULT_SCHEMA
    schema = given[0]
    if len(given) > 1 or not 0 < len(schema.encode("utf-8", "replace")) <= _LONGEST_SCHEMA or "\0" in schema:
        shown = " and ".join(given)[:80]
        raise StoreUnusable(f"the store's schema is {shown!r}; one name of 1 to {_LONGEST_SCHEMA} bytes is needed")
    if schema.startswith("pg_"):
        raise StoreUnusable(f"the store's schema is {schema!r}; PostgreSQL keeps names that begin with pg_ for itself")
    return schema


def _name(given: Mapping[str, str], schema: str) -> str:
    user = f"{quote(given['user'])}@" if "user" in given else ""
    hosts, ports = given.get("host", "").split(","), given.get("port", "").split(",")
    pairs = zip_longest(hosts, ports * len(hosts) if len(ports) == 1 else ports, fillvalue="")
    servers = ",".join(_server(host, port) for host, port in pairs)
    return f"{SCHEME}{user}{servers}/{quote(given.get('dbname', ''))}?schema={quote(schema)}"


def _server(host: str, port: str) -> str:
    name = f"[{host}]" if ":" in host else quote(host, safe="")
    return f"{name}:{port}" if port else name
