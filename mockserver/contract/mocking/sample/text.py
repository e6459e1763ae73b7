"""Texts within constraints: a format, a pattern and a length; the plainest first."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.mocking.sample.known_values import KnownValues
from mockserver.contract.mocking.sample.natural import WELL_KNOWN, values_by_name
from mockserver.contract.mocking.sample.regex.parser import UnreadablePattern
from mockserver.contract.mocking.sample.regex.writer import matching_texts
from mockserver.contract.schema.formats import has_format

FORMATS: Final = {
    "date-time": ("2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00Z"),
    "date": ("2030-01-01",),
    "time": ("00:00:00Z",),
    "duration": ("P1D", "PT1H30M"),
    "email": ("somebody@example.com", "a@b.io"),
    "idn-email": ("somebody@example.com", "a@b.io"),
    "hostname": ("example.com", "a.io"),
    "idn-hostname": ("example.com", "a.io"),
    "ipv4": ("192.0.2.1",),
    "ipv6": ("2001:db8::1", "::1"),
    "uri": ("https://example.com/", "a:b"),
    "url": ("https://example.com/",),
    "uri-reference": ("https://example.com/", "/a", ""),
    "iri": ("https://example.com/", "a:b"),
    "iri-reference": ("https://example.com/", "/a", ""),
    "uri-template": ("https://example.com/{id}", "/{id}", ""),
    "uuid": ("00000000-0000-4000-8000-000000000000",),
    "json-pointer": ("/text", ""),
    "relative-json-pointer": ("1/text", "0"),
    "regex": ("^text$", "a"),
    "byte": ("c2FtcGxl", "YQ==", ""),
    "base64": ("c2FtcGxl", "YQ=="),
    "base64url": ("c2FtcGxl", "YQ"),
    "binary": ("sample",),
    "password": ("correct horse",),
    "http-date": ("Tue, 01 Jan 2030 00:00:00 GMT",),
    "media-range": ("application/json",),
    "decimal": ("1.00", "1"),
    "decimal128": ("1.00",),
    "int32": ("1",),
    "int64": ("1",),
    "uint64": ("1",),
    "float": ("1.5",),
    "double": ("1.5",),
    "char": ("a",),
    "phone": ("+12025550123",),
    "color": ("#336699",),
}
"""A few values of each format of OpenAPI and JSON Schema, and of some common undefined formats."""

MAX_LENGTH: Final = 100_000
WORDS: Final = (
    "text",
    "sample",
    "value",
    "note",
    "light",
    "river",
    "stone",
    "cloud",
    "paper",
    "green",
    "seven",
    "north",
)
MAX_CANDIDATES: Final = 60
MAX_FURTHER: Final = 3_000
MAX_FURTHER_CHARACTERS: Final = 100_000
MAX_SPLICED: Final = 6
_TAILS: Final = {
    **dict.fromkeys(("email", "idn-email"), ("@example.com", "@b.io")),
    **dict.fromkeys(("hostname", "idn-hostname"), (".example.com", ".io")),
}
"""The ends of texts of a format, the most natural one first; a short text needs a short one."""
_HEADS: Final = dict.fromkeys(
    ("uri", "url", "uri-reference", "iri", "iri-reference", "uri-template"), "https://example.com/"
)


@dataclass
class TextConstraints:
    """The constraints on a text."""

    least: int = 0
    most: int | None = None
    patterns: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)

    def allow(self, text: str) -> bool:
        """The text meets the constraints."""
        if len(text) < self.least or (self.most is not None and len(text) > self.most):
            return False
        return all(has_format(name, text) for name in self.formats) and all(
            _matcher(pattern)(text) for pattern in self.patterns
        )


def known_texts(constraints: TextConstraints, name: str) -> KnownValues[str]:
    """The texts that meet the constraints, for a member of that name; made once."""
    lists = (tuple(constraints.patterns), tuple(constraints.formats), tuple(constraints.encodings))
    return _known_texts(constraints.least, constraints.most, lists, name)


@lru_cache(maxsize=256)
def _known_texts(least: int, most: int | None, lists: tuple[tuple[str, ...], ...], name: str) -> KnownValues[str]:
    patterns, formats, encodings = map(list, lists)
    return KnownValues(texts_within(TextConstraints(least, most, patterns, formats, encodings), name=name))


def texts_within(constraints: TextConstraints, *, name: str = "", rng: random.Random | None = None) -> Iterator[str]:
    """Texts that meet the constraints, each once; the search may find none. `name` is that of the member."""
    if constraints.least > MAX_LENGTH or (constraints.most is not None and constraints.most < constraints.least):
        return
    seen: set[str] = set()
    for text in _candidates(constraints, name, rng):
        if text not in seen and constraints.allow(text):
            seen.add(text)
            yield text


def _candidates(constraints: TextConstraints, name: str, rng: random.Random | None) -> Iterator[str]:
    for each in constraints.formats:
        if rng is not None:
            yield from (_random_text(each, rng) for _ in range(3))
        yield from FORMATS.get(each, ())
        yield from _of_length(each, constraints)
    if "base64" in constraints.encodings:
        yield from FORMATS["byte"]
    if rng is None and not constraints.formats:
        yield from (value for value in values_by_name(name) if isinstance(value, str))
        yield from WELL_KNOWN if constraints.patterns else ()
    for pattern in constraints.patterns:
        try:
            found = matching_texts(pattern, rng=rng)
            yield from _padded(islice(found, MAX_CANDIDATES), constraints)
        except UnreadablePattern:
            continue
    if constraints.formats and rng is None:
        yield from _spliced(constraints)
    if len(constraints.patterns) > 1:
        yield from _combined(constraints.patterns)
    words: Sequence[str] = WORDS
    if rng is not None:
        words = [rng.choice(WORDS) + rng.choice(("", "", f" {rng.choice(WORDS)}", str(rng.randrange(100))))]
    for index in range(MAX_CANDIDATES):
        word = words[0] if index == 0 else f"{words[0]}{index}"
        yield _fitted(word, constraints)
        if index == 2:  # the first texts are alike, and a schema may exclude their like
            yield from (_fitted(each, constraints) for each in (WORDS[1], "1", "a", "A", "_", " ".join(WORDS)))
    for number in range(1, MAX_CANDIDATES):  # short texts that differ
        yield _fitted(str(number), constraints, from_end=True)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        yield _fitted(letter, constraints)
    yield from (str(number) for number in range(10))
    yield ""
    if rng is None:
        yield from _further(constraints)


def _further(constraints: TextConstraints) -> Iterator[str]:
    """More texts, for lists of different items."""
    for each in constraints.formats:
        formatted = random.Random(each)
        yield from (_random_text(each, formatted) for _ in range(MAX_FURTHER))
    for pattern in constraints.patterns:
        yield from _spelled(pattern)
    for index in range(MAX_CANDIDATES, MAX_FURTHER):
        yield _fitted(f"{WORDS[0]}{index}", constraints)
        yield _fitted(str(index), constraints, from_end=True)


def _spelled(pattern: str) -> Iterator[str]:
    """Texts that match a pattern with characters at random, the same ones each time."""
    rng, left = random.Random(pattern), MAX_FURTHER_CHARACTERS
    for _ in range(MAX_FURTHER // MAX_CANDIDATES):
        try:
            found = list(islice(matching_texts(pattern, rng=rng), MAX_CANDIDATES))
        except UnreadablePattern:
            return
        yield from found
        left -= sum(map(len, found))
        if not found or left < 0:
            return


def _fitted(word: str, constraints: TextConstraints, *, from_end: bool = False) -> str:
    if from_end:
        return word.rjust(constraints.least, "0")
    text = word.ljust(constraints.least, "x")
    return text if constraints.most is None else text[: constraints.most]


def _padded(found: Iterator[str], constraints: TextConstraints) -> Iterator[str]:
    """Texts that match a pattern, and longer ones: a pattern may restrict only a part."""
    for index, text in enumerate(found):
        yield text
        if index < 3:
            yield from (f"{text}{number}" for number in range(1, 10))
        if len(text) < constraints.least:
            yield text.ljust(constraints.least, "x")
            yield text.rjust(constraints.least, "x")
            if text:
                yield text.ljust(constraints.least, text[-1])


def _combined(patterns: Sequence[str]) -> Iterator[str]:
    """Texts that may match several patterns: a match of each, one after the other."""
    try:
        parts = [list(islice(matching_texts(pattern), 4)) for pattern in patterns[:4]]
    except UnreadablePattern:
        return
    for index in range(4):
        row = [each[index % len(each)] for each in parts if each]
        yield "".join(row)
        yield "".join(reversed(row))


def _spliced(constraints: TextConstraints) -> Iterator[str]:
    """Texts of a format whose beginning or end is replaced by a match of a pattern."""
    for pattern in constraints.patterns:
        try:
            matches = list(islice(matching_texts(pattern), MAX_SPLICED))
        except UnreadablePattern:
            continue
        for text in (text for name in constraints.formats for text in FORMATS.get(name, ())):
            yield from (text[:cut] + match for match in matches for cut in range(len(text), -1, -1))
            yield from (match + text[cut:] for match in matches for cut in range(len(text) + 1))


def _of_length(name: str, constraints: TextConstraints) -> Iterator[str]:
    wanted = max(constraints.least, 1)
    if constraints.most is not None:
        wanted = min(wanted, constraints.most)
    for tail in _TAILS.get(name, ()):
        if wanted > len(tail):
            label = "x" * min(wanted - len(tail), 60)
            yield label + ".x" * max((wanted - len(tail) - len(label) + 1) // 2, 0) + tail
    if name in _HEADS:
        yield _HEADS[name].ljust(wanted, "x")
    elif name == "byte":
        yield "c2Ft" * -(-wanted // 4)
    elif name in ("regex", "json-pointer"):
        yield "/".ljust(wanted, "x")
    elif name == "date-time":
        yield "2030-01-01T00:00:00." + "0" * max(wanted - 21, 1) + "Z"
    elif name == "time":
        yield "00:00:00." + "0" * max(wanted - 10, 1) + "Z"


def _random_text(name: str, rng: random.Random) -> str:
    word, number = rng.choice(WORDS), rng.randrange(1, 250)
    day = f"20{rng.randrange(20, 40)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    hour = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    known: dict[str, str] = {
        "date-time": f"{day}T{hour}.000Z",
        "date": day,
        "time": f"{hour}Z",
        "duration": f"P{number}D",
        "email": f"{word}{number}@example.com",
        "idn-email": f"{word}{number}@example.com",
        "hostname": f"{word}{number}.example.com",
        "idn-hostname": f"{word}{number}.example.com",
        "ipv4": f"192.0.2.{number}",
        "ipv6": f"2001:db8::{number:x}",
        "uuid": f"{rng.getrandbits(32):08x}-0000-4000-8000-{rng.getrandbits(48):012x}",
        "byte": rng.choice(("c2FtcGxl", "dGV4dA==", "cml2ZXI=", "c3RvbmU=")),
        "json-pointer": f"/{word}",
        "regex": f"^{word}$",
    }
    return known.get(name) or (f"https://example.com/{word}/{number}" if name in _HEADS else f"{word}{number}")


@lru_cache(maxsize=512)
def _matcher(pattern: str) -> Any:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True).is_valid
