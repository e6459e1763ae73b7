"""The contract: the effective OpenAPI document and its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
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

    def before(self, others: Iterable[PathItem]) -> PathItem:
        """A path item with the operations of others too, where this one does not have the method."""
        joined = copy(self)
        for item in others:
            joined._operations = {**item._operations, **joined._operations}
        joined.methods = tuple(method.upper() for method in METHODS if method.upper() in joined._operations)
        return joined

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
        self._items = [
            PathItem(template, dereference(document, data) or {}, document)
            for template, data in (document.get("paths") or {}).items()
            if template.startswith("/")
        ]
        self._declared = frozenset(item.template for item in self._items)
        self._literals: dict[str, PathItem] = {}
        """The path items of declared paths, which need no search: clients ask for these most often."""
        self._routes: Routes[PathItem] = Routes()
        for item in self._items:
            self._routes.add(item.template, item)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document."""
        operations = [item.operation(method) for item in self._items for method in item.methods]
        return tuple(operation for operation in operations if operation is not None)

    @cached_property
    def stateful(self) -> tuple[Operation, ...]:
        """The operations that are served with state."""
        return tuple(operation for operation in self.operations if operation.is_stateful)

    def path(self, path: str) -> PathItem | None:
        """The path item of a request path: of several that match, the most concrete one has the first word."""
        if (known := self._literals.get(path)) is not None:
            return known
        found = list(self._routes.find(path))
        if not found:
            return None
        item = found[0].before(found[1:]) if len(found) > 1 else found[0]
        if path in self._declared:
            self._literals[path] = item
        return item

    def other_form(self, path: str) -> tuple[PathItem, str] | None:
        """The path item and the path with one slash more or less at its end, if the contract declares that form."""
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        item = self.path(other) if other and not path.endswith("//") else None
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
