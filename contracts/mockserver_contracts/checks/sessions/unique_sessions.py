"""Every session of a run has one id and one URL, and shares neither with another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.answer import Session

_CHECK: Final = "rule-no-two-sessions-alike"


def find_repeated_sessions(sessions: Sequence[Session]) -> Iterator[Finding]:
    """Yield findings if two sessions share an id or a URL, or if one reply names two."""
    ids = {session.id for session in sessions}
    for cause, names in (
        ("id", [session.id for session in sessions]),
        ("URL", [session.url for session in sessions if session.url]),
    ):
        repeated = [name for name, times in Counter(names).items() if times > 1]
        if repeated:
            alike = [session for session in sessions if repeated[0] in (session.id, session.url)]
            yield _violation(alike[-1], f"the same {cause} twice", "one of its own", repeated[0], other=alike[0])
            return
    for session in sessions:
        yield from _find_contradictory_reply(session)
        segment = session.url.rpartition("/")[2].partition("?")[0].partition("#")[0]
        if segment != session.id and segment in ids:
            yield _violation(session, "the URL of another session", session.id, segment)
            return


def _find_contradictory_reply(session: Session) -> Iterator[Finding]:
    answer = session.answer
    places = {
        "ids": (answer.at("id"), answer.at("data", "id")),
        "URLs": (
            answer.at("data", "url"),
            answer.at("data", "checkout_url"),
            answer.at("checkout_url"),
            answer.at("checkoutUrl"),
        ),
    }
    for noun, values in places.items():
        different = sorted({str(value) for value in values if value is not None})
        if len(different) > 1:
            yield _violation(session, f"two {noun} in one answer", "one", " and ".join(different))


def _violation(session: Session, cause: str, expected: str, actual: str, *, other: Session | None = None) -> Finding:
    return Finding(
        kind="fuzz",
        check=_CHECK,
        operation=f"POST {CHECKOUT}",
        pointer="",
        cause=cause,
        severity="error",
        title=f"No two sessions alike: {cause}",
        expected=expected,
        actual=actual,
        request=session.answer.request,
        response=session.answer.response,
        steps=() if other is None else ((other.answer,), (session.answer,)),
    )
