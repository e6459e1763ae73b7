"""Each contradiction of an account's credits and invoices, in a history that contains it."""

from __future__ import annotations

import pytest

from tests.auditor import Rules, audit
from tests.auditor.story import KEY, LOST, Story, usage


@pytest.fixture
def story() -> Story:
    return Story()


def test_paid_session_that_is_not_credited_is_found(story: Story) -> None:
    story.pay(story.create(1))
    story.usage(0)
    assert story.broken() == {"effect-lost": 1}


def test_payment_that_is_lost_among_others_is_found(story: Story) -> None:
    for number in (1, 2, 3):
        story.pay(story.create(number))
    story.usage(10)
    assert story.broken() == {"credits-lost": 1}


def test_credits_of_a_session_that_is_pending_later_are_found(story: Story) -> None:
    name = story.create(1)
    story.pay(name, LOST)
    story.usage(5)
    story.act(name, "cancel")
    assert story.broken() == {"credits-unexplained": 1}


def test_session_credited_twice_is_found(story: Story) -> None:
    story.pay(story.create(1))
    story.usage(10)
    assert story.broken() == {"credits-unexplained": 1}


def test_credits_that_disappear_are_found(story: Story) -> None:
    story.grant(5, within=(1, 100))
    story.usage(5)
    story.usage(0)
    assert story.broken() == {"credits-lost": 1}


def test_balance_that_no_set_of_payments_explains_is_found(story: Story) -> None:
    for number, amount in ((1, 5), (2, 7), (3, 9)):
        story.pay(story.create(number, amount), within=(10, 100))
    story.usage(13, within=(50, 51))
    assert story.broken() == {"balance-not-its-sum": 1}


def test_overlapping_payments_are_a_part_of_the_balance_or_not(story: Story) -> None:
    for number, amount in ((1, 5), (2, 7), (3, 9)):
        story.pay(story.create(number, amount), within=(10, 100))
    for balance in (0, 7, 16, 21):
        story.usage(balance, within=(50 + balance, 51 + balance))
    assert not story.broken()


def test_payments_that_explain_one_balance_explain_the_later_ones_too(story: Story) -> None:
    for number, amount in ((1, 5), (2, 7), (3, 9), (4, 11)):
        story.pay(story.create(number, amount), LOST, within=(10, 100))
    story.usage(16, within=(50, 51))
    story.usage(21, within=(60, 61))
    assert not story.broken()
    # 20 are 9 and 11, but 16 are 5 and 11, or 7 and 9
    story.exchanges.pop()
    story.usage(20, within=(60, 61))
    assert story.broken() == {"balance-not-its-sum": 1}


def test_answered_payment_that_no_balance_contains_is_found(story: Story) -> None:
    """The payment without an answer explains the first balance, the grant the second; 5 dollars are missing."""
    story.pay(story.create(1, 5), within=(3, 20))
    story.pay(story.create(2, 6), LOST, within=(3, 100))
    story.usage(6, within=(10, 11))
    story.grant(4, within=(22, 23))
    story.usage(10, within=(30, 31))
    assert story.broken() == {"balance-not-its-sum": 1}


def test_bought_and_consumed_credits_have_one_order(story: Story) -> None:
    story.grant(5, within=(1, 100))
    story.grant(3, within=(1, 100))
    story.consume(2, within=(1, 100))
    story.usage(8, 0, within=(50, 60))
    story.usage(3, 2, within=(50, 60))
    (found,) = audit(story.exchanges).contradictions
    assert "neither can be the first" in found.sentence


def test_balance_below_nothing_is_found_unless_overdraft_is_allowed(story: Story) -> None:
    story.consume(2, shows=(-2, 2))
    assert story.broken() == {"overdrawn": 1}
    assert not story.broken(overdraft=True)


def test_negative_use_is_found(story: Story) -> None:
    story.call("GET", "/billing/usage", 200, {"data": {"credit_balance": 1, "credit_used": -1}}, key=KEY)
    assert story.broken() == {"impossible-balance": 1}


def test_two_answers_with_the_same_balance_after_their_effects_are_found(story: Story) -> None:
    story.grant(5, shows=(5, 0))
    story.consume(1, shows=(4, 1), within=(10, 20))
    story.consume(1, shows=(4, 1), within=(10, 20))
    assert story.broken() == {"effect-lost": 1}


def test_answer_without_its_own_effect_is_found(story: Story) -> None:
    story.grant(5, shows=(0, 0))
    assert story.broken() == {"effect-lost": 1}


def test_consumption_refused_with_enough_credits_is_found(story: Story) -> None:
    story.grant(5)
    story.consume(5, 402)
    assert story.broken() == {"refused-with-credits": 1}


def test_consumption_is_refused_while_another_may_have_taken_the_credits(story: Story) -> None:
    story.grant(5)
    story.consume(5, 402, within=(10, 20))
    story.consume(5, 200, within=(15, 25), shows=(0, 5))
    assert not story.broken()


def test_refusal_is_found_wherever_overdraft_is_allowed(story: Story) -> None:
    story.consume(5, 402)
    assert story.broken(overdraft=True) == {"refused-with-credits": 1}


def test_refusal_is_found_where_auto_recharge_suffices(story: Story) -> None:
    story.recharge(enabled=True, threshold=0, amount=10)
    story.consume(5, 402)
    assert story.broken() == {"refused-with-credits": 1}


def test_missing_recharge_is_found(story: Story) -> None:
    story.grant(5, shows=(5, 0))
    story.recharge(enabled=True, threshold=5, amount=10)
    story.consume(1, shows=(4, 1))
    assert story.broken() == {"effect-lost": 1}


def test_recharge_charged_twice_is_found(story: Story) -> None:
    story.grant(5, shows=(5, 0))
    story.recharge(enabled=True, threshold=5, amount=10)
    story.consume(1, shows=(24, 1))
    assert "credits-unexplained" in story.broken()


def test_recharge_and_its_invoice_are_accepted(story: Story) -> None:
    story.grant(5, shows=(5, 0))
    story.recharge(enabled=True, threshold=5, amount=10.5)
    story.consume(1, shows=(14.5, 1))
    story.consume(9, shows=(5.5, 10))
    story.invoices(10.5)
    assert not story.broken()
    story.invoices(10.5, 10.5)
    assert story.broken()["invoice-without-payment"]


def test_recharge_without_an_invoice_is_found(story: Story) -> None:
    story.recharge(enabled=True, threshold=5, amount=10)
    story.consume(1, shows=(9, 1))
    story.invoices()
    assert story.broken()["payment-without-invoice"]


def test_lost_recharge_settings_are_found(story: Story) -> None:
    story.recharge(enabled=True, threshold=5, amount=10)
    answer = {"data": {"enabled": False, "threshold": 0, "amount": 0}}
    story.call("GET", "/billing/auto_recharge", 200, answer, key=KEY)
    assert story.broken() == {"wrong-recharge-settings": 1}


def test_recharge_settings_without_an_answer_may_be_in_force(story: Story) -> None:
    story.grant(5, shows=(5, 0))
    story.recharge(LOST, enabled=True, threshold=5, amount=10)
    story.consume(1, shows=(4, 1))
    story.consume(1, shows=(13, 2))
    assert not story.broken()


@pytest.mark.parametrize("bought", [3, 10])
def test_recharge_settings_of_overlapping_changes_may_be_either(story: Story, bought: int) -> None:
    for amount in (10, 3):
        story.call("POST", "/billing/auto_recharge", key=KEY, body={"enabled": True, "amount": amount}, within=(1, 3))
    story.moment = 5
    story.consume(1, shows=(bought - 1, 1))
    story.invoices(bought)
    assert not story.broken()


def test_usage_that_is_not_the_sum_of_its_breakdown_is_found(story: Story) -> None:
    story.grant(5)
    story.consume(2)
    data = {**usage(3, 2), "breakdown": {"other": 1}}
    story.call("GET", "/billing/usage", 200, {"data": data}, key=KEY)
    assert story.broken() == {"usage-not-its-sum": 1}


def test_payment_without_an_invoice_is_found(story: Story) -> None:
    story.pay(story.create(1, 5))
    story.pay(story.create(2, 7))
    story.invoices(5)
    assert story.broken() == {"payment-without-invoice": 2}


def test_invoice_of_another_amount_is_found(story: Story) -> None:
    story.pay(story.create(1, 5))
    story.invoices(6)
    assert story.broken() == {"payment-without-invoice": 1, "invoice-without-payment": 1}


def test_invoice_without_a_payment_is_found(story: Story) -> None:
    story.create(1, 5)
    story.invoices(5)
    assert story.broken() == {"invoice-without-payment": 2}


def test_missing_invoice_is_found_on_the_last_page(story: Story) -> None:
    for number in (1, 2, 3):
        story.pay(story.create(number))
    story.invoices(5, 5, names=["in_3", "in_2"], query={"limit": "2"})
    story.invoices(query={"limit": "2", "offset": "2"})
    assert story.broken() == {"payment-without-invoice": 1}


def test_invoice_on_one_page_twice_is_found(story: Story) -> None:
    for number in (1, 2):
        story.pay(story.create(number))
    story.invoices(5, 5, names=["in_1", "in_1"])
    assert story.broken() == {"invoice-listed-twice": 1}


def test_changed_invoice_is_found(story: Story) -> None:
    story.pay(story.create(1, 5), within=(10, 100))
    story.pay(story.create(2, 7), within=(10, 100))
    story.invoices(5, within=(50, 51))
    story.invoices(7, within=(60, 61))
    assert story.broken() == {"invoice-changed": 1}


def test_invoice_that_is_gone_is_found(story: Story) -> None:
    story.pay(story.create(1), LOST)
    story.invoices(5)
    story.invoices()
    assert story.broken() == {"invoice-lost": 1}


def test_credits_of_an_account_end_with_its_reset(story: Story) -> None:
    story.grant(5, shows=(5, 0))
    story.reset()
    story.usage(5)
    assert story.broken() == {"credits-unexplained": 1}


def test_grant_that_overlaps_a_reset_is_there_or_not(story: Story) -> None:
    for balance in (0, 5):
        history = Story()
        history.reset(within=(10, 20))
        history.grant(5, within=(15, 25), shows=(5, 0))
        history.usage(balance, within=(30, 31))
        assert not history.broken()


def test_account_after_a_reset_without_an_answer_is_undecided(story: Story) -> None:
    story.grant(5)
    story.reset(LOST, within=(5, 6))
    story.moment = 10
    story.usage(77)
    report = audit(story.exchanges, Rules())
    assert (report.contradictions, len(report.undecided)) == ((), 1)


def test_sums_of_too_many_unknown_payments_are_held_to_bounds(story: Story) -> None:
    for number in range(1, 60):
        story.pay(story.create(number, 1000 + number * number), LOST, within=(1, 1000))
    story.usage(31_123, within=(500, 501))
    story.usage(35_000, within=(510, 511))
    report = audit(story.exchanges, Rules())
    assert (report.contradictions, len(report.undecided)) == ((), 1)
    story.usage(500_000, within=(520, 521))
    assert story.broken() == {"credits-unexplained": 1}


def test_units_without_a_known_price_leave_the_ledger_undecided(story: Story) -> None:
    story.grant(5)
    story.call("POST", "/_mock/usage", 200, {}, body={"key": KEY, "resource": "llm", "units": 2})
    story.usage(1, 4)
    story.call("POST", "/_mock/usage", 402, {}, body={"key": KEY, "resource": "dubbing", "units": 2})
    assert audit(story.exchanges, Rules()).undecided
    assert not story.broken(prices={"llm": 2_000_000})
    assert story.broken(prices={"llm": 1_000_000}) == {"credits-unexplained": 1}


def test_balance_in_the_list_of_accounts_counts_without_consumption(story: Story) -> None:
    story.pay(story.create(1))
    account = {"id": "acct_456f1612bd25", "credit_balance": 10, "sessions": 1, "now": "2030-01-01T00:00:00Z"}
    story.call("GET", "/_mock/accounts", 200, {"accounts": [account]})
    assert story.broken() == {"credits-unexplained": 1}


def test_subscription_sells_its_plan(story: Story) -> None:
    answer = {"data": {"id": "cs_test_" + "0" * 58}}
    body = {"mode": "subscription", "plan_id": "plan-pro", "amount": 3}
    story.call("POST", "/billing/checkout", 200, answer, key=KEY, body=body)
    story.pay("cs_test_" + "0" * 58)
    story.usage(20)
    story.invoices(20)
    assert not story.broken()
