"""The registry of symptoms, and what several of them need: requests, pages and redirects."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import httpx

from tests.web.mock_client import Mock

Symptom = Callable[[Mock], bool]
SYMPTOMS: Final[dict[str, Symptom]] = {}

SHOP: Final[dict[str, Any]] = {
    "amount": 5,
    "success_url": "https://shop.example/yes?s={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.example/no?from=pay",
}
DECLINED: Final = "4000000000000002"


def symptom(name: str) -> Callable[[Symptom], Symptom]:
    def kept(shown: Symptom) -> Symptom:
        assert name not in SYMPTOMS
        SYMPTOMS[name] = shown
        return shown

    return kept


def accepts(body: Any, **more: Any) -> Symptom:
    """That an order is accepted."""
    return lambda mock: mock.billing("POST", "checkout", json=body, **more).status_code == 200


def refuses(body: Any) -> Symptom:
    """That a good order is refused."""
    return lambda mock: mock.checkout(body).status_code == 400


def reads(raw: bytes, *, media_type: str = "application/json") -> Symptom:
    """That a body, byte for byte, is accepted."""
    return lambda mock: raw_checkout(mock, raw, media_type=media_type).status_code == 200


def crashes(body: Any) -> Symptom:
    """That an order makes the server fail, where without a key it is refused as ever."""
    return lambda mock: (
        mock.checkout(body).status_code == 500 and mock.post("/billing/checkout", body).status_code == 401
    )


def raw_checkout(mock: Mock, raw: bytes, *, media_type: str = "application/json") -> httpx.Response:
    return mock.billing("POST", "checkout", content=raw, headers={"content-type": media_type})


def reply(mock: Mock) -> Any:
    return mock.checkout({"amount": 5}).json()


def pages(mock: Mock) -> list[str]:
    """The ids of twelve sessions, read page by page."""
    for _ in range(12):
        mock.create()
    return [row["id"] for offset in range(0, 12, 4) for row in mock.listed(limit=4, offset=offset)]


def form_of(mock: Mock, name: str) -> dict[str, str]:
    csrf = re.search(r'name="csrf" value="([^"]+)"', mock.get(f"/c/pay/{name}").text)
    return {"csrf": csrf[1] if csrf else ""}


def through_the_page(mock: Mock, name: str, action: str, **fields: str) -> httpx.Response:
    return mock.post(f"/c/pay/{name}", data={**form_of(mock, name), "action": action, **fields})


def redirect(mock: Mock, action: str) -> str:
    """The redirect of the page and of the control API; both must agree."""
    first, second = mock.create(**SHOP), mock.create(**SHOP)
    paged = through_the_page(mock, first, action).headers["location"].replace(first, "ID")
    controlled: str = mock.post(f"/_mock/sessions/{second}/{action}", {}).json()["redirect_url"].replace(second, "ID")
    assert paged == controlled
    return paged


def alive_after(mock: Mock, by: str) -> bool:
    name = mock.create()
    mock.advance(by)
    return mock.pay(name).status_code == 200
