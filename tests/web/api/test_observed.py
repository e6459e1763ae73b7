"""Profile observed: units and prices in the usage statistics, and overdrafts."""

from __future__ import annotations

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock

PRICES = {"dubbing": 0.15, "file_upload": 0.09, "image_generation": 0.19, "llm": 1, "transcription": 0.01}
DOCUMENTED = {"credit_balance", "usage_this_month", "breakdown", "plan_id", "email", "credit_used"}


@pytest.fixture
def observed(start: Start) -> Mock:
    return start(profile="observed")


def test_usage_has_units_and_prices_beside_the_documented_members(observed: Mock) -> None:
    usage = observed.usage()
    assert usage.keys() == DOCUMENTED | {"cost_metric"} | PRICES.keys()
    assert usage["cost_metric"] == PRICES
    assert {name: usage[name] for name in PRICES} == dict.fromkeys(PRICES, 0)


def test_consumed_units_stand_flat_and_overdraw_the_account(observed: Mock) -> None:
    for resource, units in (("transcription", 120), ("dubbing", 2.5), ("transcription", 30)):
        observed.post("/_mock/usage", {"key": KEY, "resource": resource, "units": units})
    usage = observed.usage()
    assert (usage["transcription"], usage["dubbing"], usage["llm"]) == (150, 2.5, 0)
    assert (usage["credit_used"], usage["credit_balance"]) == (1.875, -1.875)
    assert sum(usage[name] * price for name, price in usage["cost_metric"].items()) == usage["credit_used"]
    assert [kept for kept in observed.journal() if kept["contract"]["response"]] == []


def test_priced_resources_of_the_settings_are_shown(start: Start) -> None:
    usage = start(profile="observed", prices="search_query=0.5,llm=2").usage()
    assert usage["cost_metric"] == {**PRICES, "search_query": 0.5, "llm": 2}
    assert usage["search_query"] == 0


def test_resource_with_the_name_of_a_member_does_not_replace_it(start: Start) -> None:
    mock = start(profile="observed", prices="plan_id=1")
    assert mock.usage()["plan_id"] == "free"


def test_other_profiles_show_neither_units_nor_prices(mock: Mock) -> None:
    mock.post("/_mock/credits", {"key": KEY, "credits": 1})
    mock.post("/_mock/usage", {"key": KEY, "resource": "llm", "units": 1})
    assert mock.usage().keys() == DOCUMENTED
