"""What the mock itself says of an account, through its control API."""

from __future__ import annotations

from typing import Any

import requests


def the_session(url: str, key: str) -> dict[str, Any]:
    """The one session that the key's account has."""
    (session,) = _answer("GET", f"{url}/_mock/sessions", params={"key": key})["sessions"]
    return dict(session)


def the_exchange(url: str, key: str) -> dict[str, Any]:
    """The one exchange that the key's account has had."""
    (exchange,) = _answer("GET", f"{url}/_mock/requests", params={"key": key})["requests"]
    return dict(exchange)


def paid(url: str, session_id: str) -> dict[str, Any]:
    """Pay a session; what the mock answers."""
    return _answer("POST", f"{url}/_mock/sessions/{session_id}/pay", json={})


def consumed(url: str, key: str, credits: float, *, category: str) -> dict[str, Any]:
    """Consume credits of the key's account; what the mock answers."""
    return _answer("POST", f"{url}/_mock/usage", json={"key": key, "credits": credits, "category": category})


def planned(url: str, key: str, **plan: Any) -> None:
    """Plan a fault for the key's account."""
    _answer("POST", f"{url}/_mock/faults", json={"match": {"key": key}, **plan})


def struck(url: str, key: str) -> list[int]:
    """How often each fault of the key's account has struck."""
    return [fault["struck"] for fault in _answer("GET", f"{url}/_mock/faults", params={"key": key})["faults"]]


def _answer(method: str, url: str, **options: Any) -> dict[str, Any]:
    reply = requests.request(method, url, timeout=30, **options)
    reply.raise_for_status()
    return dict(reply.json())
