"""Security requirements of an operation: API keys, passwords and tokens, in alternatives and combinations.

Rule 1: a credential must be present and well-formed. Its secret is not checked.
Rule 2: alternatives are tried in the order of the document. `{}` among them, or no requirement, admits every request.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from mockserver.contract.pointer import dereference
from mockserver.contract.request.headers import Headers, read_cookies

UNKNOWN: Final = "unknown"
"""The type of a scheme that the document does not declare."""
_SCHEME: Final = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_TOKEN_CHARACTERS: Final = frozenset("!\"#$%&'()*+-./:;<=>?@[\\]^_`{|}~,")


class AccessDenied(Exception):
    """A request lacks credentials; `challenges` are the values for WWW-Authenticate headers."""

    def __init__(self, message: str, challenges: tuple[str, ...]) -> None:
        self.message = message
        self.challenges = challenges
        super().__init__(message)


class SecurityScheme(NamedTuple):
    """One security scheme: name, type, and the place of its credential."""

    name: str
    kind: str
    place: str = ""
    key: str = ""

    @classmethod
    def of(cls, name: str, data: Mapping[str, Any]) -> SecurityScheme:
        """The scheme of a Security Scheme Object."""
        kind = str(data.get("type", ""))
        if kind == "apiKey":
            return cls(name, kind, str(data.get("in", "")), str(data.get("name", "")))
        if kind == "http":
            return cls(name, kind, key=str(data.get("scheme", "")).lower())
        return cls(name, kind, key="bearer")

    def credential(self, headers: Headers, query: str) -> str | None:
        """The credential of a request; None if it is missing or malformed."""
        if self.kind == "apiKey":
            return self._api_key(headers, query)
        if self.kind in ("mutualTLS", UNKNOWN):
            return ""  # the transport checks client certificates; an undeclared scheme has no credential to look for
        return _authorization(headers, self.key)

    def _api_key(self, headers: Headers, query: str) -> str | None:
        if self.place == "header":
            wanted = self.key.lower().encode("latin-1", "replace")
            given = [value.decode("latin-1") for name, value in headers if name == wanted]
        elif self.place == "query":
            given = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == self.key]
        else:
            given = [str(value) for name, value in read_cookies(headers) if name == self.key]
        return given[0] if len(given) == 1 and given[0].strip() else None

    @property
    def description(self) -> str:
        """The credential in words, for messages."""
        if self.kind == "apiKey":
            places = {"query": "query parameter", "cookie": "cookie"}
            return f"an API key in the {places.get(self.place, self.place)} {self.key}"
        if self.kind == "http" and self.key != "bearer":
            return f"Authorization: {self.key.capitalize()}"
        return "Authorization: Bearer"

    @property
    def challenge(self) -> str | None:
        """The value of WWW-Authenticate; None if HTTP has no challenge for the scheme."""
        if self.kind in ("apiKey", "mutualTLS", UNKNOWN):
            return None
        if self.key == "basic":
            return 'Basic realm="mock", charset="UTF-8"'
        return self.key.capitalize() if _SCHEME.fullmatch(self.key) else "Bearer"


class Security:
    """The requirements of one operation."""

    def __init__(self, alternatives: Sequence[Sequence[SecurityScheme]]) -> None:
        self._alternatives = alternatives

    @classmethod
    def of(cls, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Security:
        """The requirements of an operation; those of the document if it has none of its own."""
        requirements = operation.get("security", document.get("security")) or []
        declared = (document.get("components") or {}).get("securitySchemes") or {}
        alternatives = []
        for requirement in requirements:
            schemes = []
            for name in requirement:
                data = dereference(document, declared.get(name))
                schemes.append(SecurityScheme.of(name, data if isinstance(data, dict) else {"type": UNKNOWN}))
            alternatives.append(schemes)
        return cls(alternatives)

    @property
    def is_open(self) -> bool:
        """Every request is admitted."""
        return not self._alternatives or any(not schemes for schemes in self._alternatives)

    @property
    def needs_key(self) -> bool:
        """Every alternative requires an API key."""
        return bool(self._alternatives) and all(
            any(scheme.kind == "apiKey" for scheme in schemes) for schemes in self._alternatives
        )

    def asks_only_for(self, header: str) -> bool:
        """Every alternative is an API key in that header."""
        return bool(self._alternatives) and all(
            len(schemes) == 1
            and schemes[0].kind == "apiKey"
            and schemes[0].place == "header"
            and schemes[0].key.lower() == header
            for schemes in self._alternatives
        )

    def admit(self, headers: Headers, query: str) -> str:
        """The credential of an admitted request, "" if none is required; raises AccessDenied."""
        if not self._alternatives:
            return ""
        for schemes in sorted(self._alternatives, key=lambda each: not each):
            given = [scheme.credential(headers, query) for scheme in schemes]
            if all(credential is not None for credential in given):
                return next((credential for credential in given if credential), "")
        alternatives = [" and ".join(scheme.description for scheme in schemes) for schemes in self._alternatives]
        challenges = [scheme.challenge for schemes in self._alternatives for scheme in schemes]
        raise AccessDenied(
            f"this operation needs {', or '.join(dict.fromkeys(alternatives))}",
            tuple(dict.fromkeys(challenge for challenge in challenges if challenge)),
        )


def secret_names(document: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The headers, in lower case, and the query parameters that carry the document's API keys."""
    declared = (document.get("components") or {}).get("securitySchemes") or {}
    schemes = [
        SecurityScheme.of(name, resolved)
        for name, each in declared.items()
        if isinstance(resolved := dereference(document, each), dict)
    ]
    headers = {scheme.key.lower() for scheme in schemes if scheme.kind == "apiKey" and scheme.place == "header"}
    return frozenset(headers), frozenset(
        each.key for each in schemes if each.kind == "apiKey" and each.place == "query"
    )


def _authorization(headers: Headers, scheme: str) -> str | None:
    """The credential in the Authorization header; None if it is missing or malformed."""
    given = [value.decode("latin-1") for name, value in headers if name == b"authorization"]
    if len(given) != 1:
        return None
    word, _, credential = given[0].strip().partition(" ")
    credential = credential.strip()
    if word.lower() != scheme or not credential:
        return None
    if scheme == "basic":
        try:
            return credential if b":" in base64.b64decode(credential, validate=True) else None
        except (binascii.Error, ValueError):
            return None
    if scheme == "bearer" and not all(letter.isalnum() or letter in _TOKEN_CHARACTERS for letter in credential):
        return None
    return credential
