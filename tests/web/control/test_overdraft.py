"""Consumption in a profile that allows an overdraft."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock, refused

PAGE = Path(__file__).parents[3] / "spec" / "profiles" / "page.yaml"


@pytest.fixture(params=["memory", "sqlite"])
def overdrawable(request: pytest.FixtureRequest, start: Start, tmp_path: Path) -> Mock:
    """A mock with a profile that allows an overdraft."""
    profile = yaml.safe_load(PAGE.read_text("utf-8"))
    overlays = [f"bundled:{Path(overlay).stem}" for overlay in profile["overlays"]]
    file = tmp_path / "overdraft.yaml"
    file.write_text(yaml.safe_dump({**profile, "overlays": overlays, "overdraft": True}), "utf-8")
    store = "memory" if request.param == "memory" else f"sqlite:///{tmp_path / 'mock.db'}"
    return start(profile=str(file), store=store)


def test_overdrawn_account_has_a_negative_balance(overdrawable: Mock) -> None:
    answer = overdrawable.consume(1.5)
    assert answer.status_code == 200
    assert answer.json()["usage"]["credit_balance"] == overdrawable.balance() == -1.5
    (account,) = overdrawable.get("/_mock/accounts", params={"key": KEY}).json()["accounts"]
    assert account["credit_balance"] == -1.5
    assert overdrawable.consume(2).json()["usage"]["credit_balance"] == -3.5
    assert [kept for kept in overdrawable.journal() if kept["contract"]["response"]] == []


def test_credits_pay_off_an_overdraft(overdrawable: Mock) -> None:
    overdrawable.consume(5)
    overdrawable.post("/_mock/credits", {"key": KEY, "credits": 12})
    assert overdrawable.balance() == 7


def test_auto_recharge_is_charged_once_below_its_threshold(overdrawable: Mock) -> None:
    overdrawable.recharge(enabled=True, threshold=10, amount=20)
    assert overdrawable.consume(100).json()["usage"]["credit_balance"] == -80
    assert [invoice["amount"] for invoice in overdrawable.invoices()] == [20]


def test_default_profile_allows_no_overdraft(mock: Mock) -> None:
    refused(mock.consume(1), 402, "insufficient_credits")
