"""The keywords of schemas, added to a node as constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from mockserver.contract.media import is_json
from mockserver.contract.mocking.sample.negation import excluded_values, refutations
from mockserver.contract.mocking.sample.number import exact
from mockserver.contract.mocking.sample.schema_node import BranchChoice, ClosedMembers, SchemaNode, schema_name
from mockserver.contract.pointer import resolve_ref
from mockserver.contract.schema.translation import is_marked
from mockserver.contract.strict_json import Json

_HINTS: Final = (
    (
        "object",
        ("properties", "required", "additionalProperties", "patternProperties", "minProperties", "propertyNames"),
    ),
    ("array", ("items", "prefixItems", "minItems", "contains", "uniqueItems")),
    ("string", ("pattern", "minLength", "maxLength", "format")),
    ("number", ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")),
)
_INTEGER_RANGES: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
MAX_STEPS: Final = 5_000
"""The number of references and parts of `allOf` at one place. A document beyond it is meant to be endless."""


def absorb(node: SchemaNode, schema: Json) -> None:
    """Add the constraints of a schema. References are followed without recursion, however many there are."""
    pending = [schema]
    while pending:
        node.steps += 1
        if node.steps > MAX_STEPS:
            node.is_impossible = True
            return
        each = pending.pop()
        if isinstance(each, dict):
            pending.extend(reversed(_absorb_one(node, each)))
        else:
            node.is_impossible = node.is_impossible or each is False


def _absorb_one(node: SchemaNode, schema: Mapping[str, Any]) -> list[Json]:
    """Add the schema's own keywords, and return the schemas it refers to."""
    if schema.get(node.context.forbidden) is True:
        node.is_impossible = True
    ref = schema.get("$ref")
    further: list[Json] = []
    if not (isinstance(ref, str) and node.context.is_30):
        _absorb_keywords(node, schema)
        further = [*_list_of(schema, "allOf"), *_absorb_negation(node, schema)]
    if isinstance(ref, str) and ref not in node.refs:
        node.refs[ref] = None
        try:
            return [resolve_ref(node.context.document, ref), *further]
        except LookupError:
            node.is_impossible = True
    return further


def _absorb_keywords(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    _absorb_values(node, schema)
    _absorb_kinds(node, schema)
    _absorb_number(node, schema)
    _absorb_text(node, schema)
    _absorb_array(node, schema)
    _absorb_object(node, schema)
    _absorb_discriminator(node, schema)
    _absorb_choices(node, schema)


def _absorb_values(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    if "example" in schema:
        node.offers.append(schema["example"])
    node.offers.extend(_list_of(schema, "examples"))
    if "default" in schema:
        node.offers.append(schema["default"])
    if "const" in schema and not node.context.is_30:
        node.options.append([schema["const"]])
    if isinstance(schema.get("enum"), list):
        node.options.append(schema["enum"])


def _absorb_kinds(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    kinds = schema.get("type")
    if kinds is None:
        node.hints.extend(kind for kind, words in _HINTS if any(word in schema for word in words))
        return
    allowed = set(kinds if isinstance(kinds, list) else [kinds])
    if schema.get("nullable") is True and node.context.is_30:
        allowed.add("null")
    if "number" in allowed:
        allowed.add("integer")
    node.types &= allowed


def _absorb_number(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    low, high = _number_of(schema, "minimum"), _number_of(schema, "maximum")
    if low is not None:
        node.numbers.at_least(low, is_open=schema.get("exclusiveMinimum") is True)
    if high is not None:
        node.numbers.at_most(high, is_open=schema.get("exclusiveMaximum") is True)
    if (above := _number_of(schema, "exclusiveMinimum")) is not None:
        node.numbers.at_least(above, is_open=True)
    if (below := _number_of(schema, "exclusiveMaximum")) is not None:
        node.numbers.at_most(below, is_open=True)
    if (step := _number_of(schema, "multipleOf")) is not None:
        node.numbers.steps.append(step)


def _absorb_text(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    text = node.text
    text.least = max(text.least, _size_of(schema, "minLength") or 0)
    text.most = _smaller(text.most, _size_of(schema, "maxLength"))
    if isinstance(schema.get("pattern"), str):
        text.patterns.append(schema["pattern"])
    if isinstance(schema.get("format"), str):
        text.formats.append(schema["format"])
        if "string" not in node.types:
            node.numbers.range = _INTEGER_RANGES.get(schema["format"], node.numbers.range)
    if isinstance(schema.get("contentEncoding"), str):
        text.encodings.append(schema["contentEncoding"])
    elif is_json(schema.get("contentMediaType")) and not node.context.is_30:
        node.json_inside.append(schema.get("contentSchema", {"type": "object"}))


def _absorb_array(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    node.min_items = max(node.min_items, _size_of(schema, "minItems") or 0)
    node.max_items = _smaller(node.max_items, _size_of(schema, "maxItems"))
    node.is_unique = node.is_unique or schema.get("uniqueItems") is True
    prefix = [] if node.context.is_30 else _list_of(schema, "prefixItems")
    items = schema.get("items", True)
    if prefix or items is not True:
        # an item has the schema of its place in the prefix or, past its end, the items of the same schema
        node.prefixes.append(prefix)
        node.items.append(items)
    if "contains" in schema and not node.context.is_30:
        least = _size_of(schema, "minContains")
        node.contains.append((schema["contains"], 1 if least is None else least))


def _absorb_object(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    properties = _mapping_of(schema, "properties")
    for name, each in properties.items():
        node.properties.setdefault(name, []).append(each)
    node.required.update(
        dict.fromkeys(
            name
            for name in _list_of(schema, "required")
            if isinstance(name, str)
            and not is_marked(properties.get(name), node.context.forbidden, node.context.document)
        )
    )
    patterns = _mapping_of(schema, "patternProperties")
    node.patterns.extend(patterns.items())
    if (further := schema.get("additionalProperties", True)) is not True:
        node.closed.append(ClosedMembers(frozenset(properties), tuple(patterns), further))
    if isinstance(further := schema.get("unevaluatedProperties"), dict) and not node.context.is_30:
        node.unevaluated.append(further)
    node.min_members = max(node.min_members, _size_of(schema, "minProperties") or 0)
    node.max_members = _smaller(node.max_members, _size_of(schema, "maxProperties"))
    if "propertyNames" in schema:
        node.names.append(schema["propertyNames"])
    for name, needed in _mapping_of(schema, "dependentRequired").items():
        node.needed_with.setdefault(name, []).extend(needed)
    for name, each in _mapping_of(schema, "dependentSchemas").items():
        node.schemas_with.setdefault(name, []).append(each)


def _absorb_discriminator(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    discriminator = _mapping_of(schema, "discriminator")
    if isinstance(discriminator.get("propertyName"), str):
        node.tags.append(
            (discriminator["propertyName"], {str(k): str(v) for k, v in _mapping_of(discriminator, "mapping").items()})
        )


def _absorb_choices(node: SchemaNode, schema: Mapping[str, Any]) -> None:
    for word in ("oneOf", "anyOf"):
        if branches := _list_of(schema, word):
            discriminator = _mapping_of(schema, "discriminator")
            tag = discriminator.get("propertyName")
            names = [schema_name(branch, _mapping_of(discriminator, "mapping")) for branch in branches]
            node.choices.append(BranchChoice(branches, tag if isinstance(tag, str) else None, names))
    if "if" in schema and not node.context.is_30:
        then, otherwise = schema.get("then", {}), {"allOf": [{"not": schema["if"]}, schema.get("else", {})]}
        node.choices.append(BranchChoice([{"allOf": [schema["if"], then]}, otherwise, then]))


def _absorb_negation(node: SchemaNode, schema: Mapping[str, Any]) -> Sequence[Json]:
    """Add what `not` says. Returns the schema that says it, if one alone does."""
    negated = schema.get("not", False)
    if (excluded := excluded_values(negated)) is not None:
        node.excluded.extend(excluded)
        return ()
    alternatives = refutations(negated, node.context.document)
    if len(alternatives) > 1:
        node.choices.append(BranchChoice(alternatives))
    return alternatives if len(alternatives) == 1 else ()


def _list_of(schema: Mapping[str, Any], word: str) -> list[Any]:
    found = schema.get(word)
    return found if isinstance(found, list) else []


def _mapping_of(schema: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = schema.get(word)
    return found if isinstance(found, dict) else {}


def _size_of(schema: Mapping[str, Any], word: str) -> int | None:
    found = schema.get(word)
    return int(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _smaller(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _number_of(schema: Mapping[str, Any], word: str) -> Fraction | None:
    found = schema.get(word)
    return exact(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
