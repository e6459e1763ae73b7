"""The mock's opinion where Schemathesis finds fault with a server of a document that is not VideoDB's.

Schemathesis compiles the document's schemas as they stand. The mock reads a document as its authors mean it: `nullable`
beside `$ref` and required `readOnly` members in 3.0, forms and styles by what is sent. Where a server does what the
mock does, it is right. VideoDB's own operations get no second opinion: Schemathesis checks the mock itself on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mockserver_contracts.corpus.entry import CorpusEntry
from mockserver_contracts.document.credentials import Credentials
from mockserver_contracts.fuzz.schemathesis_checks import CheckFailure
from mockserver_contracts.replay.replay import CorpusExchange, Replay
from mockserver_contracts.target.gate import Gate
from mockserver_contracts.target.target import Target

_INVALID_KEY: Final = "invalid_auth"
_ABOUT_METHODS: Final = frozenset({"unsupported_method", "allow_header_conformance"})
# HTTP names these for any request that cannot be served as it was sent.
_GENERAL_REFUSALS: Final = frozenset({400, 401, 403, 404, 405, 406, 411, 413, 414, 415, 422, 426, 428, 429, 431})


class SecondOpinion:
    """Sends requests to a mock of the document, once each, and compares what it makes of them."""

    def __init__(self, mock: Target, document: Mapping[str, Any], *, judges_mock: bool) -> None:
        self._mock = mock
        self._judges_mock = judges_mock
        gate = Gate(mock.transport, mock.limits)
        self._replay = Replay(gate, key=mock.key.value, credentials=Credentials(document))
        self._accepted: dict[str, bool | None] = {}
        self._templates = [_pattern(template) for template in document.get("paths", {})]

    def close(self) -> None:
        """Close the mock."""
        self._replay.close()
        self._mock.close()

    def excuses(self, exchange: CorpusExchange, failure: CheckFailure) -> bool:
        """The failure shows no fault of the server."""
        if failure.check == "negative_data_rejection":
            return self.accepts(exchange.entry) is True
        if failure.check == "positive_data_acceptance":
            return self.accepts(exchange.entry) is False
        if failure.check == "status_code_conformance":
            is_general = failure.response.status in _GENERAL_REFUSALS
            return is_general and self.accepts(exchange.entry) is not True
        if failure.check in _ABOUT_METHODS:
            return self._has_several_templates(exchange)
        if failure.check == "ignored_auth":
            # A mock takes any key of the declared form, and no request without one.
            return self._judges_mock and failure.cause.word == _INVALID_KEY
        if failure.check == "response_schema_conformance":
            # Before OpenAPI 3.2 a schema describes the text of an event stream, and not its events.
            media_type = failure.response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return failure.cause.is_relative_link or media_type == "text/event-stream"
        return False

    def agrees(self, exchange: CorpusExchange) -> bool:
        """The mock accepts or refuses the request as the server does."""
        return self.accepts(exchange.entry) is exchange.is_accepted

    def accepts(self, entry: CorpusEntry) -> bool | None:
        """The mock accepts the request; None if it gets no answer."""
        if entry.id not in self._accepted:
            answer = self._replay.send(entry)
            is_answered = answer is not None and answer.no_response is None
            self._accepted[entry.id] = answer.is_accepted if answer is not None and is_answered else None
        return self._accepted[entry.id]

    def _has_several_templates(self, exchange: CorpusExchange) -> bool:
        path = exchange.entry.target.partition("?")[0]
        return sum(template.fullmatch(path) is not None for template in self._templates) > 1


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]*\}", template)
    return re.compile("[^/]*".join(map(re.escape, parts)))
