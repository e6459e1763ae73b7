"""`python -m mockserver_contracts.corpus.bundle`: make the corpora that come with the product, of the default seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mockserver.contract import load
from mockserver_contracts.corpus.corpus import Corpus, Recipe, keep
from mockserver_contracts.corpus.storage import DEFAULT_EXAMPLES, DEFAULT_SEED, SHIPPED, made, shipped_file
from mockserver_contracts.document.key_header import key_header

PROFILES: Final = ("page", "openapi")
"""Those that a check of the mock holds it to; the corpora of others are made when they are asked for."""


def bundled() -> Iterator[tuple[Path, Corpus]]:
    """The corpora and where each lies."""
    for profile in PROFILES:
        document = load(profile)[0].document
        recipe = Recipe.of(document, seed=DEFAULT_SEED, max_examples=DEFAULT_EXAMPLES)
        corpus = made(document, recipe, key_header=key_header(document))
        assert corpus is not None
        yield shipped_file(recipe), corpus


def main() -> None:
    """Write them all, and leave nothing else there."""
    files = dict(bundled())
    for file, corpus in files.items():
        keep(file, corpus)
    for stale in set(SHIPPED.glob("*.jsonl")) - set(files):
        stale.unlink()


if __name__ == "__main__":
    main()
