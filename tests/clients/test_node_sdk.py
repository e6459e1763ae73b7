"""The real npm package `videodb`, against a listening mock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from .control import consumed, paid, the_exchange, the_session
from .programs import FOLDER, node_sdk


def test_checkout_returns_its_data_in_camel_case(url: str, key: str) -> None:
    data = node_sdk("checkout", url, key, {"mode": "payment", "amount": 50})["returned"]

    session = the_session(url, key)
    assert data == {
        "url": session["url"],
        "id": session["id"],
        "checkoutUrl": session["url"],
        "expiresAt": session["expires_at"],
    }


def test_journal_shows_header_of_the_package(url: str, key: str) -> None:
    node_sdk("checkout", url, key, {"amount": 50})

    assert dict(the_exchange(url, key)["headers"])["x-videodb-client"].startswith("videodb-node/")


def test_usage_grows_after_paid_checkout(url: str, key: str) -> None:
    before = node_sdk("usage", url, key)["returned"]
    paid(url, node_sdk("checkout", url, key, {"amount": 50})["returned"]["id"])
    after = node_sdk("usage", url, key)["returned"]

    assert (before["creditBalance"], after["creditBalance"]) == (0, 50)
    assert (after["usageThisMonth"], after["creditUsed"], after["breakdown"]) == (0, 0, {})


def test_usage_shows_consumption(url: str, key: str) -> None:
    paid(url, node_sdk("checkout", url, key, {"amount": 50})["returned"]["id"])
    consumed(url, key, 3.5, category="indexing")
    usage = node_sdk("usage", url, key)["returned"]

    assert (usage["creditBalance"], usage["usageThisMonth"], usage["creditUsed"]) == (46.5, 3.5, 3.5)
    assert usage["breakdown"] == {"indexing": 3.5}


def test_invoices_are_the_camel_case_object_that_the_package_makes(url: str, key: str) -> None:
    paid(url, node_sdk("checkout", url, key, {"amount": 50})["returned"]["id"])
    invoices = node_sdk("invoices", url, key)["returned"]

    assert list(invoices) == ["0"]
    assert (invoices["0"]["amount"], invoices["0"]["status"]) == (50, "paid")
    assert requests.get(invoices["0"]["pdfUrl"], timeout=30).content.startswith(b"%PDF-")


def test_refused_order_raises_reason_phrase_and_message_of_the_mock(url: str, key: str) -> None:
    order = {"amount": "50"}
    refused = requests.post(f"{url}/billing/checkout", json=order, headers={"x-access-token": key}, timeout=30)

    raised = node_sdk("checkout", url, key, order)["raised"]

    assert raised["name"] == "InvalidRequestError"
    assert raised["message"] == "Error 400: Bad Request"
    assert raised["cause"] == {"cause": refused.json()["message"]}


@pytest.mark.parametrize("call", ["checkout", "usage"])
def test_bad_key_raises_authentication_error(url: str, call: str) -> None:
    raised = node_sdk(call, url, "demo", {"amount": 50})["raised"]

    assert (raised["name"], raised["cause"]) == ("AuthenticationError", "Invalid API Key")


def test_base_url_may_end_in_a_slash(url: str, key: str) -> None:
    assert node_sdk("usage", f"{url}/", key)["returned"]["creditBalance"] == 0


def test_openapi_profile_works_with_the_package(address_of: Callable[[str], str], key: str) -> None:
    url = address_of("openapi")

    assert node_sdk("checkout", url, key, {"amount": 50}) == {"returned": {"url": the_session(url, key)["url"]}}
    assert node_sdk("usage", url, key)["returned"]["creditBalance"] == 0


def test_lock_file_has_versions_and_no_registry() -> None:
    text = (FOLDER / "package-lock.json").read_text()

    assert '"integrity"' in text
    assert '"resolved"' not in text
