"""One account of a running mock, in the hand of a test."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import blake2b
from secrets import token_hex
from typing import Any, Final
from urllib.parse import quote

from mockserver.client.account_clock import AccountClock
from mockserver.client.account_requests import AccountRequests
from mockserver.client.control_api import ControlApi
from mockserver.client.http_client import NoAnswer
from mockserver.client.shapes import ExchangeJson, FaultJson, InvoiceJson, Number, SessionJson, UsageJson
from mockserver.client.state_diff import StateJson, diff_states
from mockserver.domain.errors import CardDeclined, CheckoutError
from mockserver.domain.payment.card_table import TEST_CARDS

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

ABSENT: Final = object()
"""The default of `body`, since None is a body: null."""
SessionOrName = Mapping[str, Any] | str
"""A session: an object with its `id` or `url`, of the control API or the API, or one of the two as a text."""
_MOST: Final = 1000


class AccountMock:
    """One account of a running mock.

    `url` is the base URL for a client, `api_key` the account's key. A refused call raises the mock's own error, such as
    CardDeclined or SessionExpired. No call but `create` leaves a trace in `requests`.
    """

    def __init__(self, mock: ControlApi | str, *, api_key: str | None = None) -> None:
        """The account of a key on the mock at a URL; without a key, a fresh account.

        Accounts that are given the same ControlApi share its connection. Raises TypeError or ValueError for a mock or a
        key that no request can have.
        """
        if not isinstance(mock, str | ControlApi):
            raise TypeError(f"the mock is {mock!r}; its URL is needed, or mock.account() of a Mock")
        api = ControlApi(mock) if isinstance(mock, str) else mock
        self.url = api.url
        self.api_key = f"sk-test-{token_hex(12)}" if api_key is None else _checked_key(api_key)
        self.clock = AccountClock(api, self.api_key)
        self._api = api
        self._deleted_requests: list[ExchangeJson] = []

    def __repr__(self) -> str:
        return f"<AccountMock {self.api_key} at {self.url}>"

    def create(self, /, *, amount: float | Number | None = 50, **fields: Any) -> SessionJson:
        """Create a session for an amount of dollars. `fields` are added to the request's body."""
        body = fields if amount is None else {"amount": amount, **fields}
        return self._session(_session_id(self._api.create(self.api_key, body)))

    def pay(
        self,
        session: SessionOrName,
        *,
        card: str | None = None,
        authenticate: bool | None = None,
        email: str | None = None,
    ) -> SessionJson:
        """Pay a session with a test card (default 4242…). 3-D Secure succeeds unless `authenticate` is False.

        The session shows the buyer's `email` from then on, and so does the account's usage.

        Raises CardDeclined (with `decline_code`), AuthenticationRequired, SessionExpired and SessionCompleted.
        """
        return self._act(session, "pay", card=card, authenticate=authenticate, email=email)

    def decline(self, session: SessionOrName, code: str = "generic_decline") -> SessionJson:
        """Try to pay with a card that is declined with a code, and return the session, which stays open.

        Raises ValueError for a code that no test card has.
        """
        try:
            self.pay(session, card=_card_with(code))
        except CardDeclined:
            return self._session(_id(session))
        raise AssertionError(f"the mock did not decline the payment with {code}")

    def cancel(self, session: SessionOrName) -> SessionJson:
        """Cancel the payment of a session, as a buyer does."""
        return self._act(session, "cancel")

    def expire(self, session: SessionOrName) -> SessionJson:
        """Expire a session before its time."""
        return self._act(session, "expire")

    def give(self, credits: float | Number) -> UsageJson:
        """Add credits without a payment."""
        usage: UsageJson = self._post("/credits", credits=credits)["usage"]
        return usage

    def consume(
        self,
        credits: float | Number | None = None,
        *,
        category: str | None = None,
        resource: str | None = None,
        units: float | Number | None = None,
    ) -> UsageJson:
        """Consume credits, or units of a resource, as the use of VideoDB does. Raises InsufficientCredits."""
        usage: UsageJson = self._post("/usage", credits=credits, category=category, resource=resource, units=units)[
            "usage"
        ]
        return usage

    def fail_next(
        self,
        then: str | None = None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = ABSENT,
        delay: str | float | timedelta | None = None,
        times: int | None = 1,
        method: str | None = None,
        path: str | None = None,
    ) -> FaultJson:
        """Plan a fault for the account's next requests.

        `then` is `reset`, `truncate`, `malformed` or `empty`. Alternatively give the `status` of an answer, with its
        `headers` and `body` (JSON, or text with another Content-Type). A `delay` alone delays the mock's own answer.
        It is a timedelta, a duration such as `3s`, or a number of seconds. With `times` None the fault applies to all
        requests.
        """
        if headers is not None and not isinstance(headers, Mapping):
            raise TypeError(
                f"headers is {headers!r}; names with their values are needed, such as {{'Retry-After': '1'}}"
            )
        if then is not None and status is not None:
            raise ValueError(f"then={then!r} and status={status!r} exclude each other")
        answer: Any = then
        if status is not None:
            answer = {"status": status, "headers": dict(headers or {}), **({} if body is ABSENT else {"body": body})}
        elif headers is not None or body is not ABSENT:
            raise ValueError("headers and body need status, the status of the answer")
        delay = delay.total_seconds() if isinstance(delay, timedelta) else delay
        match = _present(method=method, path=path, key=self.api_key)
        plan = {"match": match, "times": times, **_present(then=answer, delay=delay)}
        fault: FaultJson = self.control("POST", "/faults", body=plan)["fault"]
        return fault

    def reset(self) -> None:
        """Delete the account's sessions, credits, invoices, requests, clock and faults."""
        self._remember_requests()
        self._post("/reset")

    def checkpoint(self) -> StateJson:
        """The account's state, for `rewind`: everything but its requests."""
        state: StateJson = self._api.state(self.api_key)
        return state

    def rewind(self, state: StateJson) -> None:
        """Put a state back: one of `checkpoint`, or of one account that `mockserver state save` has written.

        Time goes on from the time of the state. The account's requests are deleted.
        """
        self._remember_requests()
        self.control("POST", "/state", query={"key": self.api_key}, body=state)

    @contextmanager
    def changes(self) -> Iterator[list[str]]:
        """A list that has a sentence for each change of the account when the block ends, by an exception too."""
        before = self.checkpoint()
        lines: list[str] = []
        try:
            yield lines
        except Exception:
            with suppress(NoAnswer, CheckoutError):  # the exception of the block says more
                lines += diff_states(before, self.checkpoint())
            raise
        lines += diff_states(before, self.checkpoint())

    @property
    def sessions(self) -> list[SessionJson]:
        """The account's sessions, newest first."""
        return self._list("/sessions", "sessions")

    @property
    def invoices(self) -> list[InvoiceJson]:
        """The account's invoices, newest first."""
        return self._list("/invoices", "invoices")

    @property
    def requests(self) -> AccountRequests:
        """The account's requests that the journal has, with their answers, newest first."""
        pages = self._pages("/requests", "requests", lambda last, _: {"before": last["id"]})
        return AccountRequests(each for page in pages for each in page)

    @property
    def faults(self) -> list[FaultJson]:
        """The account's planned faults in planning order, spent ones included."""
        faults: list[FaultJson] = self.control("GET", "/faults", query={"key": self.api_key})["faults"]
        return faults

    @property
    def usage(self) -> UsageJson:
        """The account's credits: balance and consumption."""
        usage: UsageJson = self.control("GET", "/usage", query={"key": self.api_key})["usage"]
        return usage

    @property
    def balance(self) -> Number:
        """The account's credits."""
        return self.usage["credit_balance"]

    def control(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        """Call the control API, and return the answer's JSON. A path begins with `/_mock`, or is what follows it."""
        return self._api.call(method, path, query=query, body=body)

    def _remember_requests(self) -> None:
        self._deleted_requests = all_requests(self)

    def _act(self, session: SessionOrName, action: str, **body: Any) -> SessionJson:
        path = f"/sessions/{_id(session)}/{action}"
        after: SessionJson = self.control("POST", path, body=_present(**body))["session"]
        return after

    def _post(self, path: str, **body: Any) -> Any:
        return self.control("POST", path, body={"key": self.api_key, **_present(**body)})

    def _list(self, path: str, member: str) -> list[Any]:
        pages = self._pages(path, member, lambda _, number: {"offset": number})
        # a new one moves an older one to the next page, which is read once all the same
        return list({each["id"]: each for page in pages for each in page}.values())

    def _pages(
        self, path: str, member: str, place_after: Callable[[Any, int], Mapping[str, int]]
    ) -> Iterator[list[Any]]:
        """The pages of a list; the place of the next one follows from the last item and the number of items so far."""
        number, place = 0, dict[str, str]()
        while page := self.control("GET", path, query={"key": self.api_key, "limit": str(_MOST), **place})[member]:
            yield page
            if len(page) < _MOST:
                return
            number += len(page)
            place = {name: str(value) for name, value in place_after(page[-1], number).items()}

    def _session(self, name: str) -> SessionJson:
        session: SessionJson = self.control("GET", f"/sessions/{name}")
        return session


def all_requests(account: AccountMock) -> list[ExchangeJson]:
    """The account's requests, and before them those that its `reset` and `rewind` have deleted, newest first."""
    return [*account.requests, *account._deleted_requests]


def seeded_account(api: ControlApi, seed: int) -> AccountMock:
    """A fresh account on a mock with a seed; its key follows from the seed and the number of accounts."""
    number = 0
    while page := api.call("GET", "/accounts", query={"limit": str(_MOST), "offset": str(number)})["accounts"]:
        number += len(page)
    account = AccountMock(api, api_key=f"sk-test-{blake2b(f'{seed} {number}'.encode(), digest_size=12).hexdigest()}")
    account.control("GET", "/accounts", query={"key": account.api_key})  # opens it, so that the next one is another
    return account


def _present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _checked_key(api_key: str) -> str:
    if not isinstance(api_key, str) or not re.fullmatch(r"[!-~]+", api_key):
        raise ValueError(f"the API key is {api_key!r}; a text such as sk-demo is needed, or None for a fresh account")
    return api_key


def _id(session: SessionOrName) -> str:
    name = session if isinstance(session, str) else _id_or_url(session)
    if last := re.split("[?#]", name)[0].rstrip("/").rpartition("/")[2]:
        return quote(last, safe="", errors="replace")
    raise ValueError(f"{session!r} is no session; its id, its URL, or an object with id or url is needed")


def _id_or_url(session: object) -> str:
    if isinstance(session, Mapping):
        name = session.get("id") or session.get("url")
        if isinstance(name, str):
            return name
    raise TypeError(f"{reprlib.repr(session)} is no session; its id, its URL, or an object with id or url is needed")


def _card_with(code: str) -> str:
    cards = {
        behaviour.decline.code: number
        for number, behaviour in TEST_CARDS.items()
        if behaviour.decline and not behaviour.asks_3d_secure
    }
    if code not in cards:
        raise ValueError(f"no test card is declined with {code!r}; one of {', '.join(sorted(cards))} is needed")
    return cards[code]


def _session_id(answer: Any) -> str:
    """The session's id, from the end of its URL, in a reply of any profile."""
    data = answer.get("data") or {}
    url = data.get("url") or answer.get("checkout_url") or answer.get("checkoutUrl")
    return str(url).rpartition("/")[2]
