"""A server named by `--target`: it gets one GET, without a key."""

from __future__ import annotations

from typing import Final

from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.cli.health_probe import PATH, Unhealthy, probe_health

SECONDS: Final = 10.0


def check_target(url: str) -> Diagnosis:
    """Ask the server for the health of a mock; any answer shows that it is reached."""
    try:
        health = probe_health(url, seconds=SECONDS)
    except Unhealthy as error:
        if error.is_mock:
            return Diagnosis("target", "wrong", str(error), "restart it")
        if error.status is None:
            return Diagnosis("target", "wrong", str(error), "start it, or correct the address")
        answer = f"{url} answers, and is no mock: {PATH} has status {error.status}"
        return Diagnosis("target", "note" if error.status >= 500 else "ok", answer)
    return Diagnosis("target", "ok", f"a mock answers at {url}: version {health.version}, profile {health.profile}")
