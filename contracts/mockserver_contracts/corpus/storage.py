"""The storage of corpora: the default seed's are shipped with the package, others are kept in the user's cache."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from mockserver.user_folders import cache_folder
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.corpus.corpus import FORMAT, Corpus, Recipe, load_corpus, save_corpus

SHIPPED: Final = Path(__file__).resolve().parent / "shipped"


def load_or_generate(
    document: Mapping[str, Any],
    *,
    seed: int = DEFAULT_SEED,
    max_examples: int = DEFAULT_EXAMPLES,
    key_header: str,
    deadline: float | None = None,
) -> Corpus | None:
    """Load the corpus for the document, or generate and store it; None if the deadline comes first."""
    recipe = Recipe.of(document, seed=seed, max_examples=max_examples)
    corpus = _load_shipped(recipe) or load_corpus(_cache_file(recipe), recipe)
    if corpus is not None:
        return corpus
    generated = generate_corpus(document, recipe, key_header=key_header, deadline=deadline)
    if generated is not None:
        with suppress(OSError):  # without a writable cache the next run generates again
            save_corpus(_cache_file(recipe), generated)
    return generated


@lru_cache(maxsize=4)
def _load_shipped(recipe: Recipe) -> Corpus | None:
    # Decoding takes as long as a tenth of a run, and a process may make many runs.
    return load_corpus(shipped_file(recipe), recipe)


def is_stored(document: Mapping[str, Any], *, seed: int, max_examples: int) -> bool:
    """The corpus for the document is shipped or in the cache."""
    recipe = Recipe.of(document, seed=seed, max_examples=max_examples)
    return shipped_file(recipe).is_file() or _cache_file(recipe).is_file()


def generate_corpus(
    document: Mapping[str, Any], recipe: Recipe, *, key_header: str, deadline: float | None = None
) -> Corpus | None:
    """Generate the corpus; None if the deadline comes first."""
    from mockserver_contracts.corpus.generation.engine import GenerationStopped, generate

    if deadline is None:
        return generate(document, recipe, key_header=key_header)
    outcome: list[Corpus | BaseException] = []

    def run() -> None:
        try:
            outcome.append(generate(document, recipe, key_header=key_header, deadline=deadline))
        except BaseException as error:
            outcome.append(error)

    # The generator stops only after its current step; the deadline does not wait for that.
    generator = threading.Thread(target=run, daemon=True, name="corpus")
    generator.start()
    generator.join(max(deadline - time.monotonic(), 0))
    if not outcome or isinstance(outcome[0], GenerationStopped):
        return None
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def shipped_file(recipe: Recipe) -> Path:
    """The path of the recipe's corpus among the shipped ones."""
    return SHIPPED / f"{recipe.contract[:12]}-{recipe.seed}-{recipe.max_examples}.jsonl"


def _cache_file(recipe: Recipe) -> Path:
    versions = (version("schemathesis"), version("hypothesis"))
    parts = (str(FORMAT), recipe.contract, str(recipe.seed), str(recipe.max_examples), *versions)
    name = sha256("\0".join(parts).encode()).hexdigest()[:32]
    return cache_folder() / "corpora" / f"{name}.jsonl"
