"""The requests of a run, made once and stored: a file of one line for what it was made of, and one for each request."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mockserver_contracts.corpus.entry import Entry, Expected, as_json, of_json

FORMAT: Final = 1
"""Of the stored files; another number makes them unreadable to this version."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a corpus is made of; the same recipe makes the same requests."""

    contract: str
    seed: int
    max_examples: int

    @classmethod
    def of(cls, document: Mapping[str, Any], *, seed: int, max_examples: int) -> Recipe:
        """The recipe for a document; where its servers are is no part of it."""
        told = {name: value for name, value in document.items() if name not in ("servers", "info")}
        text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return cls(sha256(text.encode()).hexdigest(), seed, max_examples)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Requests in the order in which they are sent; `trouble` tells of what could not be made."""

    recipe: Recipe
    entries: tuple[Entry, ...]
    trouble: str | None = None

    def only(self, *, is_declared: bool, most: int) -> tuple[Entry, ...]:
        """A part of the corpus, of each operation and origin as much as of any other.

        Requests which depend on an earlier one are left out: their parents might be.
        """
        queues: dict[tuple[str, str, Expected], deque[Entry]] = {}
        for entry in self.entries:
            if not entry.links and (entry.is_declared or not is_declared):
                queues.setdefault((entry.origin, entry.operation, entry.expected), deque()).append(entry)
        chosen: set[str] = set()
        while queues and len(chosen) < most:
            for place in list(queues):
                if len(chosen) < most:
                    chosen.add(queues[place].popleft().id)
                if not queues[place]:
                    del queues[place]
        return tuple(entry for entry in self.entries if entry.id in chosen)


def written(corpus: Corpus) -> str:
    """The corpus as the text of a file."""
    recipe = corpus.recipe
    head = {
        "format": FORMAT,
        "contract": recipe.contract,
        "seed": recipe.seed,
        "max_examples": recipe.max_examples,
        "trouble": corpus.trouble,
    }
    lines = (head, *map(as_json, corpus.entries))
    return "".join(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n" for line in lines)


def read(file: Path, recipe: Recipe) -> Corpus | None:
    """The corpus in the file; None where there is none, or one of another recipe or form."""
    try:
        with file.open(encoding="utf-8") as lines:
            head = json.loads(next(lines, "{}"))
            if head["format"] != FORMAT or Recipe(head["contract"], head["seed"], head["max_examples"]) != recipe:
                return None
            return Corpus(recipe, tuple(of_json(json.loads(line)) for line in lines), head["trouble"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep(file: Path, corpus: Corpus) -> None:
    """Write the corpus to its place at once, whole; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Another process may read or write the same file: it sees the old one or the new one.
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.write_text(written(corpus), encoding="utf-8")
    os.replace(scratch, file)
