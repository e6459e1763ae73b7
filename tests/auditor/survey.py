"""A survey: everything that accounts have, read page by page."""

from __future__ import annotations

from typing import Final

import httpx

PAGE: Final = 100
VIEWS: Final = 1_000


def survey(client: httpx.Client, *keys: str) -> None:
    """Read sessions, invoices, credits and settings of the accounts. A recorded client hands them to the auditor."""
    for key in keys:
        for call in ("checkouts", "invoices"):
            offset = 0
            while _page_length(client, f"/billing/{call}", key, offset) == PAGE:
                offset += PAGE
        for call in ("usage", "auto_recharge"):
            client.get(f"/billing/{call}", headers={"x-access-token": key}).raise_for_status()
        # with each session's attempts to pay
        client.get("/_mock/sessions", params={"key": key, "limit": VIEWS}).raise_for_status()
        client.get("/_mock/clock", params={"key": key}).raise_for_status()


def _page_length(client: httpx.Client, path: str, key: str, offset: int) -> int:
    query = {"limit": PAGE, "offset": offset}
    answer = client.get(path, params=query, headers={"x-access-token": key}).raise_for_status()
    return len(answer.json()["data"])
