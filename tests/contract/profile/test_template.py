from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.profile.template import TemplateError, compile_template

KNOWN = ("id", "amount", "note")


@pytest.mark.parametrize("amount", [50, 10.5, None, "fifty", [1], {"a": 1}, True])
def test_placeholder_keeps_the_type_of_its_value(amount: Any) -> None:
    fill = compile_template({"data": {"amount": "{amount}"}, "success": True}, KNOWN)
    assert fill({"amount": amount}) == {"data": {"amount": amount}, "success": True}


def test_placeholder_is_the_whole_text() -> None:
    fill = compile_template(["{id}", "id {id}", "{id}s", "{}", "{not a name}"], KNOWN)
    assert fill({"id": "x"}) == ["x", "id {id}", "{id}s", "{}", "{not a name}"]


@pytest.mark.parametrize(
    ("note", "body"), [("n", {"id": 1, "note": "n"}), (None, {"id": 1}), ("", {"id": 1, "note": ""})]
)
def test_optional_member_is_left_out_without_a_value(note: str | None, body: dict[str, Any]) -> None:
    fill = compile_template({"id": "{id}", "note": "{note?}"}, KNOWN)
    assert fill({"id": 1, "note": note}) == body


def test_optional_member_needs_no_entry_in_the_values() -> None:
    assert compile_template({"note": "{note?}"}, KNOWN)({}) == {}


def test_unknown_placeholder_is_refused_with_its_pointer_and_the_known_ones() -> None:
    with pytest.raises(TemplateError, match=r"^\{nope\} is not a placeholder here; use amount, id, note$") as refused:
        compile_template({"data": [{"a/b": "{nope}"}]}, KNOWN)
    assert refused.value.pointer == "/data/0/a~1b"


@pytest.mark.parametrize("body", [["{note?}"], "{note?}"])
def test_only_a_member_can_be_optional(body: Any) -> None:
    with pytest.raises(TemplateError, match="only a member of an object can be optional"):
        compile_template(body, KNOWN)


def test_filled_bodies_share_no_filled_values() -> None:
    fill = compile_template({"data": {"id": "{id}"}}, KNOWN)
    first, second = fill({"id": 1}), fill({"id": 2})
    assert (first, second) == ({"data": {"id": 1}}, {"data": {"id": 2}})


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        ({"...": "{units}"}, {"llm": 1, "id": 5}),
        ({"id": "{id}", "...": "{units}"}, {"id": "x", "llm": 1}),
        ({"...": "{units}", "llm": 0}, {"llm": 0, "id": 5}),
        ({"data": {"...": "{units}", "note": "{note?}"}}, {"data": {"note": "n", "llm": 1, "id": 5}}),
    ],
)
def test_spread_adds_the_members_of_a_map_after_the_written_ones(body: Any, filled: Any) -> None:
    fill = compile_template(body, (*KNOWN, "units"))
    assert fill({"id": "x", "note": "n", "units": {"llm": 1, "id": 5}}) == filled


@pytest.mark.parametrize("value", ["{id}", "units", 5, {"a": "{units}"}])
def test_only_a_map_can_be_spread(value: Any) -> None:
    with pytest.raises(TemplateError, match=r"is not the placeholder of a map; use units$") as refused:
        compile_template({"data": {"...": value}}, (*KNOWN, "units"))
    assert refused.value.pointer == "/data/..."
