"""`/_mock/contract.yaml` and `/_mock/openapi.yaml`, or `.json`: the contract in force, and the control API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mockserver.contract import Contract
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import JSON, Reply

YAML: Final = "application/yaml"


class DocumentHandlers:
    """Show an OpenAPI document, with this mock as its server."""

    def __init__(self, contract: Callable[[], Contract], address: Address) -> None:
        self._contract = contract
        self._address = address
        self._latest: tuple[str, Contract] | None = None
        self.yaml_methods = {"GET": Method(self.show_yaml)}
        self.json_methods = {"GET": Method(self.show_json)}

    async def show_yaml(self, request: ControlRequest) -> Reply:
        """Show the document as YAML."""
        return Reply.text(self._local_contract(request).as_yaml(), media_type=YAML)

    async def show_json(self, request: ControlRequest) -> Reply:
        """Show the document as JSON."""
        return Reply.text(self._local_contract(request).as_json(), media_type=JSON)

    def _local_contract(self, request: ControlRequest) -> Contract:
        """The document of the address that the client used. The latest is kept, since writing YAML takes long."""
        base = self._address.base(request.scope)
        if self._latest is None or self._latest[0] != base:
            # tools read the server from the document: it must be this mock, never the real service
            server = {"url": base, "description": "This mock"}
            self._latest = base, Contract({**self._contract().document, "servers": [server]})
        return self._latest[1]
