"""Texts of a format, a pattern and a length, the plainest first."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.mocking.sample.regex.parser import NoText, texts
from mockserver.contract.schema.translation import has_format

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
"""A few values of each format of OpenAPI and JSON Schema, and of some that documents use without a definition."""

LONGEST: Final = 100_000
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
MANY: Final = 60
_TAILS: Final = {"email": "@example.com", "idn-email": "@example.com", "hostname": ".example.com"}
_HEADS: Final = dict.fromkeys(
    ("uri", "url", "uri-reference", "iri", "iri-reference", "uri-template"), "https://example.com/"
)


@dataclass
class Form:
    """What a schema asks of a text."""

    least: int = 0
    most: int | None = None
    patterns: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)

    def fits(self, text: str) -> bool:
        """Whether a text is of this form."""
        if len(text) < self.least or (self.most is not None and len(text) > self.most):
            return False
        return all(has_format(name, text) for name in self.formats) and all(
            _matcher(pattern)(text) for pattern in self.patterns
        )


def forms(form: Form, *, dice: random.Random | None = None) -> Iterator[str]:
    """Texts of the form, each once; none where none was found."""
    if form.least > LONGEST or (form.most is not None and form.most < form.least):
        return
    seen: set[str] = set()
    for text in _candidates(form, dice):
        if text not in seen and form.fits(text):
            seen.add(text)
            yield text


def _candidates(form: Form, dice: random.Random | None) -> Iterator[str]:
    for name in form.formats:
        if dice is not None:
            yield from (_thrown(name, dice) for _ in range(3))
        yield from FORMATS.get(name, ())
        yield from _of_length(name, form)
    if "base64" in form.encodings:
        yield from FORMATS["byte"]
    for pattern in form.patterns:
        try:
            found = texts(pattern, dice=dice)
            yield from _padded(islice(found, MANY), form)
        except NoText:
            continue
    if len(form.patterns) > 1:
        yield from _together(form.patterns)
    words: Sequence[str] = WORDS
    if dice is not None:
        words = [dice.choice(WORDS) + dice.choice(("", "", f" {dice.choice(WORDS)}", str(dice.randrange(100))))]
    for index in range(MANY):
        word = words[0] if index == 0 else f"{words[0]}{index}"
        yield _fitted(word, form)
    for number in range(1, MANY):  # short texts that differ
        yield _fitted(str(number), form, from_end=True)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        yield _fitted(letter, form)
    yield from (str(number) for number in range(10))
    yield ""
    for name in form.formats if dice is None else ():
        further = random.Random(name)
        yield from (_thrown(name, further) for _ in range(MANY))


def _fitted(word: str, form: Form, *, from_end: bool = False) -> str:
    if from_end:
        return word.rjust(form.least, "0")
    text = word.ljust(form.least, "x")
    return text if form.most is None else text[: form.most]


def _padded(found: Iterator[str], form: Form) -> Iterator[str]:
    """Texts that match a pattern, and the same made longer for a pattern that minds a part only."""
    for index, text in enumerate(found):
        yield text
        if index < 3:
            yield from (f"{text}{number}" for number in range(1, 10))
        if len(text) < form.least:
            yield text.ljust(form.least, "x")
            yield text.rjust(form.least, "x")
            if text:
                yield text.ljust(form.least, text[-1])


def _together(patterns: Sequence[str]) -> Iterator[str]:
    """Texts that may match several patterns: what matches one, then what matches the next."""
    try:
        parts = [list(islice(texts(pattern), 4)) for pattern in patterns[:4]]
    except NoText:
        return
    for index in range(4):
        row = [each[index % len(each)] for each in parts if each]
        yield "".join(row)
        yield "".join(reversed(row))


def _of_length(name: str, form: Form) -> Iterator[str]:
    wanted = max(form.least, 1)
    if form.most is not None:
        wanted = min(wanted, form.most)
    if name in _TAILS and wanted > len(_TAILS[name]):
        tail = _TAILS[name]
        label = "x" * min(wanted - len(tail), 60)
        yield label + ".x" * max((wanted - len(tail) - len(label) + 1) // 2, 0) + tail
    elif name in _HEADS:
        yield _HEADS[name].ljust(wanted, "x")
    elif name == "byte":
        yield "c2Ft" * -(-wanted // 4)
    elif name in ("regex", "json-pointer"):
        yield "/".ljust(wanted, "x")
    elif name == "date-time":
        yield "2030-01-01T00:00:00." + "0" * max(wanted - 21, 1) + "Z"
    elif name == "time":
        yield "00:00:00." + "0" * max(wanted - 10, 1) + "Z"


def _thrown(name: str, dice: random.Random) -> str:
    word, number = dice.choice(WORDS), dice.randrange(1, 250)
    day = f"20{dice.randrange(20, 40)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
    hour = f"{dice.randrange(24):02}:{dice.randrange(60):02}:{dice.randrange(60):02}"
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
        "uuid": f"{dice.getrandbits(32):08x}-0000-4000-8000-{dice.getrandbits(48):012x}",
        "byte": dice.choice(("c2FtcGxl", "dGV4dA==", "cml2ZXI=", "c3RvbmU=")),
        "json-pointer": f"/{word}",
        "regex": f"^{word}$",
    }
    return known.get(name) or (f"https://example.com/{word}/{number}" if name in _HEADS else f"{word}{number}")


@lru_cache(maxsize=512)
def _matcher(pattern: str) -> Any:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True).is_valid
