"""The API key of a request, and its account."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final

from mockserver.domain.errors import Unauthorized
from mockserver.domain.identifier import is_key
from mockserver.web.http.headers import RequestHeaders

KEY_HEADER_NAME: Final = "x-access-token"
KEY_HEADER: Final = KEY_HEADER_NAME.encode()


class ApiKeys:
    """Read API keys from their header. If a list of keys is given, all others are refused."""

    def __init__(self, note: Callable[[str], str], known: Collection[str] = ()) -> None:
        """Keys are read with `note`, which returns the account of a key that is seen for the first time."""
        self._note = note
        self._known = frozenset(known)
        self._account_of = lru_cache(maxsize=4096)(self._account)

    def account(self, headers: RequestHeaders) -> str:
        """The account of the request's API key; raises Unauthorized. No message repeats a key."""
        given = headers.every(KEY_HEADER)
        if not given:
            raise Unauthorized(f"an API key is needed in the header {KEY_HEADER_NAME}")
        if len(given) > 1:
            raise Unauthorized(f"the header {KEY_HEADER_NAME} is there {len(given)} times; one API key is needed")
        return self._account_of(given[0])

    def _account(self, value: bytes) -> str:
        key = value.decode("latin-1")
        if not is_key(key):
            raise Unauthorized(
                f"the header {KEY_HEADER_NAME} has no valid API key; a key is sk- and letters, digits, - or _"
            )
        if self._known and key not in self._known:
            raise Unauthorized("the API key is not known; MOCKSERVER_API_KEYS lists the known ones")
        return self._note(key)
