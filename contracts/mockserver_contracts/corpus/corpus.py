"""The requests of a run, stored in a file: its first line is the recipe, each further line a request."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mockserver_contracts.corpus.entry import CorpusEntry, Expected, decode_entry, encode_entry

FORMAT: Final = 2
"""The version of the file format; a file of another version is not loaded."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The inputs of the generation; the same recipe generates the same requests."""

    contract: str
    seed: int
    max_examples: int

    @classmethod
    def of(cls, document: Mapping[str, Any], *, seed: int, max_examples: int) -> Recipe:
        """The recipe for a document, without regard to its servers and its title."""
        relevant = {name: value for name, value in document.items() if name not in ("servers", "info")}
        text = json.dumps(relevant, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return cls(sha256(text.encode()).hexdigest(), seed, max_examples)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Requests in their order of sending; `trouble` describes a part that could not be generated.

    `untested` are operations with bodies that Schemathesis cannot make, and the reasons.
    """

    recipe: Recipe
    entries: tuple[CorpusEntry, ...]
    trouble: str | None = None
    untested: tuple[tuple[str, str], ...] = ()

    def sample(self, *, is_declared: bool, most: int) -> tuple[CorpusEntry, ...]:
        """Sample at most so many entries, evenly over operations, origins and expected outcomes.

        Entries with links are left out, because the requests that they depend on may be.
        """
        queues: dict[tuple[str, str, Expected], deque[CorpusEntry]] = {}
        for entry in self.entries:
            if not entry.links and (entry.is_declared or not is_declared):
                queues.setdefault((entry.origin, entry.operation, entry.expected), deque()).append(entry)
        chosen: set[str] = set()
        while queues and len(chosen) < most:
            for group in list(queues):
                if len(chosen) < most:
                    chosen.add(queues[group].popleft().id)
                if not queues[group]:
                    del queues[group]
        return tuple(entry for entry in self.entries if entry.id in chosen)


def serialize_corpus(corpus: Corpus) -> str:
    """Serialize the corpus to the text of a file."""
    recipe = corpus.recipe
    head = {
        "format": FORMAT,
        "contract": recipe.contract,
        "seed": recipe.seed,
        "max_examples": recipe.max_examples,
        "trouble": corpus.trouble,
        **({"untested": dict(corpus.untested)} if corpus.untested else {}),
    }
    lines = (head, *map(encode_entry, corpus.entries))
    return "".join(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n" for line in lines)


def load_corpus(file: Path, recipe: Recipe) -> Corpus | None:
    """Load the corpus from the file; None if there is none, or one of another recipe or format."""
    try:
        with file.open(encoding="utf-8") as lines:
            head = json.loads(next(lines, "{}"))
            if head["format"] != FORMAT or Recipe(head["contract"], head["seed"], head["max_examples"]) != recipe:
                return None
            entries = tuple(decode_entry(json.loads(line)) for line in lines)
            return Corpus(recipe, entries, head["trouble"], tuple(head.get("untested", {}).items()))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def save_corpus(file: Path, corpus: Corpus) -> None:
    """Replace the file by the corpus, atomically; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Another process that reads the same file sees the old corpus or the new one, never a part.
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.write_text(serialize_corpus(corpus), encoding="utf-8")
    os.replace(scratch, file)
