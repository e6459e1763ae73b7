"""The contract: the effective OpenAPI document and its operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from mockserver.contract.operation import Operation
from mockserver.contract.pointer import dereference
from mockserver.contract.route import Routes

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class PathItem:
    """A path of the contract and its operations."""

    def __init__(self, template: str, data: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.template = template
        self.methods: tuple[str, ...] = tuple(method.upper() for method in METHODS if method in data)
        self._operations = {method: Operation(method, template, data, document) for method in self.methods}

    def operation(self, method: str) -> Operation | None:
        """The operation of an upper-case method, if the contract declares it."""
        return self._operations.get(method)


class Contract:
    """The effective document. Operations compile their validators on first use."""

    def __init__(
        self,
        document: Mapping[str, Any],
        *,
        deviations: Sequence[str] = (),
        stateless: Sequence[str] = (),
        inputs: Sequence[Path] = (),
    ) -> None:
        self.document = document
        self.deviations = tuple(deviations)
        """The tolerated or repaired deviations of the document's text, each in a sentence."""
        self.stateless = tuple(stateless)
        """The declared billing operations that are answered from the document alone, each with the reason."""
        self.inputs = tuple(inputs)
        """The files of the document, its overlays and its profile."""
        self._routes: Routes[PathItem] = Routes()
        for template, data in (document.get("paths") or {}).items():
            if template.startswith("/"):
                self._routes.add(template, PathItem(template, dereference(document, data) or {}, document))

    @cached_property
    def stateful(self) -> tuple[Operation, ...]:
        """The operations that are served with state."""
        items = [self._routes.find(template) for template in self.document.get("paths") or {}]
        operations = [item.operation(method) for item in items if item is not None for method in item.methods]
        return tuple(operation for operation in operations if operation is not None and operation.is_stateful)

    def path(self, path: str) -> PathItem | None:
        """The path item of a request path."""
        return self._routes.find(path)

    def other_form(self, path: str) -> tuple[PathItem, str] | None:
        """The path item and the path with one slash more or less at its end, if the contract declares that form."""
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        item = self._routes.find(other) if other and not path.endswith("//") else None
        return None if item is None else (item, other)

    @cached_property
    def _yaml(self) -> str:
        import yaml

        return str(yaml.dump(self.document, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=100))

    def as_yaml(self) -> str:
        """The document as YAML."""
        return self._yaml

    @cached_property
    def _json(self) -> str:
        import json

        return json.dumps(self.document, indent=2, ensure_ascii=False) + "\n"

    def as_json(self) -> str:
        """The document as JSON."""
        return self._json


def _dumper() -> Any:
    import yaml

    class WithoutAliases(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return WithoutAliases
