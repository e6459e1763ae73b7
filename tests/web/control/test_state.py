"""Save and load the state of an account or of a mock, on every kind of store."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import mockserver
from mockserver import AccountMock, Mock
from mockserver.domain.errors import InvalidRequest
from mockserver.web.control import large_work, resource
from mockserver.web.control.states import state
from tests.store.backends import BACKENDS


@pytest.fixture(params=list(BACKENDS))
def mock(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mock]:
    with mockserver.running(store=BACKENDS[request.param].address(tmp_path)) as running:
        yield running


@pytest.fixture
def memory() -> Iterator[Mock]:
    with mockserver.running(store="memory") as running:
        yield running


def lived(account: AccountMock) -> AccountMock:
    """The account, after something of every kind."""
    account.clock.freeze()
    paid = account.create(amount=50, success_url="https://shop.example/?token=sk-live-0123456789abcdef")
    account.decline(paid)
    account.pay(paid, email="ada@shop.example")
    account.pay(account.create(amount=None, mode="subscription", plan_id="plan-basic"))
    account.give(7)
    account.consume(3.5, category="indexing")
    account.consume(resource="transcription", units=120)
    account.create(amount=5)
    account.expire(account.create(amount=6))
    account.fail_next(status=503, headers={"Retry-After": "1"}, body={"down": True}, times=3, path="/nowhere")
    account.fail_next("reset", path="/nowhere")
    account.clock.advance("23h")
    return account


def everything(account: AccountMock) -> dict[str, Any]:
    return {
        "sessions": account.sessions,
        "invoices": account.invoices,
        "usage": account.usage,
        "faults": account.faults,
        "now": account.clock.now,
    }


def test_account_is_as_it_was_after_a_rewind(mock: Mock) -> None:
    account, other = lived(mock.account()), lived(mock.account())
    before, others, state = everything(account), everything(other), account.checkpoint()
    account.clock.unfreeze()
    account.clock.advance("48h")
    account.pay(account.create(amount=9))
    account.control("DELETE", "/faults", query={"key": account.api_key})
    assert everything(account) != before
    account.rewind(state)
    # URLs are saved without secrets
    before["sessions"][-1]["success_url"] = "https://shop.example/?token=[redacted]"
    assert everything(account) == before
    assert everything(other) == others


@pytest.mark.parametrize("text", ["a\0b", "\u2028 \x1f", '"\\💰'])
def test_state_keeps_texts_of_any_characters(mock: Mock, text: str) -> None:
    account = mock.account()
    account.clock.freeze()
    account.pay(account.create(amount=None, mode="subscription", plan_id=text))
    account.consume(0.5, category=text)
    account.fail_next(status=500, body=text, path="/nowhere")
    before, state = everything(account), account.checkpoint()
    account.reset()
    account.rewind(state)
    assert everything(account) == before
    assert account.checkpoint()["accounts"] == state["accounts"]


def test_fault_that_is_put_back_strikes(mock: Mock) -> None:
    account = mock.account()
    key = {"x-access-token": account.api_key}

    def status() -> int:
        return httpx.get(f"{mock.url}/billing/usage", headers=key).status_code

    account.fail_next(status=503, path="/billing/usage")
    state = account.checkpoint()
    account.reset()
    assert status() == 200
    account.rewind(state)
    assert [status(), status()] == [503, 200]


def test_state_with_an_id_of_another_account_is_refused(mock: Mock) -> None:
    account, other = lived(mock.account()), lived(mock.account())
    before, others, state = everything(account), everything(other), account.checkpoint()
    for kind in ("sessions", "invoices"):
        theirs = other.checkpoint()["accounts"][0][kind][0]["id"]
        with pytest.raises(InvalidRequest, match=f"the state has {theirs}, which another account has already"):
            account.rewind(changed(state, f"accounts/0/{kind}/0/id", theirs))
    assert (everything(account), everything(other)) == (before, others)


def test_session_that_was_about_to_expire_still_is(memory: Mock) -> None:
    account = memory.account()
    account.create()
    account.clock.advance("23h")
    state = account.checkpoint()
    account.clock.advance("100h")
    account.rewind(state)
    assert account.sessions[0]["status"] == "pending"
    account.clock.advance("1h")
    assert account.sessions[0]["status"] == "expired"


def test_state_of_one_store_is_loaded_into_another(mock: Mock, memory: Mock) -> None:
    source = lived(mock.account())
    state = source.checkpoint()
    target = memory.account()
    target.create()
    target.rewind(state)
    copied = target.checkpoint()
    for each in (state, copied):
        for name in ("sessions", "invoices"):
            for row in each["accounts"][0][name]:
                row["id"] = "new"
                row["session"] = "new"
        for row in each["accounts"][0]["entries"]:
            row["session"] = "new"
        each["accounts"][0].update({"id": "new", "key_hint": "new"})
        for fault in each["faults"]:
            fault["id"] = fault["match"]["account"] = "new"
    assert copied == state
    assert target.balance == source.balance


def test_copy_in_the_same_mock_has_ids_of_its_own(mock: Mock) -> None:
    source, copy = lived(mock.account()), mock.account()
    copy.rewind(source.checkpoint())
    ids = [{each["id"] for each in account.sessions} for account in (source, copy)]
    assert ids[0].isdisjoint(ids[1])
    open_session = next(each for each in copy.sessions if each["status"] == "pending")
    copy.pay(open_session)
    assert copy.balance == source.balance + 5


def test_whole_mock_is_as_it_was(mock: Mock) -> None:
    accounts = [lived(mock.account()) for _ in range(2)]
    api = accounts[0]
    api.control("POST", "/clock", body={"frozen": True})
    before = [everything(account) for account in accounts]
    state = api.control("GET", "/state")
    api.control("POST", "/reset", body={})
    third = mock.account("sk-afterwards")
    third.create()
    answer = api.control("POST", "/state", body=state)
    assert answer == {"loaded": "everything", "accounts": 2, "sessions": 8}
    for account, expected in zip(accounts, before, strict=True):
        expected["sessions"][-1]["success_url"] = "https://shop.example/?token=[redacted]"
        assert everything(account) == expected
    assert [each["id"] for each in api.control("GET", "/accounts")["accounts"]] == [
        each["id"] for each in state["accounts"]
    ]
    assert api.control("GET", "/state") == state


def test_state_of_an_account_replaces_it_alone_without_a_key(memory: Mock) -> None:
    account, other = lived(memory.account()), lived(memory.account())
    before, others, state = everything(account), everything(other), account.checkpoint()
    account.create(amount=9)
    answer = account.control("POST", "/state", body=state)
    before["sessions"][-1]["success_url"] = "https://shop.example/?token=[redacted]"
    assert (answer["loaded"], everything(account), everything(other)) == (state["accounts"][0]["id"], before, others)


def test_saved_state_has_no_key_in_any_spelling(memory: Mock) -> None:
    account = lived(memory.account("sk-live-secret-000011112222"))
    account.fail_next(status=401, headers={"X-Key": "sk-live-secret-000011112222"}, body="sk-live-secret-000011112222")
    text = json.dumps(account.checkpoint())
    assert "sk-live" not in text


def test_state_of_an_older_mock_has_no_buyer_and_can_be_loaded(memory: Mock) -> None:
    account = lived(memory.account())
    state = account.checkpoint()
    del state["accounts"][0]["email"]
    for invoice in state["accounts"][0]["invoices"]:
        del invoice["email"]
    for session in state["accounts"][0]["sessions"]:
        del session["buyer"]
        for attempt in session["attempts"]:
            del attempt["card_brand"]
    account.control("POST", "/state", body=state)
    loaded = account.sessions
    assert {each["email"] for each in loaded} == {None}
    assert {attempt["card_brand"] for each in loaded for attempt in each["attempts"]} == {None}


def changed(state: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: Any = json.loads(json.dumps(state))
    *parents, last = path.split("/")
    at = copy
    for name in parents:
        at = at[int(name)] if name.isdecimal() else at[name]
    at[int(last) if last.isdecimal() else last] = value
    return dict(copy)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("version", 2, "the state has version 2, written by a newer mock; this one reads 1"),
        ("version", "1", "at /version"),
        ("accounts/0/sessions/0/status", "paid", "at /accounts/0/sessions/0/status"),
        ("accounts/0/sessions/0/created_at", "yesterday", "at /accounts/0/sessions/0/created_at"),
        ("accounts/0/sessions/0/created_at", "9999-99-99T00:00:00Z", "/accounts/0/sessions/0/created_at"),
        ("accounts/0/entries/0/microcredits", 1.5, "at /accounts/0/entries/0/microcredits"),
        ("accounts/0/entries/0/surprise", 1, "at /accounts/0/entries/0"),
        ("accounts/0/auto_recharge/amount", "lots", "at /accounts/0/auto_recharge/amount"),
        ("accounts/0/sessions/0/completed_at", None, "is completed, and has no completed_at"),
        ("accounts/0/sessions/0/status", "expired", "is expired, and has completed_at"),
        ("accounts/0/name", "a\nb", "at /accounts/0/name"),
        ("faults/0/then", "explode", "at /faults/0/then"),
        ("faults", None, "at /faults"),
    ],
)
def test_broken_state_is_one_sentence_and_changes_nothing(memory: Mock, path: str, value: Any, sentence: str) -> None:
    account = lived(memory.account())
    before = everything(account)
    with pytest.raises(InvalidRequest) as refused:
        account.rewind(changed(account.checkpoint(), path, value))
    assert sentence in refused.value.message
    assert everything(account) == before


def test_state_with_an_id_twice_is_refused(memory: Mock) -> None:
    account = lived(memory.account())
    state = account.checkpoint()
    state["accounts"][0]["sessions"].append(state["accounts"][0]["sessions"][0])
    with pytest.raises(InvalidRequest, match=r"it has the session cs_test_.* twice"):
        account.rewind(state)


@pytest.mark.parametrize("kept", ["entries", "invoices"])
def test_open_session_that_was_credited_is_refused(memory: Mock, kept: str) -> None:
    account = lived(memory.account())
    state = account.checkpoint()
    saved = state["accounts"][0]
    saved["sessions"][0] |= {"status": "pending", "completed_at": None}
    saved |= {name: [] for name in ("entries", "invoices") if name != kept}
    with pytest.raises(
        InvalidRequest, match=r"the session cs_test_.* is pending, and has a ledger entry or an invoice"
    ):
        account.rewind(state)


def test_state_of_several_accounts_fits_no_key(memory: Mock) -> None:
    account = lived(memory.account())
    lived(memory.account())
    with pytest.raises(InvalidRequest, match="the state is of 2 accounts; one is needed"):
        account.rewind(account.control("GET", "/state"))


def test_changes_are_told_in_sentences(memory: Mock) -> None:
    account = memory.account()
    with account.changes() as changes:
        session = account.create(amount=50)
        account.pay(session, email="ada@shop.example")
        account.consume(3.5, category="indexing")
        account.clock.advance("2h")
        fault = account.fail_next("reset", path="/nowhere")
    name = session["id"]
    assert [line for line in changes if "invoice" not in line and "clock" not in line] == [
        f"session {name} over $50.00 was created; it is completed",
        f"session {name}: attempt with card …4242, paid",
        "ledger: +50 credits, purchase",
        "ledger: -3.5 credits, consumption (indexing)",
        "the balance went from 0 credits to 46.5 credits",
        "the buyer's e-mail address went from none to ada@shop.example",
        f"fault {fault['id']} was planned",
    ]
    assert [line.split()[0] for line in changes if "invoice" in line] == ["invoice"]
    [clock] = [line for line in changes if "clock" in line]
    assert re.fullmatch(r"the clock moved by 2:00:\d\d, to \S+Z", clock), "in whole seconds: real time passes, too"
    with account.changes() as changes:
        pass
    assert changes == []


def test_large_state_is_read_and_shown_beside_other_requests(memory: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    account = lived(memory.account())
    before = account.checkpoint()
    threads = []

    def to_thread(work: Callable[[], Any]) -> Awaitable[Any]:
        threads.append(work)
        return asyncio.get_running_loop().run_in_executor(None, work)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    account.rewind(before)
    assert threads == []
    for module in (resource, state):
        monkeypatch.setattr(module, "LARGE_BYTES", 10)
    monkeypatch.setattr(large_work, "_LARGE_SESSIONS", 1)
    account.rewind(before)
    assert account.checkpoint() == before
    assert len(threads) == 3  # parsed, read and shown
