from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import mockserver
from mockserver import AccountMock, Mock
from mockserver.client.errors import UnknownRefusal
from mockserver.contract import ContractError
from mockserver.domain.errors import InvalidRequest, MethodNotAllowed, SessionNotFound, Unauthorized
from mockserver.settings import SettingError


def test_account_of_a_key_is_that_of_the_client_under_test(mock: Mock) -> None:
    session = mock.account("sk-of-the-app").create(amount=7)
    assert [each["id"] for each in mock.account("sk-of-the-app").sessions] == [session["id"]]


def test_fresh_accounts_differ(mock: Mock) -> None:
    assert mock.account().api_key != mock.account().api_key


def test_account_shows_key_and_address(mock: Mock) -> None:
    assert repr(mock.account("sk-shown")) == f"<AccountMock sk-shown at {mock.url}>"
    assert repr(mock.async_account("sk-shown")) == f"<AsyncAccountMock sk-shown at {mock.url}>"
    assert repr(mock.account().clock).startswith("<AccountClock 20")


def test_amounts_are_exact(account: AccountMock) -> None:
    account.give(Decimal("0.1"))
    account.give(0.2)
    assert account.balance == Decimal("0.3")
    assert isinstance(account.create(amount=50)["amount"], int)


def test_declined_payment_has_the_code_of_the_decline(account: AccountMock) -> None:
    session = account.create()
    with pytest.raises(mockserver.CardDeclined, match=r"insufficient funds.* answered 402 card_declined") as raised:
        account.pay(session, card="4000000000009995")
    assert (raised.value.code, raised.value.decline_code) == ("card_declined", "insufficient_funds")


def test_card_that_asks_for_3d_secure_pays_or_asks(account: AccountMock) -> None:
    session = account.create()
    with pytest.raises(mockserver.AuthenticationRequired):
        account.pay(session, card="4000002500003155", authenticate=False)
    assert account.pay(session, card="4000002500003155")["status"] == "completed"


def test_closed_session_cannot_be_paid(account: AccountMock) -> None:
    expired, paid = account.create(), account.create()
    assert account.expire(expired)["status"] == "expired"
    account.pay(paid)
    with pytest.raises(mockserver.SessionExpired):
        account.pay(expired)
    with pytest.raises(mockserver.SessionCompleted):
        account.pay(paid["id"])


@pytest.mark.parametrize("code", ["generic_decline", "insufficient_funds", "expired_card"])
def test_decline_leaves_the_session_open(account: AccountMock, code: str) -> None:
    session = account.decline(account.create(), code)
    assert (session["status"], [each["outcome"] for each in session["attempts"]]) == ("pending", [code])


def test_session_is_named_by_what_a_client_got(account: AccountMock) -> None:
    topped_up = {"url": account.create()["url"]}  # all that POST /billing/topup answers with
    assert account.cancel(topped_up)["status"] == "pending"
    assert account.decline(topped_up["url"])["status"] == "pending"
    assert account.pay(topped_up)["url"] == topped_up["url"]


@pytest.mark.parametrize("wrong", [None, [], {}, {"id": 7}, 7])
def test_value_that_names_no_session_is_refused(account: AccountMock, wrong: Any) -> None:
    with pytest.raises(TypeError, match="is no session; its id, its URL, or an object with id or url is needed"):
        account.pay(wrong)


def test_unknown_decline_code_names_the_known_ones(account: AccountMock) -> None:
    with pytest.raises(ValueError, match=r"'broke'; one of card_velocity_exceeded, do_not_honor, .* is needed"):
        account.decline("cs_test_1", "broke")


def test_credits_are_given_and_consumed(account: AccountMock) -> None:
    assert account.give(100)["credit_balance"] == 100
    assert account.consume(3.5, category="indexing")["breakdown"] == {"indexing": Decimal("3.5")}
    assert (account.usage["credit_used"], account.balance) == (Decimal("3.5"), Decimal("96.5"))
    with pytest.raises(mockserver.InsufficientCredits):
        account.consume(100)


def test_payment_has_an_invoice(account: AccountMock) -> None:
    session = account.create(amount=20)
    assert account.invoices == []
    account.pay(session)
    [invoice] = account.invoices
    assert (invoice["session"], invoice["amount"], invoice["credits"]) == (session["id"], 20, 20)
    assert invoice["pdf_url"].startswith(account.url)


def test_planned_faults_are_listed(account: AccountMock) -> None:
    planned = account.fail_next("reset", times=3)
    assert account.faults == [planned]
    assert planned["remaining"] == 3


def test_delay_of_a_fault_may_be_a_timedelta(account: AccountMock) -> None:
    assert account.fail_next(delay=timedelta(seconds=1.5))["delay"] == Decimal("1.5")


@pytest.mark.parametrize("path", ["/_mock/health", "/health", "health"])
def test_control_takes_the_documented_path_or_its_end(account: AccountMock, path: str) -> None:
    assert account.control("GET", path)["status"] == "ok"


@pytest.mark.parametrize(("value", "kind"), [({1}, "set"), (date(2030, 1, 1), "date"), (Path("a"), "PosixPath")])
def test_value_that_json_lacks_is_named(account: AccountMock, value: object, kind: str) -> None:
    with pytest.raises(TypeError, match=rf"the body has .*; JSON has no {kind}, give a number, a text or the like"):
        account.fail_next(status=500, body={"value": value})


def test_reset_deletes_everything_of_the_account(account: AccountMock) -> None:
    account.pay(account.create())
    account.fail_next("reset", path="/billing/usage")
    account.clock.advance("24h")
    account.reset()
    assert [account.sessions, account.invoices, account.requests, account.faults] == [[], [], [], []]
    assert account.balance == 0
    assert account.clock.now < datetime.now(UTC) + timedelta(hours=1)


def test_clock_takes_and_gives_datetimes(account: AccountMock) -> None:
    to = datetime(2090, 1, 2, 3, 4, 5, tzinfo=UTC)
    account.clock.freeze()
    assert account.clock.set(to) == account.clock.now == to
    assert account.clock.advance(timedelta(days=1, milliseconds=5)) == to + timedelta(days=1, milliseconds=5)


def test_lists_are_whole_however_long(account: AccountMock, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [account.pay(account.create())["id"] for _ in range(4)][::-1]
    for most in (1, 3, 4):  # of a page
        monkeypatch.setattr("mockserver.client.account_mock._MOST", most)
        assert [each["id"] for each in account.sessions] == ids
        assert [each["session"] for each in account.invoices] == ids
        account.requests.assert_called("POST", "/billing/checkout", times=4)


def test_only_creation_leaves_a_request(account: AccountMock) -> None:
    account.pay(account.create())
    assert (account.balance, len(account.invoices), len(account.sessions)) == (50, 1, 1)
    assert [exchange["path"] for exchange in account.requests] == ["/billing/checkout"]


def test_refused_creation_names_its_faults(account: AccountMock) -> None:
    with pytest.raises(InvalidRequest, match="amount") as raised:
        account.create(amount=-1)
    assert [fault.pointer for fault in raised.value.field_errors] == ["/amount"]


def test_planned_answer_to_a_creation_is_shown(account: AccountMock) -> None:
    account.fail_next(status=503, body={"down": True})
    with pytest.raises(UnknownRefusal, match=r'"down": ?true.* \(POST http://.*/billing/checkout answered 503'):
        account.create()


@pytest.mark.parametrize("profile", ["page", "openapi", "python-sample", "javascript-sample", "observed"])
def test_session_is_created_in_every_profile(profile: str) -> None:
    with mockserver.running(store="memory", profile=profile) as running:
        account = running.account()
        assert account.pay(account.create(amount=5))["status"] == "completed"


@pytest.mark.parametrize("name", ["{url}/", "{url}?session=1", "{url}#top", "/c/pay/{id}"])
def test_session_is_found_by_its_url_as_a_browser_shows_it(account: AccountMock, name: str) -> None:
    session = account.create()
    assert account.cancel(name.format(**session))["id"] == session["id"]


@pytest.mark.parametrize("name", ["a b", "\u00e9", "a%2Fb"])
def test_session_that_cannot_exist_is_not_found(account: AccountMock, name: str) -> None:
    with pytest.raises(SessionNotFound, match=f"no checkout session has the id {name!r}"):
        account.cancel(name)


@pytest.mark.parametrize("name", ["", "/", "?session=1"])
def test_empty_name_is_no_session(account: AccountMock, name: str) -> None:
    with pytest.raises(ValueError, match="is no session; its id, its URL, or an object with id or url is needed"):
        account.cancel(name)


@pytest.mark.parametrize("key", ["", " sk-a", "sk-a\n", "sk-\u00e9", 5])
def test_key_that_no_request_can_have_is_refused(mock: Mock, key: Any) -> None:
    with pytest.raises(ValueError, match=r"the API key is .*; a text such as sk-demo is needed, or None"):
        mock.account(key)


@pytest.mark.parametrize("mock", [None, 5, Mock("http://127.0.0.1:1", None)])
def test_account_of_no_mock_is_refused(mock: Any) -> None:
    with pytest.raises(TypeError, match=r"its URL is needed, or mock\.account"):
        AccountMock(mock)


def test_account_of_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="the mock's URL is 'localhost'; an address such as http"):
        AccountMock("localhost")


def test_headers_of_a_fault_have_names(account: AccountMock) -> None:
    with pytest.raises(TypeError, match="headers is 'no-store'; names with their values are needed"):
        account.fail_next(status=503, headers="no-store")  # type: ignore[arg-type]


def test_card_that_is_a_number_is_refused_for_its_type(account: AccountMock) -> None:
    with pytest.raises(InvalidRequest, match="the card is no text; its number as a text is needed"):
        account.pay(account.create(), card=4242424242424242)  # type: ignore[arg-type]


def test_refusal_without_a_message_says_so(account: AccountMock) -> None:
    account.fail_next(status=503)
    with pytest.raises(UnknownRefusal, match=r"^the answer has no message \(POST "):
        account.create()


def test_control_call_takes_a_method_in_small_letters(account: AccountMock) -> None:
    assert account.control("get", "health")["status"] == "ok"


def test_control_call_with_another_answer_than_json_says_so(account: AccountMock) -> None:
    with pytest.raises(ValueError, match=r"GET .*/_mock/openapi\.yaml answered 200 with no JSON"):
        account.control("GET", "/openapi.yaml")


def test_settings_that_are_no_settings_are_named() -> None:
    with pytest.raises(SettingError, match="settings is 'page'; give settings by name"), mockserver.running("page"):  # type: ignore[arg-type]
        pass


def test_clock_is_advanced_by_seconds(account: AccountMock) -> None:
    now = account.clock.freeze()
    assert account.clock.advance(1.5) - now == timedelta(seconds=1.5)


def test_objects_in_the_hand_of_a_test_name_themselves(mock: Mock) -> None:
    account = mock.async_account("sk-repr")
    assert repr(mock) == f"<Mock at {mock.url}>"
    assert repr(account.clock) == "<AsyncAccountClock of sk-repr>"


def test_error_reaches_another_process(account: AccountMock) -> None:
    session = account.create()
    with pytest.raises(mockserver.CardDeclined) as declined:
        account.pay(session, card="4000000000009995")
    for again in (pickle.loads(pickle.dumps(declined.value)), copy.copy(declined.value)):
        assert type(again) is mockserver.CardDeclined
        assert (str(again), vars(again)) == (str(declined.value), vars(declined.value))


@pytest.mark.parametrize(
    "error",
    [
        MethodNotAllowed("PUT", ["GET"]),
        Unauthorized("no key", challenges=["Bearer"]),
        ContractError("not YAML", file="api.yaml", line=7),
    ],
)
def test_error_with_values_of_its_own_is_pickled(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
