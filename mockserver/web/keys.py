"""The API key of a request, and the account it opens."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mockserver.domain.errors import Unauthorized
from mockserver.domain.identifier import account_of, is_key
from mockserver.web.reply import Header

HEADER: Final = "x-access-token"
KEY: Final = HEADER.encode()


class Keys:
    """Reads keys from the header alone; given a list, knows those in it only."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = frozenset(known)

    def account(self, headers: list[Header]) -> str | Unauthorized:
        """The account that the request's key opens, or why it opens none. No key is repeated in a message."""
        given = [value for name, value in headers if name == KEY]
        if not given:
            return Unauthorized(f"an API key is needed in the header {HEADER}")
        if len(given) > 1:
            return Unauthorized(f"the header {HEADER} came {len(given)} times; one API key is needed")
        key = given[0].decode("latin-1")
        if not is_key(key):
            return Unauthorized(f"the header {HEADER} holds no API key; one is sk- and letters, digits, - or _")
        if self._known and key not in self._known:
            return Unauthorized("the API key is not known here; MOCKSERVER_API_KEYS lists those that are")
        return account_of(key)
