"""Where corpora lie: those of the default seed beside this file, others in the user's cache folder, once made."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from mockserver_contracts.corpus.corpus import FORMAT, Corpus, Recipe, keep, read

DEFAULT_SEED: Final = 1
DEFAULT_EXAMPLES: Final = 20
SHIPPED: Final = Path(__file__).resolve().parent / "shipped"


def corpus_of(
    document: Mapping[str, Any],
    *,
    seed: int = DEFAULT_SEED,
    max_examples: int = DEFAULT_EXAMPLES,
    key_header: str,
    deadline: float | None = None,
) -> Corpus | None:
    """The corpus for the document; None where it could not be made before the deadline."""
    recipe = Recipe.of(document, seed=seed, max_examples=max_examples)
    found = read(shipped_file(recipe), recipe)
    if found is None:
        kept = _cache_file(recipe)
        found = read(kept, recipe)
        if found is None:
            found = made(document, recipe, key_header=key_header, deadline=deadline)
            with suppress(OSError):  # a cache folder that can't be written costs the next run time, nothing else
                if found is not None:
                    keep(kept, found)
    return found


def is_at_hand(document: Mapping[str, Any], *, seed: int, max_examples: int) -> bool:
    """Whether the corpus for the document is stored."""
    recipe = Recipe.of(document, seed=seed, max_examples=max_examples)
    return shipped_file(recipe).is_file() or _cache_file(recipe).is_file()


def made(
    document: Mapping[str, Any], recipe: Recipe, *, key_header: str, deadline: float | None = None
) -> Corpus | None:
    """The corpus, made anew; None where the deadline comes first."""
    from mockserver_contracts.corpus.generation.engine import Stopped, generate

    if deadline is None:
        return generate(document, recipe, key_header=key_header)
    outcome: list[Corpus | BaseException] = []

    def make() -> None:
        try:
            outcome.append(generate(document, recipe, key_header=key_header, deadline=deadline))
        except BaseException as error:
            outcome.append(error)

    # A generator stops when it has finished what it is at; nobody here waits for that.
    maker = threading.Thread(target=make, daemon=True, name="corpus")
    maker.start()
    maker.join(max(deadline - time.monotonic(), 0))
    if not outcome or isinstance(outcome[0], Stopped):
        return None
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def shipped_file(recipe: Recipe) -> Path:
    """Where the corpus of the recipe lies if it comes with the product."""
    return SHIPPED / f"{recipe.contract[:12]}-{recipe.seed}-{recipe.max_examples}.jsonl"


def _cache_file(recipe: Recipe) -> Path:
    from platformdirs import user_cache_path

    versions = (version("schemathesis"), version("hypothesis"))
    words = (str(FORMAT), recipe.contract, str(recipe.seed), str(recipe.max_examples), *versions)
    name = sha256("\0".join(words).encode()).hexdigest()[:32]
    return user_cache_path("videodb-mockserver", appauthor=False) / "corpora" / f"{name}.jsonl"
