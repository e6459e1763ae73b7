"""The checkout keeps all of its requests; every other operation gets a share."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from mockserver_contracts.corpus.entry import CorpusEntry, Expected, Link, Origin
from mockserver_contracts.corpus.sampling import sample_by_share


def entries(path: str, number: int, origin: Origin = "fuzzing") -> tuple[CorpusEntry, ...]:
    return tuple(
        CorpusEntry(f"GET {path}", origin, "GET", f"{path}?{origin}={n}", (), b"", Expected.EITHER)
        for n in range(number)
    )


def test_checkout_keeps_everything_and_other_operations_a_share() -> None:
    whole = (
        *entries("/billing/checkout", 50),
        *entries("/billing/usage", 50),
        *entries("/billing/usage", 50, "coverage"),
        *entries("/billing/usage", 9, "examples"),
        *entries("/billing/invoices", 3),
    )
    kept = Counter((entry.path, entry.origin) for entry in sample_by_share(whole, max_examples=20))
    assert kept == {
        ("/billing/checkout", "fuzzing"): 50,
        ("/billing/usage", "fuzzing"): 3,
        ("/billing/usage", "coverage"): 8,
        ("/billing/usage", "examples"): 9,
        ("/billing/invoices", "fuzzing"): 3,
    }


def test_share_grows_with_max_examples_and_is_spread_evenly() -> None:
    whole = (*entries("/billing/checkout", 1), *entries("/billing/usage", 40))
    kept = [entry.target for entry in sample_by_share(whole, max_examples=133) if entry.path == "/billing/usage"]
    assert kept == [f"/billing/usage?fuzzing={number}" for number in range(0, 40, 2)]


def test_near_misses_that_the_contract_decides_come_first_and_one_open_one_stays() -> None:
    near = entries("/billing/topup", 30, "near-miss")
    whole = (*near[:2], *(replace(entry, expected=Expected.REFUSED) for entry in near[2:28]), *near[28:])
    kept = sample_by_share((*entries("/billing/checkout", 1), *whole), max_examples=20)
    assert kept[1:] == (whole[0], *whole[2:17])


def test_operation_with_such_near_misses_keeps_half_of_the_coverage() -> None:
    near = tuple(replace(entry, expected=Expected.REFUSED) for entry in entries("/billing/topup", 3, "near-miss"))
    coverage = (*entries("/billing/topup", 50, "coverage"), *entries("/billing/usage", 50, "coverage"))
    kept = Counter(
        entry.path for entry in sample_by_share((*near, *coverage, *entries("/billing/checkout", 1)), max_examples=20)
    )
    assert kept == {"/billing/topup": 3 + 4, "/billing/usage": 8, "/billing/checkout": 1}


def test_document_without_the_checkout_keeps_everything() -> None:
    whole = entries("/videos", 200)
    assert sample_by_share(whole, max_examples=20) == whole


def test_parent_of_a_sampled_link_is_sampled() -> None:
    many = entries("/billing/usage", 40)
    linked = replace(
        many[0], origin="examples", target="/b", links=(Link(many[39].id, "body", "/id", "~", "1", "path.id"),)
    )
    assert many[39] not in sample_by_share((*entries("/billing/checkout", 1), *many), max_examples=20)
    assert many[39] in sample_by_share((*entries("/billing/checkout", 1), *many, linked), max_examples=20)
