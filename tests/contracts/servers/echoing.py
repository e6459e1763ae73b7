"""A server that shows its caller's key in every place of an answer, in one spelling after another."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, MutableMapping
from itertools import count
from typing import Any, Final
from urllib.parse import quote

from tests.contracts.servers.independent import Other, Receive, Send

SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda key: key,
    "without sk-": lambda key: key.removeprefix("sk-"),
    "in another case": str.upper,
    "in a sentence": lambda key: f"the key {key}, known since 2026",
    "escaped as in JSON": lambda key: "".join(f"\\u{ord(sign):04x}" for sign in key),
    "percent-encoded": lambda key: "".join(f"%{ord(sign):02X}" for sign in key),
    "percent-encoded twice": lambda key: quote("".join(f"%{ord(sign):02x}" for sign in key)),
    "as HTML entities": lambda key: "".join(f"&#{ord(sign)};" for sign in key),
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in base64 of a pair": lambda key: base64.urlsafe_b64encode(f"user:{key}!".encode()).decode(),
    "in hexadecimal": lambda key: key.encode().hex(),
    "in quoted-printable": lambda key: "".join(f"={ord(sign):02X}" for sign in key),
    "over two lines of quoted-printable": lambda key: f"{key[:9]}=\r\n{key[9:]}",
    "over two lines": lambda key: f"{key[:9]}\n    {key[9:]}",
    "over two escaped lines": lambda key: f"{key[:9]}\\n{key[9:]}",
}
"""Each spelling of a key, by name."""


class Echoing:
    """An application that adds the key to what another one answers."""

    def __init__(self, application: Other) -> None:
        self._application = application
        self._spellings = list(SPELLINGS.values())
        self._numbers = count()
        self.echoes = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        answered: list[MutableMapping[str, Any]] = []

        async def collect(message: MutableMapping[str, Any]) -> None:
            answered.append(message)

        await self._application(scope, receive, collect)
        key = dict(scope["headers"]).get(b"x-access-token", b"").decode("latin-1")
        if len(key) < 20 or scope["path"].startswith("/_mock"):
            for message in answered:
                await send(message)
            return
        shown = self._spellings[next(self._numbers) % len(self._spellings)](key)
        self.echoes += 1
        start, *bodies = answered
        body = _with_key(b"".join(message.get("body", b"") for message in bodies), shown)
        lines = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        in_one_line = shown.replace("\n", " ").encode()
        lines += [(b"content-length", str(len(body)).encode())]
        lines += [(name, in_one_line) for name in (b"x-caller", b"set-cookie", b"location")]
        await send({**start, "headers": lines})
        await send({"type": "http.response.body", "body": body})


def _with_key(body: bytes, shown: str) -> bytes:
    try:
        answer = json.loads(body)
    except ValueError:
        return body + shown.encode()
    if not isinstance(answer, dict):
        return body
    for name in ("message", "error_code"):
        if name in answer:
            answer[name] = f"{answer[name]} {shown}"
    answer[shown] = {"caller": [shown]}
    if isinstance(answer.get("data"), dict):
        answer["data"] |= {shown: shown, "caller": shown}
    return json.dumps(answer).encode()
