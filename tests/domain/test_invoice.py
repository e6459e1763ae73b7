from __future__ import annotations

import re

from mockserver.domain.invoice import Invoice, invoice_id
from mockserver.domain.money import MICRO
from mockserver.domain.order import Mode, Order, PriceList
from mockserver.domain.recharge import Charge
from tests.builders import ACCOUNT, NOON, a_session, an_order

PRICES = PriceList()


def invoiced(order: Order) -> Invoice | None:
    return Invoice.of_session(a_session(order=order), "in_1", NOON)


def test_invoice_has_goods_and_price_of_its_session() -> None:
    session = a_session(order=an_order(dollars=50))
    assert Invoice.of_session(session, "in_1", NOON, email="a@b.example") == Invoice(
        "in_1", ACCOUNT, "50 credits", 5_000, 50 * MICRO, NOON, session.id, "a@b.example"
    )


def test_plan_is_named_on_its_invoice() -> None:
    invoice = invoiced(an_order(dollars=20, mode=Mode.SUBSCRIPTION, plan_id="plan-pro"))
    assert invoice is not None
    assert invoice.description == "Plan plan-pro, 20 credits"


def test_free_plan_has_an_invoice() -> None:
    invoice = invoiced(Order(Mode.SUBSCRIPTION, "plan-free", None, 0, 5 * MICRO))
    assert invoice is not None
    assert invoice.cents == 0


def test_session_that_sells_nothing_has_no_invoice() -> None:
    for amount in (None, -1, 0, 10.5):
        assert invoiced(Order.of({} if amount is None else {"amount": amount}, PRICES)) is None


def test_recharge_has_an_invoice_without_session() -> None:
    invoice = Invoice.of_recharge(ACCOUNT, "in_2", Charge(1_050, 21 * MICRO // 2), NOON)
    assert invoice == Invoice("in_2", ACCOUNT, "Auto recharge, 10.5 credits", 1_050, 10_500_000, NOON)


def test_invoice_id_has_stripes_form() -> None:
    assert re.fullmatch(r"in_[A-Za-z0-9]{24}", invoice_id(bytes(range(24))))
    assert invoice_id(bytes(24)) != invoice_id(bytes(range(24)))
