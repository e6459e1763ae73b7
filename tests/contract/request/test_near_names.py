"""Unknown members with the names of known ones, but for a letter or two."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.request.near_names import KnownMembers
from tests.contract.builders import the_operation

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "success_url": {"type": "string"},
        "mode": {"type": "string"},
        "id": {"type": "string"},
        "buyer": {"type": "object", "properties": {"email": {"type": "string"}}},
        "items": {"type": "array", "items": {"properties": {"price": {"type": "integer"}}}},
        "child": {"$ref": "#/components/schemas/Child"},
    },
    "patternProperties": {"^x_mode": {"type": "string"}},
}
DOCUMENT = {"components": {"schemas": {"Child": {"properties": {"child": {"$ref": "#/components/schemas/Child"}}}}}}


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ({"success_url": "a", "mode": "b", "id": "c"}, ()),
        ({"sucess_url": "a"}, ("/sucess_url is not known; success_url?",)),
        ({"succes_urll": "a"}, ("/succes_urll is not known; success_url?",)),
        ({"mdoe": "a"}, ("/mdoe is not known; mode?",)),
        ({"Mode": "a"}, ("/Mode is not known; mode?",)),
        ({"note": "a", "colour": "b", "at": "c", "s_url": "d", "": 1}, ()),
        ({"x_mode": "a"}, ()),
        ({"buyer": {"emial": "a"}}, ("/buyer/emial is not known; email?",)),
        ({"items": [{"price": 1}, {"prize": 1}]}, ("/items/1/prize is not known; price?",)),
        ({"child": {"child": {"chld": 1}}}, ("/child/child/chld is not known; child?",)),
        ({"success_url" * 20: "a"}, ()),
        (
            {"mdoe": 1, "x": 2, "sucess_url": 3, "moed": 4},
            ("/mdoe is not known; mode?", "/sucess_url is not known; success_url?", "/moed is not known; mode?"),
        ),
        ([], ()),
        ("success", ()),
    ],
    ids=str,
)
def test_note_names_the_close_member(body: Any, notes: tuple[str, ...]) -> None:
    assert KnownMembers(SCHEMA, DOCUMENT).notes(body) == notes


def test_number_of_notes_is_bounded() -> None:
    assert len(KnownMembers(SCHEMA, DOCUMENT).notes({f"mode{number}": 1 for number in range(10)})) == 10
    assert len(KnownMembers(SCHEMA, DOCUMENT).notes({"success_ur" + chr(number): 1 for number in range(200)})) == 10


def test_body_of_a_checkout_knows_its_members() -> None:
    body = the_operation("page", "POST", "/billing/checkout").body("application/json")
    assert body is not None
    assert body.notes_on({"amount": 50, "sucess_url": "https://shop.example"}) == (
        "/sucess_url is not known; success_url?",
    )
    assert body.notes_on({"amount": 50, "success_url": "https://shop.example"}) == ()
