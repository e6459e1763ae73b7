"""The symptoms of the defects of consumption."""

from __future__ import annotations

from tests.contracts.defects.concurrent_requests import answers_together
from tests.contracts.defects.symptoms.symptom import symptom
from tests.web.mock_client import KEY, OTHER, Mock


def consumed(mock: Mock, *credits: float, funds: float = 30) -> None:
    """Give credits and spend some."""
    mock.post("/_mock/credits", {"key": KEY, "credits": funds})
    for each in credits:
        mock.consume(each, category="indexing")


@symptom("months-begin-on-the-second")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2030-02-01T12:00:00Z"})
    consumed(mock, 2)
    return bool(mock.usage()["usage_this_month"] == 0)


@symptom("recharged-while-it-is-off")
def _(mock: Mock) -> bool:
    mock.recharge(enabled=False, threshold=20, amount=7)
    consumed(mock, 15)
    return mock.balance() == 22


@symptom("use-in-binary-fractions")
def _(mock: Mock) -> bool:
    mock.post("/_mock/credits", {"key": KEY, "credits": 1})
    for credits in (0.1, 0.2):
        mock.consume(credits)
    usage = mock.usage()
    return [usage["credit_used"], usage["usage_this_month"]] == [0.1 + 0.2, 0.3]


@symptom("refused-settings-are-half-stored")
def _(mock: Mock) -> bool:
    assert mock.recharge(enabled=True, amount="x").status_code == 400
    return bool(mock.billing("GET", "auto_recharge").json()["data"]["enabled"])


@symptom("months-of-any-year")
def _(mock: Mock) -> bool:
    mock.post("/_mock/credits", {"key": KEY, "credits": 5})
    mock.consume(3)
    mock.advance("365d")
    return bool(mock.usage()["usage_this_month"] == 3)


@symptom("long-categories-are-cut")
def _(mock: Mock) -> bool:
    mock.post("/_mock/credits", {"key": KEY, "credits": 5})
    mock.consume(3, category="c" * 30)
    return list(mock.usage()["breakdown"]) == ["c" * 20]


@symptom("months-are-days")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2040-05-03T12:00:00Z"})
    consumed(mock, 2)
    before = mock.usage()["usage_this_month"]
    mock.advance("2d")
    return (before, mock.usage()["usage_this_month"]) == (2, 0)


@symptom("categories-in-whole-cents")
def _(mock: Mock) -> bool:
    consumed(mock, 1.006)
    usage = mock.usage()
    return (usage["breakdown"], usage["credit_used"]) == ({"indexing": 1.01}, 1.006)


@symptom("two-categories-at-most")
def _(mock: Mock) -> bool:
    consumed(mock, 1)
    for name in "ab":
        mock.consume(1, category=name)
    return len(mock.usage()["breakdown"]) == 2


@symptom("categories-end-at-a-dot")
def _(mock: Mock) -> bool:
    consumed(mock, 1)
    mock.consume(2, category="search.v2")
    return bool(mock.usage()["breakdown"] == {"indexing": 1, "search": 2})


@symptom("thresholds-in-whole-credits")
def _(mock: Mock) -> bool:
    mock.recharge(enabled=True, threshold=10.5, amount=20)
    consumed(mock, 19.75)
    return (mock.balance(), mock.billing("GET", "auto_recharge").json()["data"]["threshold"]) == (10.25, 10.5)


@symptom("uses-at-once-overwrite-each-other")
def _(mock: Mock) -> bool:
    consumed(mock)
    uses = [("/_mock/usage", {"json": {"key": KEY, "credits": each, "category": "search"}}) for each in (1, 2)]
    statuses = {answer.status_code for answer in answers_together(mock, uses)}
    return statuses == {200} and mock.balance() in (28, 29)


@symptom("months-of-everyone")
def _(mock: Mock) -> bool:
    consumed(mock, 2)
    return (mock.usage()["usage_this_month"], mock.usage(key=OTHER)["usage_this_month"]) == (2, 2)


@symptom("plan-of-the-last-subscriber")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(mode="subscription", plan_id="plan-basic"))
    return bool(mock.usage(key=OTHER)["plan_id"] == "plan-basic")


@symptom("overdrafts-are-400")
def _(mock: Mock) -> bool:
    return mock.consume(1).status_code == 400
