from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.profile.template import TemplateError, compiled_template

KNOWN = ("id", "amount", "note")


@pytest.mark.parametrize("amount", [50, 10.5, None, "fifty", [1], {"a": 1}, True])
def test_a_placeholder_keeps_the_type_of_its_value(amount: Any) -> None:
    fill = compiled_template({"data": {"amount": "{amount}"}, "success": True}, KNOWN)
    assert fill({"amount": amount}) == {"data": {"amount": amount}, "success": True}


def test_a_placeholder_is_the_whole_text_or_none() -> None:
    fill = compiled_template(["{id}", "id {id}", "{id}s", "{}", "{not a name}"], KNOWN)
    assert fill({"id": "x"}) == ["x", "id {id}", "{id}s", "{}", "{not a name}"]


@pytest.mark.parametrize(
    ("note", "body"), [("n", {"id": 1, "note": "n"}), (None, {"id": 1}), ("", {"id": 1, "note": ""})]
)
def test_an_optional_member_is_left_out_where_its_value_is_absent(note: str | None, body: dict[str, Any]) -> None:
    fill = compiled_template({"id": "{id}", "note": "{note?}"}, KNOWN)
    assert fill({"id": 1, "note": note}) == body


def test_an_optional_member_needs_no_value_at_all() -> None:
    assert compiled_template({"note": "{note?}"}, KNOWN)({}) == {}


def test_an_unknown_placeholder_is_refused_with_its_pointer_and_the_known_ones() -> None:
    with pytest.raises(TemplateError, match=r"^\{nope\} is no placeholder here; amount, id, note are$") as refused:
        compiled_template({"data": [{"a/b": "{nope}"}]}, KNOWN)
    assert refused.value.pointer == "/data/0/a~1b"


@pytest.mark.parametrize("body", [["{note?}"], "{note?}"])
def test_only_a_member_can_be_left_out(body: Any) -> None:
    with pytest.raises(TemplateError, match="only be left out as a member"):
        compiled_template(body, KNOWN)


def test_filling_twice_gives_bodies_that_share_nothing_filled() -> None:
    fill = compiled_template({"data": {"id": "{id}"}}, KNOWN)
    first, second = fill({"id": 1}), fill({"id": 2})
    assert (first, second) == ({"data": {"id": 1}}, {"data": {"id": 2}})
