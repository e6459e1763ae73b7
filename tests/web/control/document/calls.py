"""The calls of the control API's document, and the schemas below them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from mockserver.contract import Operation
from mockserver.contract.pointer import dereference
from mockserver.web.control.control_document import control_contract

CONTRACT: Final = control_contract()
DOCUMENT: Final = CONTRACT.document
SCHEMAS: Final[dict[str, dict[str, Any]]] = DOCUMENT["components"]["schemas"]


class Call(NamedTuple):
    """A method of a path."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def operation(self) -> Operation:
        """The declared operation."""
        item = CONTRACT.path(self.path)
        operation = item.operation(self.method) if item else None
        assert operation is not None, self
        return operation

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """The declared parameters, those of the path included."""
        given = [*DOCUMENT["paths"][self.path].get("parameters", ()), *self.operation.data.get("parameters", ())]
        return [dereference(DOCUMENT, each) for each in given]

    @property
    def body(self) -> dict[str, Any] | None:
        """The declared JSON body: its schema and examples."""
        request_body = self.operation.data.get("requestBody")
        body: dict[str, Any] | None = request_body and request_body["content"]["application/json"]
        return body

    def answers(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """The status, media type and declaration of each answer."""
        for status, response in self.operation.responses.items():
            for media_type, content in response["content"].items():
                yield int(status), media_type, content


CALLS: Final = [
    Call(method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if method in ("get", "post", "delete", "put", "patch")
]


def member_names(schema: dict[str, Any]) -> set[str]:
    """The members that a schema declares, in all of its alternatives."""
    resolved = dereference(DOCUMENT, schema)
    names = set(resolved.get("properties", ()))
    return names.union(*(member_names(each) for each in resolved.get("oneOf", ())))


def examples_of(holder: dict[str, Any]) -> dict[str, Any]:
    """The examples of a parameter, a body or an answer, by name."""
    examples = {name: each["value"] for name, each in holder.get("examples", {}).items()}
    return {"example": holder["example"], **examples} if "example" in holder else examples
