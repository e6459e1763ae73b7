from __future__ import annotations

from typing import Any

import pytest
import yaml

from mockserver.contract import bundled_profiles, load, spec_folder
from mockserver.contract.pointer import value_at

CLAIMS: list[dict[str, Any]] = yaml.safe_load((spec_folder() / "claims.yaml").read_text(encoding="utf-8"))
BY_ID = {claim["id"]: claim for claim in CLAIMS}
KEYS = {"id", "voice", "place", "statement", "contradicts", "promised_by"}
VOICES = {"prose", "python-sample", "javascript-sample", "openapi"}


def test_claim_ids_are_unique() -> None:
    assert len(BY_ID) == len(CLAIMS)


def test_voices_have_claims() -> None:
    assert {claim["voice"] for claim in CLAIMS} == VOICES


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_claim_has_all_required_members(claim: dict[str, Any]) -> None:
    assert set(claim) == KEYS
    assert claim["id"] == claim["id"].lower().replace("_", "-").replace(" ", "-")
    assert claim["place"]
    assert claim["statement"].endswith(".")
    assert set(claim["promised_by"]) <= set(bundled_profiles())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["id"])
def test_contradiction_is_between_claims_of_different_voices(claim: dict[str, Any]) -> None:
    for other in claim["contradicts"]:
        assert claim["id"] in BY_ID[other]["contradicts"]
        assert BY_ID[other]["voice"] != claim["voice"]


@pytest.mark.parametrize(
    "claim", [each for each in CLAIMS if each["voice"] == "openapi"], ids=lambda claim: claim["id"]
)
def test_pointer_of_an_openapi_claim_exists_in_the_published_document(claim: dict[str, Any]) -> None:
    published = yaml.safe_load((spec_folder() / "videodb.yaml").read_text(encoding="utf-8"))
    assert value_at(published, claim["place"]) is not None


@pytest.mark.parametrize("name", bundled_profiles())
def test_profile_promises_its_claims_in_their_order(name: str) -> None:
    promised = tuple(claim["id"] for claim in CLAIMS if name in claim["promised_by"])
    assert load(name)[1].promises == promised


@pytest.mark.parametrize("name", bundled_profiles())
def test_contradicting_promises_concern_redirect_and_reply_names_only(name: str) -> None:
    promised = set(load(name)[1].promises)
    both = {tuple(sorted((id_, other))) for id_ in promised for other in BY_ID[id_]["contradicts"] if other in promised}
    allowed = {("redirects-in-camel-case", "redirects-in-snake-case")}
    if name == "page":
        allowed |= {
            ("checkout-url-at-top-level", "checkouturl-at-top-level"),
            ("checkout-url-at-top-level", "url-in-data"),
            ("checkouturl-at-top-level", "url-in-data"),
            ("python-sample-id-at-top-level", "url-in-data"),
            ("javascript-sample-id-at-top-level", "url-in-data"),
        }
    assert both == allowed
