"""`/_mock/health` and the contract in force."""

from __future__ import annotations

from typing import Final

from mockserver.contract import Contract, Profile
from mockserver.web.control.resource import Call, Verb
from mockserver.web.http.address import Address
from mockserver.web.http.reply import JSON, Reply

YAML: Final = "application/yaml"


class DocumentNoun:
    """Says who answers, and by which contract."""

    def __init__(self, contract: Contract, profile: Profile, address: Address, *, version: str, store: str) -> None:
        self._contract = contract
        self._health = {"status": "ok", "version": version, "profile": profile.name, "store": store}
        self._address = address
        self.health_verbs = {"GET": Verb(self.health)}
        self.yaml_verbs = {"GET": Verb(self.yaml)}
        self.json_verbs = {"GET": Verb(self.json)}

    async def health(self, call: Call) -> Reply:
        """That the mock is well, and what it runs with."""
        return Reply.json(self._health)

    async def yaml(self, call: Call) -> Reply:
        """The contract as YAML."""
        return Reply.text(self._served(call).as_yaml(), media_type=YAML)

    async def json(self, call: Call) -> Reply:
        """The contract as JSON."""
        return Reply.text(self._served(call).as_json(), media_type=JSON)

    def _served(self, call: Call) -> Contract:
        # a tool that takes the server from the document must come here, never to the real one
        here = {"url": self._address.base(call.scope), "description": "This mock"}
        return Contract({**self._contract.document, "servers": [here]})
