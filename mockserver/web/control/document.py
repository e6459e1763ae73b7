"""`/_mock/health` and the contract in force."""

from __future__ import annotations

from typing import Final

from mockserver.contract import Contract, Profile
from mockserver.web.control.resource import ControlRequest, Method
from mockserver.web.http.address import Address
from mockserver.web.http.reply import JSON, Reply

YAML: Final = "application/yaml"


class DocumentHandlers:
    """Show the mock's health and its contract."""

    def __init__(self, contract: Contract, profile: Profile, address: Address, *, version: str, store: str) -> None:
        self._contract = contract
        self._health = {"status": "ok", "version": version, "profile": profile.name, "store": store}
        self._address = address
        self.health_methods = {"GET": Method(self.show_health)}
        self.yaml_methods = {"GET": Method(self.show_yaml)}
        self.json_methods = {"GET": Method(self.show_json)}

    async def show_health(self, request: ControlRequest) -> Reply:
        """Show that the mock runs, with its version, profile and store."""
        return Reply.json(self._health)

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
