"""`python -m mockserver_contracts.corpus.bundle`: generate the corpora that the package ships."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from mockserver.contract import load
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.corpus.corpus import Corpus, Recipe, save_corpus
from mockserver_contracts.corpus.storage import SHIPPED, generate_corpus, shipped_file
from mockserver_contracts.document.key_header import key_header

PROFILES: Final = ("page", "openapi")
"""`mockserver check` uses these profiles; the corpus of another is generated at its first use."""


def bundle_files() -> dict[str, Path]:
    """The file of each profile's corpus, as the current contract determines its name."""
    return {profile: shipped_file(_recipe(profile)) for profile in PROFILES}


def generate_bundles(profiles: Iterable[str] = PROFILES) -> Iterator[tuple[Path, Corpus]]:
    """Generate the corpus of each profile; the pairs are its file and the corpus."""
    for profile in profiles:
        document = load(profile)[0].document
        recipe = _recipe(profile)
        corpus = generate_corpus(document, recipe, key_header=key_header(document))
        assert corpus is not None
        yield shipped_file(recipe), corpus


def main() -> None:
    """Save every corpus, and delete the files of earlier contracts."""
    files = dict(generate_bundles())
    for file, corpus in files.items():
        save_corpus(file, corpus)
    for stale in set(SHIPPED.glob("*.jsonl")) - set(files):
        stale.unlink()


def _recipe(profile: str) -> Recipe:
    return Recipe.of(load(profile)[0].document, seed=DEFAULT_SEED, max_examples=DEFAULT_EXAMPLES)


if __name__ == "__main__":
    main()
