"""What is tested: the mock in this process, a URL, or a server of the document by name.

Rule 1: keys for real targets come from the environment, never from a flag.
Rule 2: a target that is neither loopback nor a mock is on rails, and the production host is refused.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver_contracts.defects import Defect, settings_of, with_defects
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.gate import Application, Limits, NoResponse, RawRequest, Transport, UnsendableRequest
from mockserver_contracts.target.transports import AsgiTransport, HttpTransport

# Where `mockserver serve` listens: the curl lines of an in-process run go there.
SERVE_URL: Final = "http://127.0.0.1:8765"
IN_PROCESS_KEY: Final = "sk-check-in-process"
KEY_VARIABLE: Final = "VIDEO_DB_API_KEY"
STAGING_KEY_VARIABLE: Final = "VIDEODB_STAGING_KEY"
NO_LIMITS: Final = Limits()
RAIL_REQUESTS: Final = 400
RAIL_PER_SECOND: Final = 10.0


class TargetRefused(Exception):
    """The target is not one that may be tested, or not like this; the message says why."""


class TargetFailed(Exception):
    """The target could not be reached at all."""

    def __init__(self, failure: RunFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Target:
    """A server under test and the terms on which it is."""

    name: str
    url: str
    key: ApiKey
    transport: Transport
    close: Callable[[], None]
    is_mock: bool
    profile: str | None = None
    on_rails: bool = False
    limits: Limits = NO_LIMITS


def in_process(profile: str, spec: Path | None = None, *, defects: Sequence[Defect] = ()) -> Target:
    """The mock in this process, with an empty store of its own; wrong where it is to have defects."""
    from mockserver import Settings, create_app

    settings = Settings(store="memory", profile=profile, spec=spec).having(**settings_of(defects))
    return of_application(with_defects(create_app(settings), defects), profile)


def of_application(application: Application, profile: str) -> Target:
    """An application of this process that answers as a mock does."""
    transport = AsgiTransport(application, SERVE_URL)
    key = ApiKey(IN_PROCESS_KEY, KEY_VARIABLE, stand_in="sk-check")
    return Target("mock", SERVE_URL, key, transport, transport.close, is_mock=True, profile=profile)


def address_of(given: str, document: Mapping[str, Any], *, allow_production: str | None = None) -> tuple[str, str]:
    """The URL and the host that `given`, a URL or the name of a server of the document, stands for.

    Raises TargetRefused when it is neither, or production that nobody allowed by name. Nothing is sent.
    """
    servers = _servers(document)
    url = servers.get(given.lower(), given)
    host = _host(url, given, servers)
    is_allowed = allow_production is not None and allow_production.lower().rstrip(".") == host
    if host in _production_hosts(document) and not is_allowed:
        raise TargetRefused(
            f"{host} is the document's production host; nothing is sent to it unless --allow-production {host} says so"
        )
    return url, host


def by_name(
    given: str,
    document: Mapping[str, Any],
    environ: Mapping[str, str],
    *,
    token_env: str | None,
    allow_production: str | None = None,
) -> Target:
    """The target that `given`, a URL or the name of a server of the document, stands for.

    Raises TargetRefused when it may not be tested, TargetFailed when it cannot be reached.
    """
    url, host = address_of(given, document, allow_production=allow_production)
    variable = token_env or (STAGING_KEY_VARIABLE if given.lower() == "staging" else KEY_VARIABLE)
    if url != given and not environ.get(variable):
        # A server of the document is no mock: without its key not even a look is sent there.
        raise TargetRefused(f"{given} needs an API key: set {variable}, or name another variable with --token-env")
    transport = HttpTransport(url)
    try:
        health = _health(transport)
        is_mock = health is not None
        # A real key that happens to be exported is not for a mock: there it must be asked for by name.
        value = environ.get(variable, "") if token_env or not is_mock else ""
        if not value and (token_env or not is_mock):
            raise TargetRefused(f"{given} needs an API key: set {variable}, or name another variable with --token-env")
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise TargetRefused(f"{variable} holds no API key: a key is printable ASCII without spaces around it")
        # A fresh account for a mock: nothing there is from an earlier run.
        key = (
            ApiKey(value, variable)
            if value
            else ApiKey(f"sk-check-{secrets.token_hex(8)}", variable, stand_in="sk-check")
        )
    except BaseException:
        transport.close()
        raise
    profile = str(health["profile"]) if health is not None and "profile" in health else None
    on_rails = not is_mock and not _is_loopback(host)
    limits = RAILS if on_rails else NO_LIMITS
    return Target(
        given, url, key, transport, transport.close, is_mock=is_mock, profile=profile, on_rails=on_rails, limits=limits
    )


def plan(target: Target) -> tuple[str, ...]:
    """What the rails let a run do to the target, in sentences; empty without rails."""
    return _rails(target.url) if target.on_rails else ()


def planned(url: str, host: str) -> tuple[str, ...]:
    """What a run would do to the address, if nothing has been sent there yet."""
    if _is_loopback(host):
        return (f"{url} is on this machine: no rails, nothing is held back.",)
    return (*_rails(url), "If it answers /_mock/health as a mock does, there are no rails.")


def _rails(url: str) -> tuple[str, ...]:
    seconds = RAIL_REQUESTS / RAIL_PER_SECOND
    return (
        f"{url} is neither loopback nor a mock, so this run is on rails:",
        f"at most {RAIL_REQUESTS} requests, {RAIL_PER_SECOND:.0f} a second, {seconds:.0f} s; no redirect is followed;",
        "only GET operations and POST /billing/checkout of the document, with an amount of 1; no payment.",
    )


def spends_more_than_a_dollar(request: RawRequest) -> bool:
    """Whether the request, if it were accepted, might be for another amount than 1."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return False
    amount = body.get("amount", 0) if isinstance(body, dict) else None
    try:
        dollars = float(amount) if isinstance(amount, int | float | str) and not isinstance(amount, bool) else 0.0
    except (ValueError, OverflowError):
        return isinstance(amount, int)
    return not (dollars < 1 or dollars == 1)


RAILS: Final = Limits(requests=RAIL_REQUESTS, per_second=RAIL_PER_SECOND, forbids=spends_more_than_a_dollar)


def _servers(document: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for server in document.get("servers", []):
        words = str(server.get("description", "")).split()
        if words:
            found.setdefault(words[0].lower(), str(server["url"]))
    return found


def _production_hosts(document: Mapping[str, Any]) -> frozenset[str]:
    servers = document.get("servers", [])
    described = [server for server in servers if "prod" in str(server.get("description", "")).lower()]
    # Where no description tells, the first server is the one its users call.
    hosts = (urlsplit(str(server["url"])).hostname for server in described or servers[:1])
    return frozenset(host.rstrip(".") for host in hosts if host and not _is_loopback(host))


def _host(url: str, given: str, servers: Mapping[str, str]) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise TargetRefused(f"{given!r} is no URL: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        names = ", ".join(sorted(servers)) or "none"
        raise TargetRefused(f"{given!r} is neither an http(s) URL nor a server of the document ({names})")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TargetRefused(f"{parts.hostname}: a target is a base URL without user, query or fragment")
    return parts.hostname.lower().rstrip(".")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _health(transport: HttpTransport) -> dict[str, Any] | None:
    request = RawRequest("GET", b"/_mock/health", b"", [(b"accept", b"application/json")], b"")
    try:
        answer = transport.exchange(request, within=10.0)
    except UnsendableRequest as error:
        raise TargetRefused(f"no request can be sent there: {error}") from None
    except NoResponse as unanswered:
        if unanswered.cause in {"malformed", "endless"}:
            return None
        raise TargetFailed(RunFailure(unanswered.cause, str(unanswered))) from None
    if answer.status != 200:
        return None
    try:
        health = json.loads(answer.body)
    except ValueError:
        return None
    return health if isinstance(health, dict) and health.get("status") == "ok" and "store" in health else None
