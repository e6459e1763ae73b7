"""`/_mock/requests.har`: the journal as an HTTP archive, for the tools of browsers."""

from __future__ import annotations

from typing import Final

from mockserver.contract.profile.template_text import encode_json
from mockserver.web.control.journal.entry_filter import FIELDS
from mockserver.web.control.journal.journal_search import JournalSearch
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import JSON, Reply
from mockserver.web.shapes.har_json import har_entry_json, har_log_json

MOST: Final = 10_000
"""All entries of a journal."""
_FILE: Final = (b"content-disposition", b'attachment; filename="videodb-mock.har"')


class HarHandlers:
    """Export the journal's entries."""

    def __init__(self, search: JournalSearch, address: Address, *, version: str) -> None:
        self._search = search
        self._address = address
        self._log = har_log_json(version)
        self.methods = {"GET": Method(self.export, query=FIELDS | {"limit"})}

    async def export(self, request: ControlRequest) -> Reply:
        """Export the matching entries, oldest first. Each becomes text at once: a full journal has 64 MB."""
        limit = request.query.integer("limit", default=MOST, least=1, most=MOST)
        base = self._address.base(request.scope)
        found = self._search.find(request.query, limit=limit)
        entries = [
            encode_json(har_entry_json(entry, base=base, operation=self._search.names.of(entry))).encode()
            async for entry in found
        ]
        head, tail = encode_json({"log": {**self._log, "entries": []}}).encode().split(b"[]")
        return Reply(
            200, b"".join((head, b"[", b",".join(entries[::-1]), b"]", tail)), media_type=JSON, headers=[_FILE]
        )
