from __future__ import annotations

import pytest

from mockserver.domain.errors import InsufficientCredits
from mockserver.domain.ledger import CreditEntry, EntryKind, require_credits
from mockserver.domain.money import MICRO
from tests.builders import ACCOUNT, NOON, a_session, an_order


def test_purchase_credits_the_account_of_the_session() -> None:
    session = a_session(order=an_order(dollars=70))
    entry = CreditEntry.purchase(session, NOON)
    assert (entry.account, entry.kind, entry.microcredits, entry.session) == (
        session.account,
        EntryKind.PURCHASE,
        70 * MICRO,
        session.id,
    )


def test_consumption_may_use_the_last_microcredit() -> None:
    require_credits(5, balance=5)
    assert CreditEntry.consumption(ACCOUNT, 5, NOON, category="indexing").microcredits == -5


def test_consumption_beyond_the_balance_is_refused() -> None:
    with pytest.raises(InsufficientCredits, match=r"2 credits are needed, the account has 1\.5"):
        require_credits(2 * MICRO, balance=1_500_000)
