from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.profile.checks import ProfileError
from mockserver.contract.profile.profile import Profile
from tests.contract.builders import A_SESSION_ID, a_checkout


def a_profile(**changes: Any) -> dict[str, Any]:
    profile = {
        "name": "mine",
        "overlays": [],
        "reply": {
            "checkout": {"link": "{url}"},
            "checkouts": {"sessions": "{items}"},
            "checkouts_item": {"id": "{id}"},
            "usage": {"left": "{credit_balance}"},
        },
        "error": {"body": {"oops": "{message}", "more": "{errors?}"}},
    }
    return profile | changes


def test_optional_profile_members_have_defaults() -> None:
    profile = Profile.of(a_profile(), source="mine.yaml")
    assert profile.status_words == {"pending": "pending", "completed": "completed", "expired": "expired"}
    assert (profile.amount_unit, profile.session_ttl, profile.overdraft) == ("dollars", "24h", False)
    assert (profile.promises, profile.evidence, profile.description) == ((), (), "")
    assert profile.error_status("invalid_request", 400) == 400


def test_bodies_follow_the_templates() -> None:
    profile = Profile.of(a_profile(), source="mine.yaml")
    assert profile.checkout_body(a_checkout(url="here")) == {"link": "here"}
    assert profile.list_body([a_checkout(), a_checkout(id="other")]) == {
        "sessions": [{"id": A_SESSION_ID}, {"id": "other"}]
    }
    assert profile.usage_body({"credit_balance": 5}) == {"left": 5}
    assert profile.error_body({"message": "no", "errors": None}) == {"oops": "no"}


def test_profile_may_allow_an_overdraft() -> None:
    assert Profile.of(a_profile(overdraft=True), source="mine.yaml").overdraft is True


def test_profile_can_change_words_unit_lifetime_and_error_statuses() -> None:
    error = {"body": {"oops": "{message}"}, "status": {"invalid_request": 422}}
    changes = {"status_words": {"pending": "open"}, "amount_unit": "cents", "session_ttl": "30m", "error": error}
    profile = Profile.of(a_profile(**changes), source="mine.yaml")
    assert profile.status_words == {"pending": "open", "completed": "completed", "expired": "expired"}
    assert (profile.amount_unit, profile.session_ttl) == ("cents", "30m")
    assert (profile.error_status("invalid_request", 400), profile.error_status("unauthorized", 401)) == (422, 401)


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"nmae": "x"}, "/nmae", "nmae is not a key of a profile"),
        ({"reply": {}}, "/reply", "the template checkout is missing"),
        ({"reply": {"checkuot": {}}}, "/reply/checkuot", "checkuot is not a key"),
        (
            {"reply": {**a_profile()["reply"], "usage": {"a": ["{nope}"]}}},
            "/reply/usage/a/0",
            "{nope} is not a placeholder",
        ),
        ({"reply": 5}, "/reply", "a mapping is needed"),
        (
            {"error": {"body": {}, "status": {"unauthorized": 200}}},
            "/error/status/unauthorized",
            "is not an error status",
        ),
        (
            {"error": {"body": {}, "status": {"unauthorized": "401"}}},
            "/error/status/unauthorized",
            "not an error status",
        ),
        ({"amount_unit": "euros"}, "/amount_unit", "use dollars or cents"),
        ({"overdraft": "yes"}, "/overdraft", "true or false is needed"),
        ({"session_ttl": "soon"}, "/session_ttl", "not a duration"),
        ({"session_ttl": 24}, "/session_ttl", "a duration such as 24h is needed"),
        ({"status_words": {"paid": "x"}}, "/status_words/paid", "paid is not a key"),
        ({"status_words": {"pending": 1}}, "/status_words/pending", "text is needed"),
        ({"promises": [1]}, "/promises/0", "text is needed"),
        ({"overlays": {}}, "/overlays", "a list is needed"),
        ({"name": 5}, "/name", "text is needed"),
    ],
)
def test_invalid_profile_is_refused_with_a_pointer(changes: dict[str, Any], pointer: str, said: str) -> None:
    with pytest.raises(ProfileError) as refused:
        Profile.of(a_profile(**changes), source="mine.yaml")
    assert (refused.value.pointer, said in refused.value.reason) == (pointer, True)


@pytest.mark.parametrize("name", ["name", "overlays", "reply", "error"])
def test_missing_profile_member_is_named(name: str) -> None:
    data = a_profile()
    del data[name]
    with pytest.raises(ProfileError, match=f"a profile needs {name}"):
        Profile.of(data, source="mine.yaml")
