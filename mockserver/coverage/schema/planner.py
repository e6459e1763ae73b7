"""The planner of a schema: it names the goals of each keyword, and builds the nodes that judge values.

Rule 1: a goal is named by the way to its keyword, through each $ref, so two members with one schema have goals of
        their own. A schema inside of itself adds none.
Rule 2: keywords that no request can break have no goal for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from mockserver.contract import Json
from mockserver.contract.pointer import resolve_ref
from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.translation import is_marked, is_nullable_composition, is_openapi_30
from mockserver.contract.schema.violation import unexpected
from mockserver.coverage.goals import INVALID, VALID, GoalList
from mockserver.coverage.schema.constraint import APPLIES, Constraint, LazyJudge, is_constraint, judge_of
from mockserver.coverage.schema.node import (
    Alternative,
    ChoicePart,
    ConditionPart,
    ItemsPart,
    KeywordNode,
    MemberPart,
    MembersPart,
    name_test,
)
from mockserver.coverage.schema.place import Place, in_json, shown

MOST_VALUES: Final = 20
"""The values of an enum that have goals of their own."""
_CHOICES: Final = ("anyOf", "oneOf")


class SchemaPlanner:
    """Plans the schemas of one document; the goals go into a list."""

    def __init__(self, document: Mapping[str, Any], goals: GoalList) -> None:
        self._document = document
        self._goals = goals
        self._is_30 = is_openapi_30(document)
        self._open: list[int] = []
        """The schemas that the one under way stands in."""

    def plan(self, schema: Json, place: Place, *, is_text: bool = False) -> KeywordNode:
        """The node of a schema. Any text has the type of a string, so `is_text` knows no value that breaks it."""
        if not isinstance(schema, dict) or id(schema) in self._open or self._goals.is_full:
            return KeywordNode()
        self._open.append(id(schema))
        try:
            return self._planned(schema, place, is_text=is_text)
        finally:
            self._open.pop()

    def _planned(self, schema: Mapping[str, Any], place: Place, *, is_text: bool) -> KeywordNode:
        if "$ref" in schema:
            return self._reference(schema, place, is_text=is_text)
        node = KeywordNode(takes_null=self._is_30 and is_nullable_composition(schema))
        for keyword, expected in schema.items():
            if is_constraint(keyword, expected, is_30=self._is_30):
                self._constrain(node, keyword, schema, place, is_text=is_text)
            self._add_part(node, keyword, expected, schema, place)
        return node

    def _reference(self, schema: Mapping[str, Any], place: Place, *, is_text: bool) -> KeywordNode:
        try:
            target = resolve_ref(self._document, str(schema["$ref"]))
        except LookupError:
            return KeywordNode()
        node = self.plan(target, place.below("$ref"), is_text=is_text)
        if self._is_30:
            return node
        beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        if beside:
            node.parts.append(self._planned(beside, place, is_text=is_text))
        return node

    def _constrain(
        self, node: KeywordNode, keyword: str, schema: Mapping[str, Any], place: Place, *, is_text: bool
    ) -> None:
        judge = judge_of(keyword, schema, self._document, is_30=self._is_30)
        expected = schema[keyword]
        label = "not" if keyword == "not" else f"{keyword} {shown(expected)}"
        is_certain = is_text and keyword == "type" and expected == "string"
        self._add(node, APPLIES[keyword], judge, place.below(keyword), label, is_certain=is_certain)
        if keyword == "enum" and isinstance(expected, list):
            for index, value in enumerate(expected[:MOST_VALUES] if len(expected) > 1 else ()):
                one = place.below("enum", index)
                goal = self._goals.add("keyword", one.subject, VALID, one.label(f"the value {in_json(value)}"))
                node.constraints.append(Constraint((object,), LazyJudge({"enum": [value]}, {}), goal, None))

    def _add(
        self,
        node: KeywordNode,
        types: tuple[type, ...],
        judge: Any,
        place: Place,
        label: str,
        *,
        is_certain: bool = False,
    ) -> None:
        if is_certain or self._goals.is_full:
            return
        valid = self._goals.add("keyword", place.subject, VALID, place.label(label))
        invalid = self._goals.add("keyword", place.subject, INVALID, place.label(label))
        node.constraints.append(Constraint(types, judge, valid, invalid))

    def _add_part(
        self, node: KeywordNode, keyword: str, expected: Any, schema: Mapping[str, Any], place: Place
    ) -> None:
        if keyword == "required" and isinstance(expected, list):
            self._require(node, expected, schema, place)
        elif keyword == "properties":
            for name, member in expected.items():
                if not is_marked(member, "readOnly", self._document):
                    node.parts.append(MemberPart(name, self.plan(member, place.member(name))))
        elif keyword == "additionalProperties":
            self._add_additional(node, expected, schema, place)
        elif keyword == "patternProperties":
            for pattern, member in expected.items():
                below = self.plan(member, place.below(keyword, pattern, name="*"))
                node.parts.append(MembersPart(partial(matches, pattern), below))
        elif keyword in ("items", "prefixItems"):
            self._add_items(node, keyword, expected, schema, place)
        elif keyword == "allOf":
            for index, part in enumerate(expected):
                node.parts.append(self.plan(part, place.below(keyword, index)))
        elif keyword in _CHOICES:
            self._add_choice(node, keyword, expected, place)
        elif keyword == "if" and not self._is_30:
            then, otherwise = (self.plan(schema.get(branch), place.below(branch)) for branch in ("then", "else"))
            node.parts.append(ConditionPart(LazyJudge(expected, self._document), then, otherwise))

    def _require(self, node: KeywordNode, names: list[Any], schema: Mapping[str, Any], place: Place) -> None:
        members = schema.get("properties", {})
        for name in names:
            if not is_marked(members.get(name), "readOnly", self._document):
                at = place.below("required", str(name), name=str(name))
                self._add(node, (dict,), partial(_has, name), at, "required")

    def _add_additional(self, node: KeywordNode, expected: Any, schema: Mapping[str, Any], place: Place) -> None:
        if expected is False:
            self._add(
                node,
                (dict,),
                lambda value: not unexpected(value, schema),
                place.below("additionalProperties"),
                "no further member",
            )
        elif isinstance(expected, dict):
            takes = name_test(frozenset(schema.get("properties", ())), tuple(schema.get("patternProperties", ())))
            below = place.below("additionalProperties", name="*")
            node.parts.append(MembersPart(takes, self.plan(expected, below)))

    def _add_items(
        self, node: KeywordNode, keyword: str, expected: Any, schema: Mapping[str, Any], place: Place
    ) -> None:
        if isinstance(expected, list):
            for index, item in enumerate(expected):
                below = place.below(keyword, index, name=f"[{index}]")
                node.parts.append(ItemsPart(index, index + 1, self.plan(item, below)))
        elif isinstance(expected, dict):
            start = 0 if self._is_30 else len(schema.get("prefixItems", ()))
            node.parts.append(ItemsPart(start, None, self.plan(expected, place.below(keyword, name="[]"))))

    def _add_choice(self, node: KeywordNode, keyword: str, expected: list[Any], place: Place) -> None:
        whole = LazyJudge({keyword: expected}, self._document)
        self._add(node, (object,), whole, place.below(keyword), f"{keyword} of {len(expected)} alternatives")
        alternatives = []
        for index, part in enumerate(expected):
            at = place.below(keyword, index)
            taken = self._goals.add("keyword", at.subject, VALID, at.label(f"{keyword}, {_name(part, index)}"))
            alternatives.append(
                Alternative(
                    LazyJudge(part, self._document),
                    taken,
                    self.plan(part, at._replace(within=f"{keyword} {index + 1}")),
                )
            )
        node.parts.append(ChoicePart(alternatives))


def _name(part: Any, index: int) -> str:
    """The name of an alternative for a person."""
    named = part if isinstance(part, dict) else {}
    told = named.get("title") or named.get("description") or str(named.get("$ref", "")).rpartition("/")[2]
    return f"number {index + 1}" + (f" ({shown(told)})" if told else "")


def _has(name: str, value: Any) -> bool:
    return name in value
