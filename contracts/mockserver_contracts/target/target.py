"""The server under test: the mock in this process, a URL, or a server of the document by name.

Rule 1: keys for real targets come from the environment, never from a flag.
Rule 2: a target that is neither loopback nor a mock is on rails.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mockserver_contracts.defects import Defect, settings_of, with_defects
from mockserver_contracts.exchange import NoResponse, Request
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.target.address import TargetRefused, hosts_of, is_loopback, resolve_address
from mockserver_contracts.target.gate import SPOKE, Limits, NotSent, Transport
from mockserver_contracts.target.rails.safety import NO_LIMITS, RAILS, describe_rails
from mockserver_contracts.target.transport.asgi_transport import Application, AsgiTransport
from mockserver_contracts.target.transport.http_transport import HttpTransport

# Where `mockserver serve` listens: the curl lines of an in-process run go there.
SERVE_URL: Final = "http://127.0.0.1:8765"
IN_PROCESS_KEY: Final = "sk-check-in-process"
KEY_VARIABLE: Final = "VIDEO_DB_API_KEY"
STAGING_KEY_VARIABLE: Final = "VIDEODB_STAGING_KEY"


class TargetUnreachable(Exception):
    """Nothing answers at the target."""

    def __init__(self, failure: RunFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Target:
    """A server under test and the conditions of its test."""

    name: str
    url: str
    key: ApiKey
    transport: Transport
    close: Callable[[], None]
    is_mock: bool
    profile: str | None = None
    on_rails: bool = False
    limits: Limits = NO_LIMITS
    # The server is one of the document's own, and implements it.
    is_of_document: bool = False

    @property
    def address(self) -> str:
        """Host, port and path; the name of an application of this process."""
        return self.name if self.is_in_process else self.url.partition("://")[2].rstrip("/")

    @property
    def rails(self) -> tuple[str, ...]:
        """The rails of a run on the target, in sentences; empty without rails."""
        return describe_rails(self.url) if self.on_rails else ()

    @property
    def is_in_process(self) -> bool:
        """The target is an application of this process."""
        return isinstance(self.transport, AsgiTransport)

    @property
    def opens_accounts(self) -> bool:
        """Every well-formed key opens an account. A mock to which a key was given by name may know no other."""
        return self.is_mock and bool(self.key.stand_in)


def mock_in_process(profile: str, spec: Path | None = None, *, defects: Sequence[Defect] = ()) -> Target:
    """The mock in this process, with an empty store of its own, and with these defects."""
    from mockserver import Settings, create_app

    settings = Settings(store="memory", profile=profile, spec=spec).having(**settings_of(defects))
    return target_of_application(with_defects(create_app(settings), defects), profile)


def target_of_application(application: Application, profile: str) -> Target:
    """An application of this process that answers as a mock does."""
    transport = AsgiTransport(application, SERVE_URL)
    key = ApiKey(IN_PROCESS_KEY, KEY_VARIABLE, stand_in="sk-check")
    return Target("mock", SERVE_URL, key, transport, transport.close, is_mock=True, profile=profile)


def open_target(
    given: str,
    document: Mapping[str, Any],
    environ: Mapping[str, str],
    *,
    token_env: str | None,
    allow_production: str | None = None,
) -> Target:
    """The target that `given` names: a URL, or a server of the document.

    Raises TargetRefused if it may not be tested, TargetUnreachable if nothing answers there.
    """
    url, host = resolve_address(given, document, allow_production=allow_production)
    variable = token_env or (STAGING_KEY_VARIABLE if given.lower() == "staging" else KEY_VARIABLE)
    if url != given and not environ.get(variable):
        # A server of the document is no mock: without its key not even a look is sent there.
        raise TargetRefused(_missing_key(given, variable))
    transport = HttpTransport(url)
    try:
        health = _health(transport)
        # A real key that happens to be exported is not for a mock: there it must be asked for by name.
        is_key_wanted = bool(token_env) or health is None
        value = environ.get(variable, "") if is_key_wanted else ""
        if not value and is_key_wanted:
            raise TargetRefused(_missing_key(given, variable))
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise TargetRefused(f"{variable} holds no API key: a key is printable ASCII without spaces around it")
        # A fresh account for a mock: nothing there is from an earlier run.
        fresh = ApiKey(f"sk-check-{secrets.token_hex(8)}", variable, stand_in="sk-check")
        key = ApiKey(value, variable) if value else fresh
    except BaseException:
        transport.close()
        raise
    on_rails = health is None and not is_loopback(host)
    return Target(
        name=given,
        url=url,
        key=key,
        transport=transport,
        close=transport.close,
        is_mock=health is not None,
        profile=str(health["profile"]) if health is not None and "profile" in health else None,
        on_rails=on_rails,
        limits=RAILS if on_rails else NO_LIMITS,
        is_of_document=host in hosts_of(document),
    )


def _missing_key(given: str, variable: str) -> str:
    return f"{given} needs an API key: set {variable}, or name another variable with --token-env"


def _health(transport: HttpTransport) -> dict[str, Any] | None:
    """The body of a mock's health check; None if the server is no mock."""
    request = Request("GET", f"{transport.url}/_mock/health", {"accept": "application/json"})
    try:
        response = transport.exchange(request, within=10.0)
    except NotSent as error:
        raise TargetRefused(f"no request can be sent there: {error}") from None
    except NoResponse as no_response:
        # A server, or a guard before it, may cut the connection of a request that it does not know.
        if no_response.cause in SPOKE or no_response.cause == "dropped":
            return None
        raise TargetUnreachable(RunFailure(no_response.cause, str(no_response))) from None
    if response.status != 200:
        return None
    try:
        health = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    return health if isinstance(health, dict) and health.get("status") == "ok" and "store" in health else None
