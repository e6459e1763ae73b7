"""Variants of an API key: nearly the same, malformed, of another form, and never issued."""

from __future__ import annotations

from hashlib import sha256
from string import ascii_lowercase
from typing import Final

# 31 less than any of these is a capital letter.
_WITH_A_TWIN: Final = ascii_lowercase[:-1]


def unissued_key(key: str) -> str:
    """A well-formed key that was never issued; the same one for the same key."""
    return f"sk-check-{sha256(key.encode()).hexdigest()[:24]}"


def near_keys(key: str) -> dict[str, str]:
    """Well-formed keys that differ little from the key."""
    return {
        "with a suffix": key + "-",
        "cut short": key[:-1],
        "in another case": key[:3] + key[3:].swapcase(),
        "with another end": key[:-1] + ("x" if key[-1] != "x" else "y"),
        "with a prefix": "sk-" + key,
        "with an underscore for a character": f"{key[:-2]}_{key[-1]}",
        "with a hyphen doubled": f"{key[:3]}-{key[3:]}",
        "with a zero before it": f"{key[:3]}0{key[3:]}",
        "with hyphens and underscores exchanged": key[:3] + key[3:].translate(str.maketrans("-_", "_-")),
    }


def hash_twin(key: str) -> str:
    """A key of the same beginning, end and length, and of the same hash by many a library; else the key itself.

    Java and others sum the characters with powers of 31: one character more is as much as 31 less of the next.
    """
    places = [at for at in range(3, len(key) - 2) if key[at] not in "9Zz_-" and key[at + 1] in _WITH_A_TWIN]
    if not places:
        return key
    at = min(places, key=lambda place: abs(place - len(key) // 2))
    return key[:at] + chr(ord(key[at]) + 1) + chr(ord(key[at + 1]) - 31) + key[at + 2 :]


def malformed_keys(key: str) -> dict[str, str]:
    """Texts that begin like a key and contain a character that no key has."""
    return {
        "with a dot": f"{key}.",
        "with a dollar sign": f"{key}$",
        "with a space": f"{key} x",
        "in quotes": f'"{key}"',
        "two keys": f"{key}, {key}",
        "with a semicolon": f"{key};v=1",
        "a pattern": "sk-%",
        "with escapes": key.replace("-", "%2D"),
    }


def keys_of_other_forms(key: str) -> dict[str, str]:
    """Texts that differ little from the key but do not have a key's form."""
    rest = key.removeprefix("sk-")
    return {
        "xsk-": f"x{key}",
        "pk-": f"pk-{rest}",
        "no prefix": rest,
        "SK-": f"SK-{rest}",
        "sk_": f"sk_{rest}",
        "nothing after sk-": "sk-",
        "Bearer": f"Bearer {key}",
        "undefined": "undefined",
        "null": "null",
    }
