"""The value at the pointer of each openapi claim says what the claim says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from mockserver_contracts.results.claims import Claim, load_claims

from mockserver.contract import spec_folder
from mockserver.contract.pointer import value_at

CLAIMS = [claim for claim in load_claims() if claim.voice == "openapi"]
PUBLISHED: dict[str, Any] = yaml.safe_load((spec_folder() / "videodb.yaml").read_text("utf-8"))
CHECKOUT = PUBLISHED["paths"]["/billing/checkout"]


def equals(expected: object) -> Callable[[Any], bool]:
    return lambda value: bool(value == expected)


SAYS: dict[str, Callable[[Any], bool]] = {
    "checkout-is-a-post": lambda value: list(CHECKOUT) == ["post"] and value is CHECKOUT["post"],
    "body-is-required": equals(True),
    "body-is-json": lambda _: list(CHECKOUT["post"]["requestBody"]["content"]) == ["application/json"],
    "body-is-an-object": equals("object"),
    "no-field-is-required": lambda schema: "required" not in schema and "minProperties" not in schema,
    "unknown-fields-are-accepted": lambda schema: "additionalProperties" not in schema,
    "mode-is-payment-or-subscription": equals(["payment", "subscription"]),
    "plan-id-is-text": equals("string"),
    "amount-any-number": equals("number"),
    "amount-nothing-but-a-number": equals("number"),
    "success-is-200": lambda _: list(CHECKOUT["post"]["responses"]) == ["200"],
    "reply-is-json": lambda media: media["schema"]["type"] == "object",
    "success-flag": equals({"type": "boolean", "example": True}),
    "url-in-data": lambda schema: schema["type"] == "string",
    "url-is-on-stripe": lambda url: url.startswith("https://checkout.stripe.com/"),
    "key-is-required": lambda scopes: scopes == [] and CHECKOUT["post"]["security"] == [{"ApiKeyAuth": []}],
    "key-in-x-access-token": equals("x-access-token"),
    "key-begins-with-sk": lambda description: "(sk-" in description,
    "production-server": equals("https://api.videodb.io"),
    "staging-server": equals("https://staging-api.videodb.io"),
}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_value_at_the_pointer_says_the_claim(claim: Claim) -> None:
    assert SAYS[claim.id](value_at(PUBLISHED, claim.place))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_name_of_a_value_is_in_the_statement(claim: Claim) -> None:
    value = value_at(PUBLISHED, claim.place)
    names = value if isinstance(value, list) else [value]
    for name in names:
        if isinstance(name, str) and name not in ("object", "number", "string") and " " not in name:
            host = name.removeprefix("https://").partition("/")[0]
            assert host in claim.statement


def test_every_claim_of_the_document_has_its_test_and_no_other() -> None:
    assert set(SAYS) == {claim.id for claim in CLAIMS}
