"""The contents of a corpus; the same recipe makes the same corpus."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from mockserver_contracts.corpus.bundle import PROFILES, bundle_files, generate_bundles
from mockserver_contracts.corpus.corpus import Corpus, Recipe, serialize_corpus
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Expected, encode_entry
from mockserver_contracts.corpus.near_misses import near_misses
from mockserver_contracts.corpus.storage import SHIPPED, generate_corpus, is_stored, load_or_generate, shipped_file

from tests.contracts.corpus.documents import KEY_HEADER, with_a_link
from tests.contracts.runs import document
from tests.matrix import long_but


def shipped(profile: str = "page") -> Corpus:
    corpus = load_or_generate(document(profile), key_header=KEY_HEADER)
    assert corpus is not None
    return corpus


def a_corpus(described: Mapping[str, Any], *, seed: int = 3, most: int = 5) -> Corpus:
    corpus = generate_corpus(described, Recipe.of(described, seed=seed, max_examples=most), key_header=KEY_HEADER)
    assert corpus is not None
    return corpus


def test_shipped_corpora_belong_to_the_current_contracts() -> None:
    expected = {file.name for file in bundle_files().values()}
    shipped_names = {file.name for file in SHIPPED.iterdir()}
    assert shipped_names == expected, "a profile or its contract changed, and the corpora are stale: make bundles"


@pytest.mark.parametrize("profile", PROFILES)
def test_shipped_near_misses_are_those_of_the_generator(profile: str) -> None:
    near = near_misses(document(profile), key_header=KEY_HEADER, most=30)
    generated = {entry.id: encode_entry(entry) for entry in near}
    stored = [entry for entry in shipped(profile).entries if entry.origin == "near-miss"]
    assert stored
    for entry in stored:
        assert encode_entry(entry) == generated[entry.id], "the corpora are stale: make bundles"


# The generation of one corpus takes as long as a hundred other tests; `make test-long` generates both.
@pytest.mark.slow
@pytest.mark.parametrize("profile", long_but(PROFILES[-1], of=PROFILES))
def test_shipped_corpus_is_generated_byte_for_byte(profile: str) -> None:
    [(file, corpus)] = generate_bundles([profile])
    assert file.read_text("utf-8") == serialize_corpus(corpus), f"{file} is stale: make bundles"


@pytest.mark.parametrize("profile", PROFILES)
def test_default_seed_needs_no_generation(profile: str) -> None:
    assert is_stored(document(profile), seed=1, max_examples=20)
    assert not is_stored(document(profile), seed=1, max_examples=21)


@pytest.mark.slow
def test_same_seed_generates_the_same_requests_and_another_seed_others() -> None:
    one, again, other = (serialize_corpus(a_corpus(with_a_link(), seed=seed)) for seed in (3, 3, 4))
    assert one == again
    assert one.splitlines()[1:] != other.splitlines()[1:]


def test_corpus_has_requests_of_every_origin() -> None:
    origins = {entry.origin for entry in shipped().entries}
    assert origins == {"examples", "coverage", "fuzzing", "near-miss"}
    operations = {entry.operation for entry in shipped().entries}
    assert operations == {
        "POST /billing/checkout",
        "GET /billing/checkouts",
        "GET /billing/usage",
        "GET /billing/invoices",
        "POST /billing/topup",
        "GET /billing/auto_recharge",
        "POST /billing/auto_recharge",
    }
    assert {entry.method for entry in shipped().entries} >= {"GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "QUERY"}


def test_corpus_has_no_request_twice() -> None:
    ids = [entry.id for entry in shipped().entries]
    assert len(ids) == len(set(ids))


def test_key_placeholder_stands_in_its_header_alone() -> None:
    for entry in shipped().entries:
        assert KEY not in entry.target
        assert KEY.encode() not in entry.body
        assert [value for name, value in entry.headers if name == KEY_HEADER] == [KEY] * is_keyed(entry)
        assert not any(KEY in value for name, value in entry.headers if name != KEY_HEADER)


def is_keyed(entry: CorpusEntry) -> bool:
    """The request was made with a key; some are made without."""
    scenario = (entry.case or {}).get("meta", {}).get("phase", {}).get("data", {}).get("description")
    is_without = entry.miss is not None and entry.miss.cause == "without a key"
    return not is_without and scenario != f"Missing `{KEY_HEADER}` at header"


NEAR_MISSES: dict[str, Callable[[CorpusEntry], bool]] = {
    "a number as a string": lambda entry: b'"amount": "' in entry.body,
    "an enum word in another case": lambda entry: b'"PAYMENT"' in entry.body,
    "an enum word more": lambda entry: b'"neither"' in entry.body,
    "an empty body": lambda entry: not entry.body,
    "a wrong content type": lambda entry: ("content-type", "application/xml") in entry.headers,
    "no content type": lambda entry: "content-type" not in dict(entry.headers),
    "a long value": lambda entry: b"x" * 5_000 in entry.body,
    "a deep value": lambda entry: b"[" * 70 in entry.body,
    "a large body": lambda entry: len(entry.body) > 1 << 20,
    "other letters": lambda entry: not entry.body.isascii(),
    "duplicate keys": lambda entry: entry.body.count(b'"amount"') == 2,
    "NaN": lambda entry: b"NaN" in entry.body,
    "a null": lambda entry: b'"amount": null' in entry.body,
}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", NEAR_MISSES)
def test_corpus_has_near_misses_beside_those_of_schemathesis(kind: str, profile: str) -> None:
    near = [entry for entry in shipped(profile).entries if entry.origin == "near-miss"]
    assert any(NEAR_MISSES[kind](entry) for entry in near)


def test_near_miss_outcome_follows_the_contract() -> None:
    def expected(of: Mapping[str, Any], body: bytes) -> set[Expected]:
        made = near_misses(of, key_header=KEY_HEADER, most=20)
        return {
            entry.expected
            for entry in made
            if entry.body == body and dict(entry.headers).get("content-type") == "application/json"
        }

    assert expected(document("page"), b'{"amount": 0.5}') == {Expected.REFUSED}
    assert expected(document("openapi"), b'{"amount": 0.5}') == {Expected.ACCEPTED}
    for profile in PROFILES:
        assert expected(document(profile), b'{"amount": 50.0}') == {Expected.ACCEPTED}
        assert expected(document(profile), b'{"amount": 1') == {Expected.REFUSED}
        assert expected(document(profile), b'{"amount": 2, "amount": 1}') == {Expected.REFUSED_BY_LIMIT}


def test_any_document_has_near_misses() -> None:
    bodies = [entry.body for entry in near_misses(with_a_link(), key_header=KEY_HEADER, most=30)]
    assert b'{"title": 1}' in bodies
    assert b'{"TITLE": "text"}' in bodies
    assert b'{"title": "text"' in bodies


@pytest.mark.slow
def test_link_of_the_document_becomes_a_link_of_the_corpus() -> None:
    corpus = a_corpus(with_a_link())
    by_id = {entry.id: place for place, entry in enumerate(corpus.entries)}
    linked = [(place, link) for place, entry in enumerate(corpus.entries) for link in entry.links]
    assert linked
    for place, link in linked:
        entry = corpus.entries[place]
        assert by_id[link.parent] < place
        assert corpus.entries[by_id[link.parent]].operation == "POST /videos"
        assert (entry.target, link.where, link.name) == (f"/videos/{link.mark}", "/id", "path.video_id")


def test_generation_stops_at_its_deadline() -> None:
    began = time.monotonic()
    described = with_a_link()
    found = load_or_generate(described, seed=5, max_examples=100_000, key_header=KEY_HEADER, deadline=began + 1.0)
    assert found is None
    assert not is_stored(described, seed=5, max_examples=100_000)
    # it ends once it has finished what it was at; until then Hypothesis is not another test's alone
    for thread in threading.enumerate():
        if thread.name == "corpus":
            thread.join()


@pytest.mark.slow
def test_corpus_is_cached_and_generated_again_if_the_file_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    described = with_a_link()
    first = load_or_generate(described, seed=9, max_examples=3, key_header=KEY_HEADER)
    assert first is not None
    [file] = [path for path in tmp_path.rglob("*.jsonl") if "corpora" in path.parts]
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:3]), encoding="utf-8")
    kept = load_or_generate(described, seed=9, max_examples=3, key_header=KEY_HEADER)
    assert kept is not None
    assert kept.entries == first.entries[:2]
    file.write_text("no corpus", encoding="utf-8")
    assert load_or_generate(described, seed=9, max_examples=3, key_header=KEY_HEADER) == first


def test_shipped_file_has_one_json_line_per_request() -> None:
    recipe = Recipe.of(document(), seed=1, max_examples=20)
    head, first, *_ = shipped_file(recipe).read_text("utf-8").splitlines()
    assert json.loads(head)["contract"] == recipe.contract
    assert json.loads(first)["method"] == "POST"


def entries_of(corpus: Corpus, origin: str) -> list[CorpusEntry]:
    return [entry for entry in corpus.entries if entry.origin == origin]


def test_operation_has_at_most_the_requested_number_of_examples() -> None:
    for origin in ("fuzzing", "stateful"):
        made_for: dict[str, int] = {}
        for entry in entries_of(shipped(), origin):
            made_for[entry.operation] = made_for.get(entry.operation, 0) + 1
        assert max(made_for.values(), default=0) <= 20
