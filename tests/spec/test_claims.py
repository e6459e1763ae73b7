from __future__ import annotations

from typing import Any

import pytest
import yaml
from mockserver_contracts.results.claims import VOICES, Claim, load_claims

from mockserver.contract import bundled_profiles, load, spec_folder
from mockserver.contract.pointer import value_at

CLAIMS = load_claims()
BY_ID = {claim.id: claim for claim in CLAIMS}
KEYS = {"id", "voice", "place", "statement", "contradicts", "promised_by"}
OF_VOICE: dict[str, set[str]] = {"observed": {"rests_on", "seen"}, "openapi": set()}


def claim_id(claim: Claim) -> str:
    return claim.id


def test_claim_ids_are_unique() -> None:
    assert len(BY_ID) == len(CLAIMS)


def test_every_voice_claims_something() -> None:
    assert {claim.voice for claim in CLAIMS} == set(VOICES)


def test_claim_in_the_file_has_every_key_and_no_other() -> None:
    entries: list[dict[str, Any]] = yaml.safe_load((spec_folder() / "claims.yaml").read_text("utf-8"))
    for entry in entries:
        of_coverage = {"untouchable"} if "untouchable" in entry else {"touched_by", "example"}
        assert set(entry) == KEYS | of_coverage | OF_VOICE.get(entry["voice"], {"quote"}), entry["id"]


def test_observed_claim_names_its_witness_and_is_promised_by_one_profile() -> None:
    observed = [claim for claim in CLAIMS if claim.voice == "observed"]
    assert observed
    for claim in observed:
        assert (claim.rests_on, claim.seen) == ("a public application that reads the answer to a real key", "May 2026")
        assert claim.promised_by == ("observed",)


def test_profile_observed_promises_every_claim_of_page_too() -> None:
    for claim in CLAIMS:
        if claim.voice != "observed":
            assert ("observed" in claim.promised_by) == ("page" in claim.promised_by), claim.id


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_claim_has_an_id_a_place_a_sentence_and_bundled_profiles(claim: Claim) -> None:
    assert claim.id == claim.id.lower().replace("_", "-").replace(" ", "-")
    assert claim.place
    assert claim.statement.endswith(".")
    assert set(claim.promised_by) <= set(bundled_profiles())


@pytest.mark.parametrize("claim", CLAIMS, ids=claim_id)
def test_contradiction_is_between_two_claims_of_different_voices(claim: Claim) -> None:
    for other in claim.contradicts:
        assert claim.id in BY_ID[other].contradicts
        assert BY_ID[other].voice != claim.voice


@pytest.mark.parametrize("claim", [each for each in CLAIMS if each.voice == "openapi"], ids=claim_id)
def test_pointer_of_an_openapi_claim_leads_into_the_published_document(claim: Claim) -> None:
    published = yaml.safe_load((spec_folder() / "videodb.yaml").read_text(encoding="utf-8"))
    assert value_at(published, claim.place) is not None


@pytest.mark.parametrize("name", bundled_profiles())
def test_bundled_profile_promises_claims_in_claims_yaml_alone(name: str) -> None:
    assert load(name)[1].promises == ()
    assert [claim.id for claim in CLAIMS if name in claim.promised_by]


@pytest.mark.parametrize("name", bundled_profiles())
def test_promised_claims_contradict_only_in_redirects_and_reply_fields(name: str) -> None:
    promised = {claim.id for claim in CLAIMS if name in claim.promised_by}
    both = {tuple(sorted((id_, other))) for id_ in promised for other in BY_ID[id_].contradicts if other in promised}
    allowed = {("redirects-in-camel-case", "redirects-in-snake-case")}
    if name in ("page", "observed"):
        allowed |= {
            ("checkout-url-at-top-level", "checkouturl-at-top-level"),
            ("checkout-url-at-top-level", "url-in-data"),
            ("checkouturl-at-top-level", "url-in-data"),
            ("python-sample-id-at-top-level", "url-in-data"),
            ("javascript-sample-id-at-top-level", "url-in-data"),
        }
    assert both == allowed
