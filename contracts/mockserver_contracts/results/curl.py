"""A request as a shell line that runs; the key is read from the environment."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Final

from mockserver_contracts.exchange import Request

# curl sets these itself.
_LEFT_TO_CURL: Final = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "accept"})


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a run: its value, the variable to read it from, and what stands in when that is not set."""

    value: str
    variable: str
    stand_in: str = ""

    @property
    def shell(self) -> str:
        """The key as the shell sees it."""
        return f"${{{self.variable}:-{self.stand_in}}}" if self.stand_in else f"${{{self.variable}}}"


def curl_line(request: Request, key: Key | None) -> str:
    """One line for a POSIX shell which sends the request again."""
    words = ["curl", "-sS", "-i", "--path-as-is", "--globoff"]
    words += ["--head"] if request.method == "HEAD" else ["-X", _quoted(request.method, key)]
    names = set()
    for name, value in request.headers.items():
        names.add(name.lower())
        if name.lower() not in _LEFT_TO_CURL:
            # `name;` is curl's way to send an empty header; `name:` would drop it.
            words += ["-H", _quoted(f"{name}: {value}" if value else f"{name};", key)]
    pipe = ""
    if request.body:
        if "content-type" not in names:
            words += ["-H", "'Content-Type:'"]
        text = _plain(request.body)
        if text is None:
            pipe = f"printf '{_octal(request.body)}' | "
            words += ["--data-binary", "@-"]
        else:
            words += ["--data-raw", _quoted(text, key)]
    words.append(_quoted(request.url, key))
    return pipe + " ".join(words)


def _quoted(text: str, key: Key | None) -> str:
    if key is None or not key.value or key.value not in text:
        return shlex.quote(text)
    # Everything but the key stays in single quotes; the key is expanded by the shell.
    return f'"{key.shell}"'.join(shlex.quote(part) if part else "" for part in text.split(key.value))


def _plain(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text) else text


def _octal(body: bytes) -> str:
    plain = frozenset(b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789{}[]:,." _-')
    return "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in body)
