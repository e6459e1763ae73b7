"""Names for the members of an object that its properties do not name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract.mocking.sample.keywords import absorb
from mockserver.contract.mocking.sample.schema_node import SchemaContext, SchemaNode
from mockserver.contract.mocking.sample.text import TextConstraints, texts_within

MAX_NAMES: Final = 5_000


def extra_names(context: SchemaContext, node: SchemaNode) -> Iterator[str]:
    """Names beyond the properties, by `propertyNames` and `patternProperties`."""
    names = SchemaNode(context)
    for schema in node.names:
        absorb(names, schema)
    while names.choices:
        absorb(names, names.choices.pop(0).branches[0])
    if names.is_impossible:
        return
    if names.options:
        yield from (name for name in names.constants() if isinstance(name, str))
        return
    only = [pattern for pattern, _ in node.patterns if any(each.schema is False for each in node.closed)]
    patterns_to_try: list[str | None] = [*only] or [None]
    for pattern in patterns_to_try:
        constraints = names.text
        if pattern is not None:
            patterns = [*constraints.patterns, pattern]
            constraints = TextConstraints(constraints.least, constraints.most, patterns, constraints.formats)
        for index, name in enumerate(texts_within(constraints)):
            if index > MAX_NAMES:
                break
            if name not in node.properties:
                yield name
