"""The instructions of the Dockerfile, so that the tests run what the file says."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = ROOT / "Dockerfile"

_LINE: Final = re.compile(r"([A-Z]+)\s+(.*)", re.DOTALL)


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word and the rest of its line."""

    word: str
    rest: str

    @property
    def arguments(self) -> list[str]:
        """The arguments of a JSON form, or the words."""
        if self.rest.startswith("["):
            words: list[str] = json.loads(self.rest)
            return words
        return shlex.split(self.rest)


@dataclass(frozen=True)
class Stage:
    """The instructions from one FROM to the next."""

    instructions: tuple[Instruction, ...]

    def all(self, word: str) -> list[Instruction]:
        """The instructions with this word, in order."""
        return [each for each in self.instructions if each.word == word]

    def one(self, word: str) -> Instruction:
        """The only instruction with this word."""
        [found] = self.all(word)
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the stage sets."""
        return dict(pair.split("=", 1) for each in self.all("ENV") for pair in each.arguments)


def stages(text: str | None = None) -> list[Stage]:
    """The stages of the Dockerfile."""
    text = DOCKERFILE.read_text("utf-8") if text is None else text
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    found: list[list[Instruction]] = []
    for line in filter(str.strip, lines.splitlines()):
        match = _LINE.fullmatch(line.strip())
        assert match is not None, line
        if match[1] == "FROM":
            found.append([])
        found[-1].append(Instruction(match[1], " ".join(match[2].split()) if match[1] != "RUN" else match[2]))
    return [Stage(tuple(instructions)) for instructions in found]


BUILD, IMAGE = stages()
"""The stage that builds, and the one that is shipped."""

HEALTH: Final = IMAGE.one("HEALTHCHECK").rest.partition("CMD ")
"""The options of the health check, the word CMD, and its command."""
