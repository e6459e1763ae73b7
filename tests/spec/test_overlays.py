from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.contract import Contract, Operation, bundled_profiles, load, spec_folder

WORDS = (
    "VideoDB's page, prose",
    "VideoDB's page, Python sample",
    "VideoDB's page, JavaScript sample",
    "VideoDB's page, OpenAPI fragment",
    "VideoDB's published OpenAPI",
    "Observed in a public application, May 2026",
    "ow Stripe Checkout behaves",
    "ur assumption",
)
OVERLAYS = sorted((spec_folder() / "overlays").glob("*.yaml"))
ERROR_CODES = {
    *("invalid_json", "invalid_request", "unauthorized", "not_found", "session_not_found", "method_not_allowed"),
    *("payload_too_large", "unsupported_media_type", "headers_too_large", "session_completed", "session_expired"),
    *("card_declined", "authentication_required", "insufficient_credits", "clock_moves_back", "forbidden_host"),
    *("forbidden_origin", "control_token_required"),
}


@pytest.mark.parametrize("file", OVERLAYS, ids=lambda file: file.stem)
def test_overlay_action_names_its_source(file: Path) -> None:
    overlay = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert overlay["overlay"] == "1.0.0"
    for action in overlay["actions"]:
        assert any(word in action["description"] for word in WORDS), action["description"]


def test_overlays_belong_to_a_profile() -> None:
    profiles = [
        yaml.safe_load(file.read_text(encoding="utf-8")) for file in (spec_folder() / "profiles").glob("*.yaml")
    ]
    named = {overlay for profile in profiles for overlay in profile["overlays"]}
    assert named == {f"../overlays/{file.name}" for file in OVERLAYS}


@pytest.fixture(params=bundled_profiles())
def contract(request: pytest.FixtureRequest) -> Contract:
    return load(request.param)[0]


def test_billing_operations_declare_their_refusals(contract: Contract) -> None:
    for path, item in contract.document["paths"].items():
        for method, operation in item.items():
            statuses = {"200", "400", "401", "413", "431"} | ({"415"} if method == "post" else set())
            assert set(operation["responses"]) == statuses, path


def test_error_codes_are_a_closed_list(contract: Contract) -> None:
    error: dict[str, Any] = contract.document["components"]["schemas"]["mockserver.Error"]
    assert set(error["properties"]["error_code"]["enum"]) == ERROR_CODES


def the_checkout(profile: str) -> Operation:
    item = load(profile)[0].path("/billing/checkout")
    assert item is not None
    operation = item.operation("POST")
    assert operation is not None
    return operation


ACCEPTED = [
    "https://yourapp.com/billing/success",
    "http://localhost:3000",
    "HTTP://LOCALHOST/",
    "http://host.docker.internal:5173/a?b=c#d",
    "http://my_app/",
    "http://127.0.0.1",
    "http://[::1]:8080/x",
    "https://user:word@shop.example/",
    "https://shop.example?session={CHECKOUT_SESSION_ID}",
    "https://shop.example#fragment",
    "https://shop.example:/",
    "https://xn--bcher-kva.example/%C3%BC",
]
REFUSED = [
    "",
    "/billing/success",
    "//shop.example/",
    "shop.example",
    "https:shop.example",
    "https:/shop.example",
    "https://",
    "https:///path",
    "https://?x",
    "https://:443/",
    "https://user@",
    "https://user@/x",
    "https://..",
    "https://shop.example:port/",
    "https://shop.example:123456/",
    "https://shop.example\\@evil.example/",
    "https://shop.example/a b",
    " https://shop.example/",
    "https://shop.example/ ",
    "https://shop.example/\n",
    "https://shop.example/\r\nSet-Cookie: a=b",
    "https://shop.example/\0",
    "https://shop.example/\x7f",
    "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example/",
    "https://{CHECKOUT_SESSION_ID}/",
    "javascript:alert(1)",
    "JavaScript://shop.example/%0aalert(1)",
    "data:text/html,x",
    "ftp://shop.example/",
    None,
    5,
    ["https://shop.example/"],
]


@pytest.mark.parametrize("name", ["success_url", "cancel_url", "successUrl", "cancelUrl"])
@pytest.mark.parametrize("profile", bundled_profiles())
def test_redirect_is_an_absolute_url_except_in_the_published_document(profile: str, name: str) -> None:
    checkout = the_checkout(profile)
    for url in ACCEPTED:
        assert checkout.accepts_body({"amount": 50, name: url}), url
    for refused in REFUSED:
        assert checkout.accepts_body({"amount": 50, name: refused}) is (profile == "openapi"), refused


@pytest.mark.parametrize("body", [{}, {"amount": -1}, {"amount": 10.5}, {"amount": 1e300}, {"mode": "subscription"}])
def test_published_document_accepts_bodies_that_the_prose_refuses(body: dict[str, Any]) -> None:
    for profile in bundled_profiles():
        checkout = the_checkout(profile)
        assert checkout.accepts_body(body) is (profile == "openapi"), profile
