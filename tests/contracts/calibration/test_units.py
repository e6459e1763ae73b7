"""A server that shows units flat in data, a price map and negative balances is found, calibrated and then matched."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from mockserver import Settings, create_app, running
from mockserver.contract import load
from tests.contracts.calibration.test_calibration import CHECKS, FEW, LEFT, Calibrated, calibrated, drift
from tests.contracts.runs import KEY
from tests.contracts.servers.independent import Other
from tests.matrix import IS_LONG

PRICES = {
    **{f"resource_{number}": number / 100 for number in range(30)},
    **{"transcription": 0.01, "dubbing": 0.15, "llm": 1},
}
# Both are true of a body that is missing, and the words for people are free.
OF_NO_BODY = {
    "Another status: 415 for 400",
    "Another word at /error_code of 4xx: unsupported_media_type for invalid_json",
    # NaN for a text is no JSON to one parser, and a wrong type to the other.
    "Another word at /error_code of 4xx: invalid_request for invalid_json",
    "Other words for people at /message of 2xx",
    "Other words for people at /message of 4xx",
}


def metered() -> Other:
    """A server with units of 33 resources and with overdrafts."""
    return Other(control=True, prices=PRICES)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Calibrated:
    """The profile calibrated against the metered server."""
    return calibrated(metered(), tmp_path_factory.mktemp("calibration") / "metered.yaml")


@pytest.fixture
def profile_file(first: Calibrated) -> Path:
    return first.file


def test_profile_of_a_metered_server_has_its_units_and_names_its_prices(first: Calibrated) -> None:
    profile, gaps = first.profile, first.left
    assert profile["reply"]["usage"] == {
        "success": True,
        "data": {
            "credit_used": "{credit_used}",
            "credit_balance": "{credit_balance}",
            "plan_id": "{plan_id}",
            "cost_metric": "{cost_metric}",
            "...": "{units}",
        },
    }
    assert profile["overdraft"] is True
    assert {entry["entry"] for entry in profile["evidence"]} >= {"overdraft", "reply.usage"}
    (of_prices,) = (gap for gap in gaps if "prices" in gap)
    assert of_prices.startswith("usage: the prices of units are settings of the mock: --price ")
    assert "--price dubbing=0.15" in of_prices
    assert {"units-flat-in-data", "cost-metric-has-prices"} <= set(profile["promises"])


def test_first_drift_finds_units_prices_and_overdrafts(first: Calibrated) -> None:
    titles = first.drifts
    assert any(title.startswith("The mock has none of 34 members of /data: cost_metric, ") for title in titles)
    assert "The target has no /data/usage_this_month of 2xx" in titles
    assert "Consume too much: outcome accepted for refused" in titles


def test_second_drift_is_clean(profile_file: Path) -> None:
    titles = {finding.title for finding in drift(metered(), str(profile_file), max_examples=FEW, **CHECKS).findings}
    assert titles <= LEFT | OF_NO_BODY


def test_calibrated_reply_has_open_names_and_declared_members(profile_file: Path) -> None:
    document = load(str(profile_file))[0].document
    responses = document["paths"]["/billing/usage"]["get"]["responses"]
    data = responses["200"]["content"]["application/json"]["schema"]["properties"]["data"]
    assert data["additionalProperties"] == {"type": "number"}
    assert data["properties"].keys() == {"credit_used", "credit_balance", "plan_id", "cost_metric"}
    assert data["properties"]["cost_metric"] == {"type": "object", "additionalProperties": {"type": "number"}}


def test_calibrated_mock_shows_its_prices_and_allows_an_overdraft(profile_file: Path) -> None:
    key = {"x-access-token": "sk-mine"}
    with running(profile=str(profile_file), prices="resource_7=0.07") as mock:
        body = {"key": "sk-mine", "resource": "resource_7", "units": 100}
        assert httpx.post(f"{mock.url}/_mock/usage", json=body).status_code == 200
        data = httpx.get(f"{mock.url}/billing/usage", headers=key).json()["data"]
        exchanges = httpx.get(f"{mock.url}/_mock/requests").json()["requests"]
    assert (data["resource_7"], data["cost_metric"]["resource_7"], data["credit_balance"]) == (100, 0.07, -7)
    assert [exchange["contract"]["response"] for exchange in exchanges] == [[]]


@pytest.mark.long
def test_profile_observed_does_not_drift_from_a_mock_of_it() -> None:
    assert drift(create_app(Settings(profile="observed")), "observed", max_examples=FEW, **CHECKS).findings == ()


def test_negative_balance_alone_calibrates_an_overdraft(tmp_path: Path) -> None:
    server = Other(prices=PRICES)
    server._books.account(KEY).credits = -5
    profile = calibrated(server, tmp_path / "overdrawn.yaml", fuzz=IS_LONG).profile
    assert profile["overdraft"] is True
    assert {"entry": "overdraft", "seen": "a balance is below zero"} in profile["evidence"]
