"""The spellings in which a server, a report or a shell can show an API key, as one pattern.

A pattern finds a key as it is and in any case of its letters, with any of its characters escaped as in JSON, a URL,
HTML, quoted-printable or an octal escape of the shell, in base64 and in hexadecimal, and with line breaks between its
characters.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

SHORTEST: Final = 6
"""The fewest characters of a key, without `sk-` and its last two, by which its near variants are recognised."""

# `=` before a line break is that of quoted-printable.
_BREAK: Final = r"(?:\s|\\+[nrt]|=(?=\s|\\+[nr])|%0[AaDd9]|<br ?/?>|[\u00ad\u200b\ufeff])*"
_EXCHANGED: Final = str.maketrans("-_", "_-")
_KEY_CHARACTER: Final = r"[A-Za-z0-9_-]"
_BASE64_CHARACTER: Final = r"[A-Za-z0-9+/=_-]"


class _Spelling(NamedTuple):
    """A pattern, and the characters with which its matches can begin."""

    pattern: str
    starts: str


@lru_cache(maxsize=8)  # runs of one process hide the same keys, and a pattern takes 30 ms to compile
def secret_pattern(key: str) -> re.Pattern[str]:
    """A pattern for the key and for every near variant of it, such as the key with another end or without `sk-`.

    The pattern matches text, or bytes that are decoded as latin-1.
    """
    # The plain spelling comes first: a key of unusual characters is replaced whole.
    spellings = [_Spelling(re.escape(plain), plain[0]) for plain in (key, key.encode().decode("latin-1"))]
    core, end = key.removeprefix("sk-")[:-2], key[-2:]
    if len(core) < SHORTEST:
        spellings.append(_Spelling(_spelled(key), _starts(key[0])))
    else:
        spellings += [_escaped(core, end=end), *_packed(core)]
    starts = re.escape("".join(sorted({start for spelling in spellings for start in spelling.starts})))
    # Looking for a start first makes the search in a long text several times as fast.
    return re.compile(f"(?=[{starts}])(?:{'|'.join(spelling.pattern for spelling in spellings)})")


def _escaped(core: str, *, end: str) -> _Spelling:
    """The core with any character escaped, with or without `sk-` before it and what may follow it in a variant."""
    prefix = f"(?:{_spelled('sk-')}{_BREAK})?"
    tail = "".join(f"(?:{_BREAK}{_character(character)})?" for character in end)
    return _Spelling(f"{prefix}{_spelled(core)}{tail}{_KEY_CHARACTER}*", _starts("s") + _starts(core[0]))


def _starts(character: str) -> str:
    cases = character.lower() + character.upper() + character.translate(_EXCHANGED)
    return f"\\%&={cases}{cases.encode().decode('latin-1')}"


def _spelled(text: str) -> str:
    return _BREAK.join(map(_character, text))


def _character(character: str) -> str:
    spellings = []
    # A near variant has hyphens and underscores exchanged.
    exchanged = character.translate(_EXCHANGED)
    for case in sorted({character, character.lower(), character.upper(), exchanged}):
        octets = case.encode()
        utf_16 = case.encode("utf-16-be").hex(" ", 2).split()
        spellings.append(re.escape(case))
        spellings.append("".join(rf"\\+u{_any_case(unit)}" for unit in utf_16))
        spellings += [rf"&#0*{ord(one)};|&#[xX]0*{_any_case(f'{ord(one):x}')};" for one in case]
        for before, form in (("%(?:25)*", "02x"), ("=", "02x"), (r"\\+x", "02x"), (r"\\+0?", "03o")):
            spellings.append("".join(before + _any_case(format(octet, form)) for octet in octets))
        if not case.isascii():
            spellings.append(re.escape(octets.decode("latin-1")))
    return f"(?:{'|'.join(spellings)})"


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _packed(core: str) -> Iterator[_Spelling]:
    """The core in hexadecimal, and in base64 at each place that it can have in a group of three bytes."""
    for case in {core, core.swapcase(), core.translate(_EXCHANGED)}:
        octets = case.encode()
        digits = octets.hex()
        yield _Spelling(_BREAK.join(map(_any_case, digits)), digits[0] + digits[0].upper())
        for shift in range(3):
            packed = base64.b64encode(b"\0" * shift + octets).decode()
            # The first and the last digit depend on the neighbours too.
            own = packed[(shift * 8 + 5) // 6 : (shift + len(octets)) * 8 // 6]
            yield _Spelling(_BREAK.join(map(_base64_digit, own)) + f"{_BASE64_CHARACTER}*", f"{own[0]}+/_-")


def _base64_digit(digit: str) -> str:
    return {"+": "[+-]", "/": "[/_]"}.get(digit, digit)
