from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mockserver.journal import Journal, JournalEntry
from mockserver.journal.journal import BODY_LIMIT
from mockserver.journal.redaction import REDACTED
from tests.builders import ACCOUNT, NOON, OTHER


def add(journal: Journal, account: str | None = ACCOUNT, **fields: Any) -> JournalEntry:
    """Keep an entry of that account."""
    values: dict[str, Any] = {
        "at": NOON,
        "mock_now": NOON,
        "method": "GET",
        "path": "/billing/usage",
        "query": "",
        "status": 200,
        "duration_ms": 1.0,
        "request_headers": [],
        "request_body": b"",
        "response_headers": [],
        "response_body": b"",
        **fields,
    }
    return journal.add(account=account, **values)


def test_entries_are_listed_newest_first_by_account() -> None:
    journal = Journal()
    first, second, third = add(journal), add(journal, OTHER), add(journal)
    assert list(journal.newest_first()) == [third, second, first]
    assert list(journal.newest_first(ACCOUNT)) == [third, first]
    assert list(journal.newest_first("acct_unknown")) == []


@given(st.lists(st.sampled_from([ACCOUNT, OTHER, None])))
def test_journal_holds_latest_entries_per_account_and_in_all(accounts: list[str | None]) -> None:
    journal = Journal(per_account=3, in_all=5)
    added = [add(journal, account) for account in accounts]
    kept = list(journal.newest_first())
    assert len(kept) <= 5
    for account in {ACCOUNT, OTHER}:
        mine = [entry for entry in reversed(added) if entry.account == account]
        assert list(journal.newest_first(account)) == [entry for entry in mine[:3] if entry in kept]
    if added:
        assert kept[0] == added[-1]
    survivors = [entry for entry in reversed(added) if entry in kept]
    assert kept == survivors


def test_long_bodies_are_cut_and_marked_as_truncated() -> None:
    journal = Journal()
    cut = add(journal, request_body=b"x" * (BODY_LIMIT + 1))
    whole = add(journal, response_body=b"x" * BODY_LIMIT)
    assert (len(cut.request.body), cut.truncated) == (BODY_LIMIT, True)
    assert (len(whole.response.body), whole.truncated) == (BODY_LIMIT, False)


def test_api_keys_are_redacted_everywhere() -> None:
    secret = "sk-very_secret-9"
    headers = [(b"x-access-token", b"malformed secret"), (b"referer", f"http://x/?key={secret}".encode())]
    headers += [(b"authorization", b"Bearer t"), (b"cookie", b"c")]
    body = f'{{"key": "{secret}"}}'.encode()
    messages: dict[str, Any] = {
        "request_headers": headers,
        "request_body": body,
        "response_headers": headers,
        "response_body": body,
    }
    kept = add(Journal(), path=f"/{secret}", query=f"token={secret}", **messages)
    assert secret not in repr(kept)
    assert "malformed secret" not in repr(kept)
    assert "Bearer t" not in repr(kept)


def test_violations_and_notes_lose_plain_keys_at_once_and_others_when_they_are_read() -> None:
    plain, spelled, card = "sk-very_secret-9", "sk%2Dvery_secret-9", "4111111111111111"
    errors = [(f"/{text}", f'a is "{text}"', "type") for text in (plain, spelled, card)]
    kept = add(Journal(), request_errors=errors, notes=[f"/{plain} is not known", f"/{spelled} is not known"])
    assert plain not in repr(kept)
    assert [text for text in (spelled, card, "very_secret") if text in repr(kept.reveal())] == []
    assert kept.reveal().request_errors[0] == (f"/{REDACTED}", f'a is "{REDACTED}"', "type")


def test_texts_that_resemble_keys_are_not_redacted() -> None:
    assert add(Journal(), query="q=task-9&d=desk-lamp").query == "q=task-9&d=desk-lamp"


def test_deletion_for_one_account_keeps_other_entries() -> None:
    journal = Journal()
    add(journal)
    other = add(journal, OTHER)
    journal.forget(ACCOUNT)
    assert list(journal.newest_first()) == [other]
    journal.forget()
    assert list(journal.newest_first()) == []
    assert add(journal).id > other.id, "ids are not used twice"


@given(st.lists(st.sampled_from([ACCOUNT, OTHER, None, "forget"])), st.integers(0, 30))
def test_later_entries_are_listed_or_reported_as_lost(steps: list[str | None], had: int) -> None:
    journal = Journal(per_account=3, in_all=5)
    added: list[JournalEntry] = []
    for step in steps:
        if step == "forget":
            journal.forget(OTHER)
            added = [entry for entry in added if entry.account != OTHER]
        else:
            added.append(add(journal, step))
    for account in (None, ACCOUNT, OTHER):
        wanted = [one for one in added if one.id > had and account in (None, one.account)]
        left = list(journal.after(had, account))
        assert left == [one for one in reversed(list(journal.newest_first(account))) if one.id > had]
        assert left == wanted or journal.lost(account) > had
        assert journal.lost(account) <= journal.newest == max([0, *(one.id for one in added), journal.newest])


def test_entries_added_during_iteration_are_included() -> None:
    journal = Journal()
    add(journal)
    reading = journal.after(0)
    assert next(reading).id == 1
    add(journal)
    assert next(reading).id == 2
    journal.forget()
    add(journal)
    assert next(reading).id == 3
    assert next(reading, None) is None


@given(st.lists(st.tuples(st.sampled_from([ACCOUNT, OTHER, None]), st.integers(0, 3_000))))
def test_journal_holds_a_number_of_bytes(bodies: list[tuple[str | None, int]]) -> None:
    journal = Journal(per_account=4, in_all=6, max_bytes=8_000)
    for account, size in bodies:
        newest = add(journal, account, request_headers=[(b"a", b"b" * 9)], request_body=b"x" * size)
        kept = list(journal.newest_first())
        assert kept[0] == newest
        assert sum(entry.size for entry in kept) <= 8_000
    journal.forget(ACCOUNT)
    add(journal)
    assert len(list(journal.newest_first())) <= 6


def test_entry_larger_than_the_journal_is_held_alone() -> None:
    journal = Journal(max_bytes=100)
    first, second = add(journal), add(journal)
    assert list(journal.newest_first()) == [second]
    assert journal.lost() == first.id
