"""The abilities that a check may need of its target. A run probes them and assumes none."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.answer import Session, is_absent, session_of
from mockserver_contracts.target.client import TargetClient
from mockserver_contracts.target.gate import REFUSALS
from mockserver_contracts.target.key_variants import unissued_key
from mockserver_contracts.target.undecided import Unavailable, Undecided


class Ability(Enum):
    """One thing that a check may need; the value is the reason why a check without it stays undecided."""

    CREATE = "the target creates no session"
    LIST = "the list of checkouts is not implemented by the target"
    USAGE = "the usage statistics are not implemented by the target"
    SESSIONS = "no control of sessions"
    PAY = "no control of payments"
    CANCEL = "no control of cancellations"
    CLOCK = "no clock control"
    SECOND = "no second account; name its key with --second-token-env"
    ACCOUNTS = "the target knows no key but those it was given"
    FREE = "a rail forbids it"

    @property
    def reason(self) -> str:
        """The reason why a check without the ability stays undecided."""
        return self.value


# The amounts of the page's samples, for a server that sells no single dollar.
_USUAL_AMOUNTS: Final = (10, 50, 100)
_LONGEST_LAG: Final = 0.5
# A server without an operation answers one of these.
CONTROLS: Final = frozenset({Ability.SESSIONS, Ability.PAY, Ability.CANCEL, Ability.CLOCK})
"""The abilities of a control API: a target with one of them has one."""


@dataclass(frozen=True, slots=True)
class AbilityProbe:
    """The abilities that a target showed, and the statuses of its answers to the first valid requests."""

    abilities: frozenset[Ability]
    first_statuses: tuple[int, ...]

    @property
    def is_refused(self) -> bool:
        """The target refuses every valid request."""
        return bool(self.first_statuses) and REFUSALS.issuperset(self.first_statuses)


def probe_target(client: TargetClient, key: str, *, second_key: str | None, opens_accounts: bool) -> AbilityProbe:
    """Find the abilities of a target, with an account of its own where every key opens one."""
    probe = probe_account(AccountClient(client, f"{key}-abilities" if opens_accounts else key))
    abilities = set(probe.abilities)
    if opens_accounts or (not client.on_rails and not probe.is_refused and _accepts_unissued_key(client, key)):
        abilities.add(Ability.ACCOUNTS)
    if Ability.ACCOUNTS in abilities or second_key is not None:
        abilities.add(Ability.SECOND)
    return replace(probe, abilities=frozenset(abilities))


def probe_account(account: AccountClient) -> AbilityProbe:
    """Find the abilities that the target offers to one account."""
    statuses: list[int] = []
    abilities = frozenset(_find_abilities(account, statuses))
    return AbilityProbe(abilities, tuple(statuses))


def _accepts_unissued_key(client: TargetClient, key: str) -> bool:
    try:
        account = AccountClient(client, unissued_key(key))
        # The rule `first-sessions-are-like-others` looks at the first order of an account.
        return any(account.ask(amount=account.dollars(1)).is_accepted for _ in range(2))
    except Undecided:
        return False


def _find_abilities(account: AccountClient, statuses: list[int]) -> Iterator[Ability]:
    client = account.client
    if not client.on_rails:
        yield Ability.FREE
    session = _create_first_session(account, statuses)
    if session is not None:
        yield Ability.CREATE
    if statuses and REFUSALS.issuperset(statuses):
        return
    for ability, read in ((Ability.LIST, account.page), (Ability.USAGE, account.usage)):
        with contextlib.suppress(Undecided):
            answer = read()
            if not is_absent(answer.status, answer.json):
                yield ability
                if ability is Ability.LIST:
                    client.page_lengths.find_limit(lambda limit: account.page(limit=limit))
                if ability is Ability.LIST and not client.is_in_process:
                    client.list_lag = _lag_of_list(account)
    if client.control is not None and not client.on_rails:
        yield from _find_controls(account, session)


def _create_first_session(account: AccountClient, statuses: list[int]) -> Session | None:
    """Create a session with the first kind of order that the target accepts; add each status to `statuses`."""
    orders: list[dict[str, object]] = [{"amount": 1}]
    if not account.client.on_rails:
        orders += [{"amount": dollars} for dollars in _USUAL_AMOUNTS]
    orders += [{"amount": 1, "mode": "payment"}, {"mode": "subscription", "plan_id": "plan-basic"}]
    for fields in orders:
        try:
            answer = account.ask(**fields)
        except Unavailable as away:
            statuses.append(away.status)
            continue
        except Undecided:
            continue
        statuses.append(answer.status)
        dollars = fields.get("amount", 0)
        assert isinstance(dollars, int)
        if (session := session_of(answer, dollars)) is not None:
            account.client.least_dollars = max(dollars, 1)
            return session
    return None


def _lag_of_list(account: AccountClient) -> float:
    """The seconds after which a new session is on the list; 0 if it is there at once, or not within the wait."""
    session = account.create(dollars=1)
    began = time.monotonic()
    waited = 0.0
    while waited < _LONGEST_LAG:
        if account.entry(session) is not None:
            # Twice the time: the next write may be later.
            return 2 * waited
        time.sleep(_LONGEST_LAG / 20)
        waited = time.monotonic() - began
    return 0.0


def _find_controls(account: AccountClient, session: Session | None) -> Iterator[Ability]:
    with contextlib.suppress(Undecided):
        if account.now() is not None:
            yield Ability.CLOCK
    if session is None:
        return
    with contextlib.suppress(Undecided):
        if account.look(session).at("id") == session.id:
            yield Ability.SESSIONS
    for ability, call in ((Ability.CANCEL, account.cancel), (Ability.PAY, account.pay)):
        with contextlib.suppress(Undecided):
            answer = call(session)
            if not is_absent(answer.status, answer.json) and isinstance(answer.json, dict):
                yield ability
