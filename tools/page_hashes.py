"""Hash every short run of words on VideoDB's page: `python tools/page_hashes.py PAGE`, with a saved copy of the page.

The page is VideoDB's, so its text is not part of this repository. `spec/page.sha256` has hashes in its place. They show
that a quote of a claim is on the page, in the part of the claim's voice.

Rule 1: a line is one sentence of the prose, or one line of a sample. No run crosses its end.
Rule 2: a run is 2 to 8 words in their order, with every mark between them. A mark before or after the words counts too.
Rule 3: a hash is that of the voice and the run. A quote of one voice is not found in the part of another.
Rule 4: space does not count, neither do the markers of Markdown. Case counts: names in a sample have a case.

A quote on the page has its hash in the file. A hash has 48 bits and the file less than 2000 lines, so an invented quote
is found once in 10**11 attempts. A single word has no hash: almost every text has it.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HASHES: Final = Path(__file__).resolve().parents[1] / "spec" / "page.sha256"
HEAD: Final = "# Hashes of runs of words on VideoDB's page, made by tools/page_hashes.py, which explains them.\n"
MOST_WORDS: Final = 8
MOST_MARKS: Final = 3
_DIGITS: Final = 12
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_FENCE: Final = re.compile(r"\s*(`{3,})(\w*)")
_SAMPLES: Final = {"python": "python-sample", "javascript": "javascript-sample"}
_TITLE: Final = re.compile(r'<\w+[^>]*\btitle="([^"]*)"')
_TAG: Final = re.compile(r"</?[A-Z]\w*[^>]*>")
_MARKER: Final = re.compile(r"^\s*(?:#+|>|[*-])\s+|[*`]")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")


def digest(voice: str, text: str) -> str:
    """The hash of a quote of the voice."""
    run = " ".join(_TOKEN.findall(text))
    return hashlib.sha256(f"{voice}\n{run}".encode()).hexdigest()[:_DIGITS]


def page_digests(page: str) -> set[str]:
    """The hash of every run on the page."""
    return {digest(voice, run) for voice, line in page_lines(page) for run in runs_of(line)}


def known_digests() -> frozenset[str]:
    """The hashes of the file."""
    return frozenset(line for line in HASHES.read_text("utf-8").splitlines() if not line.startswith("#"))


def runs_of(line: str) -> Iterator[str]:
    """Every run of the line. At most a few marks stand before its first and after its last word."""
    tokens = _TOKEN.findall(line)
    words = [place for place, token in enumerate(tokens) if token[0].isalnum() or token[0] == "_"]
    for number, first in enumerate(words):
        earliest = max(words[number - 1] + 1 if number else 0, first - MOST_MARKS)
        for last_number in range(number + 1, min(number + MOST_WORDS, len(words))):
            last = words[last_number]
            following = words[last_number + 1] if last_number + 1 < len(words) else len(tokens)
            for start in range(earliest, first + 1):
                for stop in range(last + 1, min(following, last + 1 + MOST_MARKS) + 1):
                    yield " ".join(tokens[start:stop])


def page_lines(page: str) -> Iterator[tuple[str, str]]:
    """The lines of the page that a claim may quote, each with its voice."""
    # The index of the whole handbook comes first, the bundled OpenAPI fragment last.
    _, _, page = page.partition("\n# ")
    page, _, _ = f"# {page}".partition("\n## OpenAPI")
    voice = "prose"
    for line in page.splitlines():
        fence = _FENCE.match(line)
        if fence is not None:
            voice = _SAMPLES.get(fence[2], "prose")
        elif voice != "prose":
            yield voice, line
        else:
            yield from (("prose", sentence) for sentence in _sentences(line))


def _sentences(line: str) -> Iterator[str]:
    title = _TITLE.search(line)
    text = title[1] if title is not None else _MARKER.sub("", _TAG.sub("", line))
    yield from (sentence for sentence in _SENTENCE_END.split(text) if sentence.strip())


def file_of(page: str) -> str:
    """The text of the file for the page."""
    return HEAD + "".join(f"{each}\n" for each in sorted(page_digests(page)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    HASHES.write_text(file_of(Path(sys.argv[1]).read_text("utf-8")), "utf-8")
