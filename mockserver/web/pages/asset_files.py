"""Scripts, styles and pictures of the pages, served from the package.

Rule 1: their URL has a digest of all files. They may be cached forever, and all are of one version.
Rule 2: they are public and hold no data of the mock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from mockserver.asgi import Receive, Scope, Send
from mockserver.domain.errors import CheckoutError, MethodNotAllowed, NotFound
from mockserver.web.http.methods import READ_METHODS, options_reply
from mockserver.web.http.refusal import refusal
from mockserver.web.http.reply import Header, Reply

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_GUARDS: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"public, max-age=31536000, immutable"),
)


class AssetFiles:
    """The files in one folder, as an ASGI application at `{prefix}{digest}/{name}`; a name may have folders."""

    def __init__(self, folder: str, *, prefix: str) -> None:
        self._prefix = prefix
        self._files = _read_files(folder)
        digest = hashlib.sha256()
        for name, content in sorted(self._files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        self.digest = digest.hexdigest()[:16]
        self.path = f"{prefix}{self.digest}/"

    @property
    def scripts(self) -> tuple[str, ...]:
        """The names of the scripts."""
        return tuple(sorted(name for name in self._files if name.endswith(".js")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            digest, _, name = scope["path"].removeprefix(self._prefix).partition("/")
            reply = self._reply(scope["method"], digest=digest, name=name)
        except CheckoutError as error:
            reply = refusal(error)
            reply.headers.append((b"cache-control", b"no-store"))
        if scope["method"] == "HEAD":
            reply.content = b""
        await reply(scope, receive, send)

    def _reply(self, method: str, *, digest: str, name: str) -> Reply:
        if method == "OPTIONS":
            return options_reply(READ_METHODS)
        if method not in READ_METHODS:
            raise MethodNotAllowed(method, READ_METHODS)
        content = self._files.get(name) if digest == self.digest else None
        if content is None:
            raise NotFound(f"there is no file {name[:60]!r} with that digest; reload the page")
        suffix = name[name.rindex(".") :]
        return Reply(200, content, media_type=_TYPES[suffix], headers=_GUARDS)


@cache
def _read_files(folder: str) -> Mapping[str, bytes]:
    """The files by their names. The mocks of one process share them."""
    return dict(_within(files("mockserver.web").joinpath("assets", folder), ""))


def _within(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _within(each, f"{prefix}{each.name}/")
        elif each.name.endswith(tuple(_TYPES)):
            yield f"{prefix}{each.name}", each.read_bytes()
