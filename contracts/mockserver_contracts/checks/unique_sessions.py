"""No two sessions of a run share an id or a URL, whichever part of the run made them, and each has one of either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.answer import Session
from mockserver_contracts.target.client import CHECKOUT

CHECK = "rule-no-two-sessions-alike"


def alike(sessions: Sequence[Session]) -> Iterator[Finding]:
    """A finding where two of the sessions are one, or lead to the same page."""
    ids = {session.id for session in sessions}
    for cause, names in (
        ("id", [session.id for session in sessions]),
        ("URL", [session.url for session in sessions if session.url]),
    ):
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice:
            last = [session for session in sessions if twice[0] in (session.id, session.url)][-1]
            yield _broken(last, f"the same {cause} twice", "one of its own", twice[0])
            return
    for session in sessions:
        yield from _two_of_one(session)
        place = session.url.rpartition("/")[2].partition("?")[0].partition("#")[0]
        if place != session.id and place in ids:
            yield _broken(session, "the URL of another session", session.id, place)
            return


def _two_of_one(session: Session) -> Iterator[Finding]:
    answer = session.answer
    told = {
        "ids": (answer.at("id"), answer.at("data", "id")),
        "URLs": (
            answer.at("data", "url"),
            answer.at("data", "checkout_url"),
            answer.at("checkout_url"),
            answer.at("checkoutUrl"),
        ),
    }
    for noun, values in told.items():
        different = sorted({str(value) for value in values if value is not None})
        if len(different) > 1:
            yield _broken(session, f"two {noun} in one answer", "one", " and ".join(different))


def _broken(session: Session, cause: str, expected: str, actual: str) -> Finding:
    return Finding(
        kind="fuzz",
        check=CHECK,
        operation=f"POST {CHECKOUT}",
        pointer="",
        cause=cause,
        severity="error",
        title=f"No two sessions alike: {cause}",
        expected=expected,
        actual=actual,
        request=session.answer.request,
        response=session.answer.response,
    )
