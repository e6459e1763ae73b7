"""Read and change an account through the control API."""

from __future__ import annotations

from typing import Any

import requests


def the_session(url: str, key: str) -> dict[str, Any]:
    """The only session of the key's account."""
    (session,) = _answer("GET", f"{url}/_mock/sessions", params={"key": key})["sessions"]
    return dict(session)


def the_exchange(url: str, key: str) -> dict[str, Any]:
    """The only journal entry of the key's account."""
    (exchange,) = _answer("GET", f"{url}/_mock/requests", params={"key": key})["requests"]
    return dict(exchange)


def paid(url: str, session_id: str) -> dict[str, Any]:
    """Pay a session, and return the answer."""
    return _answer("POST", f"{url}/_mock/sessions/{session_id}/pay", json={})


def consumed(url: str, key: str, credits: float, *, category: str) -> dict[str, Any]:
    """Consume credits of the key's account, and return the answer."""
    return _answer("POST", f"{url}/_mock/usage", json={"key": key, "credits": credits, "category": category})


def planned(url: str, key: str, **plan: Any) -> None:
    """Plan a fault for the key's account."""
    _answer("POST", f"{url}/_mock/faults", json={"match": {"key": key}, **plan})


def struck(url: str, key: str) -> list[int]:
    """The number of uses of each fault of the key's account."""
    return [fault["struck"] for fault in _answer("GET", f"{url}/_mock/faults", params={"key": key})["faults"]]


def _answer(method: str, url: str, **options: Any) -> dict[str, Any]:
    reply = requests.request(method, url, timeout=30, **options)
    reply.raise_for_status()
    return dict(reply.json())
