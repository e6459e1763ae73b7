"""A listener at a host and a port."""

from __future__ import annotations

import socket
from typing import Final

_SECONDS: Final = 2.0


def refuses_connections(host: str, port: int) -> bool:
    """The machine refuses a connection to the port; one that keeps silent may answer to others."""
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return False
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
