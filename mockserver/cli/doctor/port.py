"""The port: free, or taken by a mock or by something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.cli.health_probe import Health, Unhealthy, probe_health
from mockserver.settings import Settings

REACHABLE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""The address of this machine for a host that stands for all addresses."""


def check_port(settings: Settings) -> Iterator[Diagnosis]:
    """Listen for a moment, as `serve` would; ask a taken port for a mock."""
    from mockserver.server import PortTaken, bound_socket

    try:
        bound_socket(settings.host, settings.port).close()
    except PortTaken as error:
        yield _taken(settings, str(error))
    else:
        shown = f"port {settings.port} of {settings.host} is free" if settings.port else "serve picks a free port"
        yield Diagnosis("port", "ok", shown)


def _taken(settings: Settings, refusal: str) -> Diagnosis:
    host = REACHABLE.get(settings.host, settings.host)
    url = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    found = _ask(url)
    if isinstance(found, Health):
        return Diagnosis(
            "port",
            "note",
            f"a mock answers at {url}: version {found.version}, profile {found.profile}, store {found.store}",
            "use that one, or give --port 0 for another",
        )
    if found.is_mock:
        return Diagnosis("port", "wrong", str(found), "restart that mock, or give --port 0 for another")
    if found.status is not None:
        return Diagnosis("port", "wrong", f"another server has the port: {found}", "--port 0 picks a free one")
    return Diagnosis("port", "wrong", refusal)


def _ask(url: str) -> Health | Unhealthy:
    try:
        return probe_health(url)
    except Unhealthy as error:
        return error
