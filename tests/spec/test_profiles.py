"""The replies of each bundled profile match its contract in every member."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.contract import Json, Profile, bundled_profiles, load

ID = "cs_test_" + "a1" * 29
URL = f"http://127.0.0.1:8765/c/pay/{ID}"
CHECKOUT: dict[str, Any] = {
    "url": URL,
    "id": ID,
    "expires_at": "2030-01-02T00:00:00.000Z",
    "created_at": "2030-01-01T00:00:00.000Z",
    "amount": 50,
    "currency": "usd",
    "status": "pending",
    "mode": "payment",
    "plan_id": None,
}
USAGE: dict[str, Any] = {
    "credit_balance": 100.5,
    "usage_this_month": 25.75,
    "breakdown": {"indexing": 20.25},
    "plan_id": "plan-basic",
    "email": "developer@example.com",
    "credit_used": 120.25,
}
UNITS = {"dubbing": 0, "transcription": 120.5}
COST_METRIC = {"dubbing": 0.15, "transcription": 0.01}
PAGE: Json = {
    "success": True,
    "data": {"url": URL, "id": ID, "checkout_url": URL, "expires_at": "2030-01-02T00:00:00.000Z"},
    "id": ID,
    "checkout_url": URL,
    "checkoutUrl": URL,
}
REPLIES: dict[str, Json] = {
    "page": PAGE,
    "observed": PAGE,
    "openapi": {"success": True, "data": {"url": URL}},
    "python-sample": {"checkout_url": URL, "id": ID},
    "javascript-sample": {"checkoutUrl": URL, "id": ID},
}


def faults(profile: str, method: str, path: str, status: int, body: Json) -> tuple[object, ...]:
    item = load(profile)[0].path(path)
    assert item is not None
    operation = item.operation(method)
    assert operation is not None
    return operation.response_violations(status, "application/json", body)


@pytest.mark.parametrize("name", bundled_profiles())
def test_checkout_reply_has_the_shape_of_the_profile(name: str) -> None:
    body = load(name)[1].checkout_body(CHECKOUT)
    assert body == REPLIES[name]
    assert faults(name, "POST", "/billing/checkout", 200, body) == ()


def without_each_member(body: Any) -> Iterator[tuple[str, Any]]:
    for key in body:
        without = copy.deepcopy(body)
        del without[key]
        yield key, without
        if isinstance(body[key], dict):
            for inner, changed in without_each_member(body[key]):
                yield f"{key}.{inner}", {**copy.deepcopy(body), key: changed}


@pytest.mark.parametrize("name", bundled_profiles())
def test_checkout_reply_members_are_required(name: str) -> None:
    for member, body in without_each_member(REPLIES[name]):
        assert faults(name, "POST", "/billing/checkout", 200, body), member


@pytest.mark.parametrize("name", [each for each in bundled_profiles() if each not in ("page", "observed")])
def test_narrow_profiles_allow_no_further_members(name: str) -> None:
    reply = REPLIES[name]
    assert isinstance(reply, dict)
    assert faults(name, "POST", "/billing/checkout", 200, {**reply, "more": 1})


@pytest.mark.parametrize(
    "change", [{"expires_at": "2030-01-02T00:00:00Z"}, {"id": "cs_test_1"}, {"id": ID + "x"}, {"url": "/c/pay/1"}]
)
def test_profile_page_checks_the_format_of_its_reply(change: dict[str, Any]) -> None:
    body = load("page")[1].checkout_body(CHECKOUT | change)
    assert faults("page", "POST", "/billing/checkout", 200, body)


@pytest.mark.parametrize("name", bundled_profiles())
def test_list_usage_and_refusals_are_videodbs_in_every_profile(name: str) -> None:
    profile: Profile = load(name)[1]
    item = {key: CHECKOUT[key] for key in ("id", "amount", "currency", "status", "created_at")}
    assert profile.list_body([CHECKOUT, CHECKOUT | {"amount": None}]) == {
        "success": True,
        "data": [item, item | {"amount": None}],
    }
    refusal = {"message": "no", "error_code": "invalid_request"}
    assert profile.error_body(refusal) == {"success": False, **refusal}
    listed = {"errors": [{"pointer": "", "message": "no", "code": "type"}], "decline_code": "generic_decline"}
    assert profile.error_body(refusal | listed) == {"success": False, **refusal, **listed}
    for status in (400, 401, 413, 415, 431):
        assert faults(name, "POST", "/billing/checkout", status, profile.error_body(refusal | listed)) == ()
    assert faults(name, "GET", "/billing/checkouts", 200, profile.list_body([CHECKOUT])) == ()
    assert faults(name, "GET", "/billing/checkouts", 200, profile.list_body([])) == ()


@pytest.mark.parametrize("name", bundled_profiles())
def test_usage_members_are_required_except_in_maps(name: str) -> None:
    body = load(name)[1].usage_body({**USAGE, "units": UNITS, "cost_metric": COST_METRIC})
    more = {"cost_metric": COST_METRIC, **UNITS} if name == "observed" else {}
    assert body == {"success": True, "data": {**USAGE, **more}}
    assert faults(name, "GET", "/billing/usage", 200, body) == ()
    free = ("data.breakdown.", "data.cost_metric.", *(f"data.{resource}" for resource in UNITS))
    for member, changed in without_each_member(body):
        assert bool(faults(name, "GET", "/billing/usage", 200, changed)) is not member.startswith(free), member


@pytest.mark.parametrize(
    "change", [{"scene": "many"}, {"scene": -1}, {"cost_metric": {"scene": "dear"}}, {"cost_metric": 5}]
)
def test_profile_observed_checks_units_and_prices(change: dict[str, Any]) -> None:
    body = {"success": True, "data": {**USAGE, "cost_metric": COST_METRIC, **change}}
    assert faults("observed", "GET", "/billing/usage", 200, body)


def test_profile_observed_alone_allows_an_overdraft() -> None:
    assert [name for name in bundled_profiles() if load(name)[1].overdraft] == ["observed"]
    body = {"success": True, "data": {**USAGE, "credit_balance": -1.5, "cost_metric": COST_METRIC}}
    assert faults("observed", "GET", "/billing/usage", 200, body) == ()


@pytest.mark.parametrize("name", bundled_profiles())
def test_profile_has_its_files_name_and_videodbs_words(name: str) -> None:
    _, profile = load(name)
    assert (profile.name, profile.amount_unit, profile.session_ttl) == (name, "dollars", "24h")
    assert profile.status_words == {word: word for word in ("pending", "completed", "expired")}
    assert profile.source.endswith(f"{name}.yaml")
    assert profile.description
