"""The run's key in the places beside the key's header in which a document expects credentials.

Rule 1: a generated value is replaced, and a missing one stays missing: to leave it out may be the point of a request.
Rule 2: OAuth and OpenID Connect have no generated value, and a near miss is wrong in another place: these get the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote_plus

Lines = list[tuple[str, str]]

_HEADERS: Final = frozenset({"authorization", "cookie"})
_TOKENS: Final = frozenset({"oauth2", "openIdConnect"})


class Credentials:
    """The credentials of a document's security schemes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        schemes = document.get("components", {}).get("securitySchemes", {})
        used = [scheme for scheme in schemes.values() if isinstance(scheme, Mapping)]
        keys = [scheme for scheme in used if scheme.get("type") == "apiKey"]
        self._in_query = [str(scheme.get("name")) for scheme in keys if scheme.get("in") == "query"]
        self._in_cookies = [str(scheme.get("name")) for scheme in keys if scheme.get("in") == "cookie"]
        self._has_bearer = any(str(scheme.get("scheme")).lower() == "bearer" for scheme in used)
        self._with_token = frozenset(_operations_with_token(document, schemes))

    def put(self, key: str, operation: str, target: str, headers: Lines, *, adds: bool) -> tuple[str, Lines]:
        """The target and the headers with the key; `adds` puts it where nothing was generated, too."""
        headers = [(name, self._of_header(name.lower(), value, key)) for name, value in headers]
        names = {name.lower() for name, _ in headers}
        if "authorization" not in names and (operation in self._with_token or (adds and self._has_bearer)):
            headers.append(("authorization", f"Bearer {key}"))
        if "cookie" not in names and adds and self._in_cookies:
            headers.append(("cookie", "; ".join(f"{name}={key}" for name in self._in_cookies)))
        return (self._of_target(target, key, adds=adds) if self._in_query else target), headers

    def has(self, key: str, url: str, headers: Mapping[str, str]) -> bool:
        """A request has the key in one of these places."""
        in_header = any(key in value for name, value in headers.items() if name.lower() in _HEADERS)
        return in_header or (bool(self._in_query) and f"={quote(key, safe='')}" in url)

    def _of_header(self, name: str, value: str, key: str) -> str:
        if name == "authorization" and self._has_bearer and value.startswith("Bearer"):
            return f"Bearer {key}"
        if name == "cookie" and self._in_cookies:
            return "; ".join(self._of_cookie(part, key) for part in value.split("; "))
        return value

    def _of_cookie(self, part: str, key: str) -> str:
        name, is_pair, _ = part.partition("=")
        return f"{name}={key}" if is_pair and name in self._in_cookies else part

    def _of_target(self, target: str, key: str, *, adds: bool) -> str:
        path, _, query = target.partition("?")
        pairs = [pair.partition("=") for pair in query.split("&")] if query else []
        given = {unquote_plus(name) for name, _, _ in pairs}
        value = quote(key, safe="")
        parts = [
            f"{name}={value}" if unquote_plus(name) in self._in_query else f"{name}{sign}{old}"
            for name, sign, old in pairs
        ]
        parts += [f"{quote(name, safe='')}={value}" for name in self._in_query if adds and name not in given]
        return f"{path}?{'&'.join(parts)}" if parts else target


def _operations_with_token(document: Mapping[str, Any], schemes: Mapping[str, Any]) -> Iterator[str]:
    """The operations that ask for a token of OAuth or OpenID Connect, and for none that is generated."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if isinstance(operation, Mapping):
                requirements = operation.get("security", document.get("security", ()))
                types = {schemes.get(name, {}).get("type") for each in requirements for name in each}
                if types & _TOKENS and "http" not in types:
                    yield f"{method.upper()} {path}"
