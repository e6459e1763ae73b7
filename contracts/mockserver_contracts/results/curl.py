"""A request as a curl line for the shell. The line reads the API key from the environment."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Final

from mockserver_contracts.exchange import Request

SET_BY_CLIENT: Final = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "accept"})
"""The headers that a client of HTTP sets by itself."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The API key of a run, the environment variable that holds it, and a stand-in if the variable is unset."""

    value: str
    variable: str
    stand_in: str = ""

    @property
    def shell(self) -> str:
        """The shell expression that expands to the key."""
        return f"${{{self.variable}:-{self.stand_in}}}" if self.stand_in else f"${{{self.variable}}}"


def curl_line(request: Request, key: ApiKey | None, *, body_file: str | None = None) -> str:
    """One line for a POSIX shell that sends the request again, with the body in the line or in a file."""
    words = ["curl", "-sS", "-i", "--path-as-is", "--globoff"]
    words += ["--head"] if request.method == "HEAD" else ["-X", _quote(request.method, key)]
    names = set()
    for name, value in request.headers.items():
        names.add(name.lower())
        if name.lower() not in SET_BY_CLIENT:
            # `name;` is curl's way to send an empty header; `name:` would drop it.
            words += ["-H", _quote(f"{name}: {value}" if value else f"{name};", key)]
    pipe = ""
    if request.body:
        if "content-type" not in names:
            words += ["-H", "'Content-Type:'"]
        text = _plain_text(request.body)
        if body_file is not None:
            words += ["--data-binary", _quote(f"@{body_file}", key)]
        elif text is None:
            pipe = f"printf '{_escape_octal(request.body)}' | "
            words += ["--data-binary", "@-"]
        else:
            words += ["--data-raw", _quote(text, key)]
    words.append(_quote(request.url, key))
    return pipe + " ".join(words)


def _quote(text: str, key: ApiKey | None) -> str:
    if key is None or not key.value or key.value not in text:
        return shlex.quote(text)
    # Everything but the key stays in single quotes; the shell expands the key.
    return f'"{key.shell}"'.join(shlex.quote(part) if part else "" for part in text.split(key.value))


def _plain_text(body: bytes) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text) else text


def _escape_octal(body: bytes) -> str:
    plain = frozenset(b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789{}[]:,." _-')
    return "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in body)
