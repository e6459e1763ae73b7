"""Defects of soundness: accounts meet, money and months are cut wrongly, and the server wears out."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from mockserver_contracts.defects.authentication import has_key, with_keys
from mockserver_contracts.defects.balances import BalanceDefect, BalanceOffsets
from mockserver_contracts.defects.defect import DefectFamily
from mockserver_contracts.defects.interception.request import InterceptedRequest
from mockserver_contracts.defects.interception.response import HTML, InterceptedResponse
from mockserver_contracts.defects.interception.upstream import Upstream, find_session_id
from mockserver_contracts.defects.response_shape import change_created, replace_in_data
from mockserver_contracts.document.operations import AUTO_RECHARGE, USAGE

SOUNDNESS: Final = DefectFamily("soundness")
_KEPT: Final = 60
_WITH_AUTHENTICATION: Final = frozenset({"3155", "3184"})


@SOUNDNESS.defect(
    "account-in-a-global",
    "The account of a request is kept in a variable of the whole server while it is answered.",
    fails={"rule-accounts-at-once", "rule-balances-at-once"},
)
class AccountInAGlobal:
    def __init__(self) -> None:
        self._key: str | None = None

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not request.is_billing or not has_key(request):
            return await upstream.send(request)
        self._key = request.key
        await asyncio.sleep(0)  # it reads from its database, and others come in between
        return await upstream.send(request.with_key(str(self._key)) if self.reaches(request) else request)

    def reaches(self, request: InterceptedRequest) -> bool:
        """The request is answered by the variable."""
        return request.is_billing


@SOUNDNESS.defect(
    "accounts-by-a-short-hash",
    "Accounts are told apart by four bits of a hash.",
    fails={"rule-many-accounts-are-apart"},
)
async def accounts_by_a_short_hash(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    return await upstream.send(with_keys(request, lambda key: f"sk-{hashlib.sha256(key.encode()).digest()[0] % 16}"))


@SOUNDNESS.defect(
    "one-auto-recharge-for-all",
    "The auto recharge that somebody has set is shown to everybody.",
    fails={"rule-settings-are-apart"},
)
class OneAutoRechargeForAll:
    def __init__(self) -> None:
        self._set: dict[str, Any] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        response = await upstream.send(request)
        if request.path != AUTO_RECHARGE or not response.is_success:
            return response
        if request.method == "POST":
            self._set.update(request.fields)
            return response
        return response.with_json({**response.json, "data": {**response.json["data"], **self._set}})


@SOUNDNESS.defect(
    "cookie-is-a-key",
    "A cookie that comes with the first answer stands for the key in later requests.",
    fails={"rule-cookie-is-no-key"},
)
class CookieIsAKey:
    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if not request.is_billing:
            return await upstream.send(request)
        cookie = dict(request.headers).get(b"cookie", b"").decode("latin-1").partition("session=")[2]
        if request.key is None and cookie in self._keys:
            return await upstream.send(request.with_key(self._keys[cookie]))
        response = await upstream.send(request)
        if request.key is None or not has_key(request):
            return response
        name = hashlib.sha256(request.key.encode()).hexdigest()[:16]
        self._keys[name] = request.key
        return response.with_header(b"set-cookie", f"session={name}; HttpOnly; Path=/".encode())


@SOUNDNESS.defect("forgets-early-sessions", "Only the latest sixty sessions are kept.", fails={"rule-sessions-stay"})
class ForgetsEarlySessions:
    def __init__(self) -> None:
        self._created: list[str] = []

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.is_control and request.path.rpartition("/")[2] in self._created[:-_KEPT]:
            error = {"success": False, "message": "no such session", "error_code": "session_not_found"}
            return InterceptedResponse.of_json(404, error)
        response = await upstream.send(request)
        if request.is_creation and (name := find_session_id(response)) is not None:
            self._created.append(name)
        return response


@SOUNDNESS.defect("early-pages-are-gone", "Only the latest sixty sessions have a page.", fails={"rule-sessions-stay"})
class EarlyPagesAreGone:
    def __init__(self) -> None:
        self._created: list[str] = []

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.path.startswith("/c/pay/") and request.path.rpartition("/")[2] in self._created[:-_KEPT]:
            return InterceptedResponse.of(404, b"<h1>Not found</h1>", HTML)
        response = await upstream.send(request)
        if request.is_creation and (name := find_session_id(response)) is not None:
            self._created.append(name)
        return response


@SOUNDNESS.defect(
    "slower-from-order-to-order",
    "Each order takes longer than the one before it, as with a list that is searched from its start.",
    fails={"rule-answers-do-not-slow-down"},
)
class SlowerFromOrderToOrder:
    """Each order takes `seconds` longer than the last."""

    seconds = 0.0003

    def __init__(self) -> None:
        self._orders = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.is_creation:
            self._orders += 1
            await asyncio.sleep(self.seconds * self._orders)
        return await upstream.send(request)


@SOUNDNESS.defect(
    "slower-from-session-to-session",
    "The list and the usage of an account take longer with each of its sessions, as with a query for each.",
    fails={"rule-answers-do-not-slow-down"},
)
class SlowerFromSessionToSession:
    """Each session of the account makes a look `seconds` longer."""

    seconds = 0.002

    def __init__(self) -> None:
        self._sessions = Counter[str | None]()

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        if request.is_creation:
            self._sessions[request.key] += 1
        elif request.is_list or request.path == USAGE:
            await asyncio.sleep(self.seconds * self._sessions[request.key])
        return await upstream.send(request)


@SOUNDNESS.defect(
    "a-day-of-local-time",
    "A session lives until the same local time of the next day in New York.",
    fails={"rule-lives-a-day-in-every-night"},
)
async def a_day_of_local_time(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    def local(created: dict[str, Any]) -> dict[str, Any]:
        ends = datetime.fromisoformat(created["data"]["expires_at"])
        shift = _new_york_hours(ends) - _new_york_hours(ends - timedelta(days=1))
        at = (ends + timedelta(hours=shift)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return replace_in_data(created, expires_at=at)

    return await change_created(request, upstream, local)


@SOUNDNESS.defect(
    "lost-payments",
    "Of payments at the same time, one account's balance keeps the last alone.",
    fails={"rule-payments-at-once-add-up"},
)
class LostPayments:
    def __init__(self) -> None:
        self._balances = BalanceOffsets()
        self._open = 0

    async def __call__(self, request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
        action = request.buyer_action
        if action is None or action.kind != "pay":
            return await self._balances.apply(request, upstream)
        is_alone = self._open == 0
        self._open += 1
        await asyncio.sleep(0)  # it has read the balance, and others read it too
        response = await upstream.send(request)
        self._open -= 1
        if not is_alone and response.is_success:
            session = await upstream.session(action.session)
            self._balances.add(session["account"], -session["credits"])
        return response


@SOUNDNESS.defect(
    "consumption-in-binary-fractions",
    "Consumption is summed in binary fractions.",
    fails={"rule-consumption-is-exact"},
)
async def consumption_in_binary_fractions(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.path != USAGE or not response.is_success:
        return response
    data = response.json["data"]
    balance = float(data["credit_balance"] + data["credit_used"])
    for _ in range(round(data["credit_used"] * 10)):
        balance -= 0.1
    return response.with_json(replace_in_data(response.json, credit_balance=balance))


@SOUNDNESS.defect(
    "authentication-pays-too",
    "A card with 3-D Secure credits at its authentication and at the payment.",
    fails={"rule-each-card-has-one-effect"},
)
class AuthenticationPaysToo(BalanceDefect):
    async def on_paid(self, session: dict[str, Any], upstream: Upstream) -> None:
        if session["attempts"][-1]["card_last4"] in _WITH_AUTHENTICATION:
            self.balances.add(session["account"], session["credits"])


@SOUNDNESS.defect(
    "one-declined-card-pays",
    "The card without funds pays; other declined cards do not.",
    fails={"rule-each-card-has-one-effect"},
)
async def one_declined_card_pays(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    is_it = request.fields.get("card") == "4000000000009995"
    return await upstream.send(request.with_fields(card="4242424242424242") if is_it else request)


@SOUNDNESS.defect(
    "months-end-a-second-early",
    "usage_this_month leaves out what is consumed in the last second of a month.",
    fails={"rule-month-ends-at-midnight"},
)
async def months_end_a_second_early(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.path != USAGE or not response.is_success:
        return response
    now = datetime.fromisoformat((await upstream.account(request.key))["now"])
    is_over = (now + timedelta(seconds=1)).month != now.month
    return response.with_json(replace_in_data(response.json, usage_this_month=0)) if is_over else response


@SOUNDNESS.defect(
    "months-begin-a-second-late",
    "usage_this_month shows the old month in the first second of a new one.",
    fails={"rule-month-ends-at-midnight"},
)
async def months_begin_a_second_late(request: InterceptedRequest, upstream: Upstream) -> InterceptedResponse:
    response = await upstream.send(request)
    if request.path != USAGE or not response.is_success:
        return response
    now = datetime.fromisoformat((await upstream.account(request.key))["now"])
    data = response.json["data"]
    is_old = (now - timedelta(seconds=1)).month != now.month
    shown = replace_in_data(response.json, usage_this_month=data["credit_used"])
    return response.with_json(shown) if is_old else response


def _new_york_hours(instant: datetime) -> int:
    """The hours from New York's time to UTC: 4 in summer, 5 in winter."""
    march, november = instant.replace(month=3, day=14, hour=7), instant.replace(month=11, day=7, hour=6)
    start = march - timedelta(days=(march.weekday() + 1) % 7)
    end = november - timedelta(days=(november.weekday() + 1) % 7)
    return 4 if start <= instant < end else 5


@SOUNDNESS.defect(
    "settings-at-once-are-mixed",
    "The settings of auto recharge are those of the account that asks last at the same time.",
    fails={"rule-balances-at-once"},
)
class SettingsAtOnceAreMixed(AccountInAGlobal):
    def reaches(self, request: InterceptedRequest) -> bool:
        return (request.method, request.path) == ("GET", AUTO_RECHARGE)
