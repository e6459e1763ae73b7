"""`/_mock/contract.yaml` and `/_mock/contract.json`: the contract in force."""

from __future__ import annotations

from typing import Final

from mockserver.contract import Contract
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import JSON, Reply

YAML: Final = "application/yaml"


class DocumentHandlers:
    """Show the mock's contract."""

    def __init__(self, contract: Contract, address: Address) -> None:
        self._contract = contract
        self._address = address
        self.yaml_methods = {"GET": Method(self.show_yaml)}
        self.json_methods = {"GET": Method(self.show_json)}

    async def show_yaml(self, request: ControlRequest) -> Reply:
        """Show the contract as YAML."""
        return Reply.text(self._local_contract(request).as_yaml(), media_type=YAML)

    async def show_json(self, request: ControlRequest) -> Reply:
        """Show the contract as JSON."""
        return Reply.text(self._local_contract(request).as_json(), media_type=JSON)

    def _local_contract(self, request: ControlRequest) -> Contract:
        # tools read the server from the document: it must be this mock, never the real service
        server = {"url": self._address.base(request.scope), "description": "This mock"}
        return Contract({**self._contract.document, "servers": [server]})
