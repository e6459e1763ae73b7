"""The API key of an app on this machine. It is judged by its form and never shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.domain.identifier import KEY_PATTERN, is_key

KEY: Final = "VIDEO_DB_API_KEY"
"""The variable that both SDKs read."""
UNREAD: Final = "VIDEO_DB_BASE_URL"
"""A variable that people set in vain."""
_FOR_THE_MOCK: Final = f"for the mock, set {KEY}=sk-demo"
_OF_VIDEODB: Final = re.compile(r"VIDEO_?DB|MOCKSERVER_URL", re.IGNORECASE)
_LONG: Final = 24
_VARIED: Final = 10


def check_key(environ: Mapping[str, str], known: Collection[str]) -> Iterator[Diagnosis]:
    """Check the key in the environment, and if it is a real one beside the address of a mock."""
    yield _judge(environ.get(KEY, ""), known, list(_mock_variables(environ)))
    if environ.get(UNREAD):
        yield Diagnosis("key", "note", f"no SDK reads {UNREAD}", "pass the address of the mock as base_url")


def _judge(key: str, known: Collection[str], variables: list[str]) -> Diagnosis:
    if not key:
        return Diagnosis("key", "note", f"{KEY} is not set, so an SDK has no key", _FOR_THE_MOCK)
    if not is_key(key):
        return Diagnosis("key", "wrong", f"the mock refuses {KEY}: it is not of the form {KEY_PATTERN}", _FOR_THE_MOCK)
    if known and key not in known:
        return Diagnosis("key", "wrong", f"the mock refuses {KEY}: it is none of --api-key", "add it, or set another")
    if not _looks_real(key):
        return Diagnosis("key", "ok", f"the mock accepts {KEY}")
    if variables:
        where = f"beside the address of a mock in {', '.join(variables)}"
        return Diagnosis("key", "note", f"{KEY} looks like a real key, {where}", _FOR_THE_MOCK)
    danger = "a client without base_url talks to production"
    return Diagnosis("key", "note", f"{KEY} looks like a real key, and {danger}", _FOR_THE_MOCK)


def _looks_real(key: str) -> bool:
    """The key is long and varied, with letters and digits, as a generated one is."""
    text = key.removeprefix("sk-")
    mixed = any(char.isdigit() for char in text) and any(char.isalpha() for char in text)
    return mixed and len(text) >= _LONG and len(set(text)) >= _VARIED


def _mock_variables(environ: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(environ):
        if _OF_VIDEODB.search(name) and _is_local(environ[name]):
            yield name


def _is_local(value: str) -> bool:
    """The value is a URL of this machine or of a container."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    host = parts.hostname or ""
    local = "." not in host or host.startswith("127.") or host.endswith((".localhost", ".docker.internal"))
    return parts.scheme in ("http", "https") and bool(host) and local
