"""Invoices, as every store keeps them."""

from __future__ import annotations

import pytest

from mockserver.domain.errors import InvoiceNotFound
from mockserver.store import AlreadyInvoiced, Store
from tests.builders import ACCOUNT, OTHER, an_invoice
from tests.store.conformance.transactions import in_failed_transaction, in_transaction


def test_invoice_is_loaded_as_stored(store: Store) -> None:
    bought = an_invoice(
        description='Plan "ü" \x00', cents=10**30, microcredits=10**40, session="cs_1", email='"ü"\x00@b.example'
    )
    recharged = an_invoice()
    in_transaction(store, lambda tx: tx.add_invoice(bought))
    in_transaction(store, lambda tx: tx.add_invoice(recharged))
    assert in_transaction(store, lambda tx: tx.invoice(bought.id)) == bought
    assert in_transaction(store, lambda tx: tx.invoice(recharged.id)) == recharged
    assert in_transaction(store, lambda tx: tx.has_account(ACCOUNT))


@pytest.mark.parametrize("name", ["", "in_x", "\x00", "é" * 5000])
def test_unknown_invoice_is_not_found(store: Store, name: str) -> None:
    with pytest.raises(InvoiceNotFound):
        in_transaction(store, lambda tx: tx.invoice(name))


def test_invoices_of_an_account_are_listed_newest_first_in_pages(store: Store) -> None:
    mine = [an_invoice() for _ in range(3)]
    for invoice in (mine[0], an_invoice(account=OTHER), mine[1], mine[2]):
        in_transaction(store, lambda tx, kept=invoice: tx.add_invoice(kept))  # type: ignore[misc]  # a default binds the loop's value

    def names(account: str, limit: int, offset: int) -> list[str]:
        return [each.id for each in in_transaction(store, lambda tx: tx.invoices(account, limit=limit, offset=offset))]

    assert names(ACCOUNT, 10, 0) == [mine[2].id, mine[1].id, mine[0].id]
    assert names(ACCOUNT, 1, 1) == [mine[1].id]
    assert names(ACCOUNT, 10, 3) == names(ACCOUNT, 10, 2**70) == names("acct_unknown", 10, 0) == []


def test_invoice_is_found_by_its_session(store: Store) -> None:
    bought = an_invoice(session="cs_1")
    in_transaction(store, lambda tx: tx.add_invoice(bought))
    in_transaction(store, lambda tx: tx.add_invoice(an_invoice()))
    assert in_transaction(store, lambda tx: tx.invoice_of("cs_1")) == bought
    assert in_transaction(store, lambda tx: tx.invoice_of("\x00")) is None
    in_failed_transaction(store, lambda tx: tx.add_invoice(an_invoice(session="cs_2")))
    assert in_transaction(store, lambda tx: tx.invoice_of("cs_2")) is None
    in_transaction(store, lambda tx: tx.forget(ACCOUNT))
    assert in_transaction(store, lambda tx: tx.invoice_of("cs_1")) is None


def test_session_has_at_most_one_invoice(store: Store) -> None:
    first = an_invoice(session="cs_1")
    in_transaction(store, lambda tx: tx.add_invoice(first))
    with pytest.raises(AlreadyInvoiced):
        in_transaction(store, lambda tx: tx.add_invoice(an_invoice(session="cs_1")))
    assert in_transaction(store, lambda tx: tx.invoices(ACCOUNT, limit=10, offset=0)) == [first]
    in_transaction(store, lambda tx: tx.add_invoice(an_invoice()))
    in_transaction(store, lambda tx: tx.add_invoice(an_invoice()))
