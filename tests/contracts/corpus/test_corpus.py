"""A corpus is a file, read only where it is of the recipe that is asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from mockserver_contracts.corpus.corpus import Corpus, Recipe, load_corpus, save_corpus, serialize_corpus
from mockserver_contracts.corpus.entry import CorpusEntry, Expected, Link

RECIPE = Recipe("c" * 64, 1, 50)


def entries(operation: str, number: int, origin: str = "fuzzing") -> tuple[CorpusEntry, ...]:
    return tuple(
        CorpusEntry(operation, origin, operation.split()[0], f"/a?{origin}={n}", (), b"", Expected.EITHER)  # type: ignore[arg-type]
        for n in range(number)
    )


def test_corpus_is_equal_after_save_and_load(tmp_path: Path) -> None:
    corpus = Corpus(RECIPE, entries("GET /a", 3), "a part could not be made")
    save_corpus(tmp_path / "deep" / "corpus.jsonl", corpus)
    assert load_corpus(tmp_path / "deep" / "corpus.jsonl", RECIPE) == corpus
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["corpus.jsonl"]


@pytest.mark.parametrize("change", [{"seed": 2}, {"max_examples": 49}, {"contract": "d" * 64}])
def test_corpus_of_another_recipe_is_not_loaded(tmp_path: Path, change: dict[str, object]) -> None:
    save_corpus(tmp_path / "corpus.jsonl", Corpus(RECIPE, entries("GET /a", 3)))
    assert load_corpus(tmp_path / "corpus.jsonl", replace(RECIPE, **change)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spoil", [lambda text: "", lambda text: text[:-20], lambda text: text.replace('"format":2', '"format":1')]
)
def test_damaged_file_is_not_loaded(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "corpus.jsonl"
    file.write_text(spoil(serialize_corpus(Corpus(RECIPE, entries("GET /a", 3)))), encoding="utf-8")
    assert load_corpus(file, RECIPE) is None
    assert load_corpus(tmp_path / "nothing.jsonl", RECIPE) is None


def test_sample_is_even_over_operations_and_origins() -> None:
    corpus = Corpus(RECIPE, (*entries("GET /a", 30), *entries("POST /a", 5), *entries("GET /a", 4, "coverage")))
    part = corpus.sample(is_declared=True, most=12)
    assert Counter((entry.operation, entry.origin) for entry in part) == {
        ("GET /a", "fuzzing"): 4,
        ("POST /a", "fuzzing"): 4,
        ("GET /a", "coverage"): 4,
    }
    assert [entry for entry in corpus.entries if entry in part] == list(part)
    assert corpus.sample(is_declared=True, most=1_000) == corpus.entries


def test_sample_leaves_out_links_and_undeclared_methods() -> None:
    [plain] = entries("GET /a", 1)
    linked = replace(plain, target="/b", links=(Link(plain.id, "body", "/id", "~", "1", "path.id"),))
    other = replace(plain, method="DELETE")
    corpus = Corpus(RECIPE, (plain, linked, other))
    assert corpus.sample(is_declared=True, most=9) == (plain,)
    assert corpus.sample(is_declared=False, most=9) == (plain, other)


def test_recipe_ignores_the_servers_of_the_document() -> None:
    document = {"paths": {"/a": {}}, "servers": [{"url": "http://127.0.0.1:1"}]}
    assert Recipe.of(document, seed=1, max_examples=1) == Recipe.of({"paths": {"/a": {}}}, seed=1, max_examples=1)
    assert Recipe.of({"paths": {}}, seed=1, max_examples=1) != Recipe.of(document, seed=1, max_examples=1)
