"""What many published documents get wrong is mended and told; what is worse is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.contract import ContractError, load

from .builders import a_file

DOCUMENT = """openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a/{id}:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, properties: {name: {type: string}}}
"""

LAPSES = {
    "a response without a description": ("          description: ok\n", "", 7),
    "an info without a version": (", version: '1'", "", 2),
    "a version without quotes": ("version: '1'", "version: 1.0", 2),
    "null for a schema": ("{type: object, properties: {name: {type: string}}}", "null", 11),
    "null for a property": ("{type: string}", "null", 11),
    "null for a type of 3.0": ("type: string", "type: 'null'", 11),
    "a word of a later standard": ("type: string", "type: string, $comment: x", 11),
    "a member that is unknown": ("    get:\n", "    get:\n      produces: [x]\n", 5),
}


@pytest.mark.parametrize("name", LAPSES)
def test_a_lapse_is_told_with_its_place_and_the_document_is_served(name: str, tmp_path: Path) -> None:
    right, wrong, line = LAPSES[name]
    assert right in DOCUMENT
    file = a_file(tmp_path, DOCUMENT.replace(right, wrong))
    for _ in ("made", "kept"):
        contract, _ = load(spec=file)
        (lapse,) = contract.lapses
        assert lapse.startswith(f"{file}:{line} at /"), lapse
        item = contract.path("/a/5")
        operation = item.operation("GET") if item else None
        assert operation is not None
        assert operation.response_violations(200, "application/json", {"name": None if "null" in wrong else "x"}) == ()


def test_a_right_document_has_none(tmp_path: Path) -> None:
    assert load(spec=a_file(tmp_path, DOCUMENT))[0].lapses == ()
    assert load()[0].lapses == ()


def test_nothing_but_null_is_of_the_type_null(tmp_path: Path) -> None:
    contract, _ = load(spec=a_file(tmp_path, DOCUMENT.replace("type: string", "type: 'null'")))
    item = contract.path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    assert len(operation.response_violations(200, "application/json", {"name": "x"})) == 1


def test_a_lapse_beside_something_worse_is_not_what_is_told(tmp_path: Path) -> None:
    text = DOCUMENT.replace("          description: ok\n", "").replace("type: string", "type: strin")
    with pytest.raises(ContractError, match="'strin' is not one of"):
        load(spec=a_file(tmp_path, text))


def test_a_schema_of_another_dialect_is_read_as_ours_and_its_dialect_is_not_fetched(tmp_path: Path) -> None:
    text = DOCUMENT.replace("3.0.3", "3.1.0").replace(
        "{type: object,", "{$schema: 'https://a.example/dialect', type: object,"
    )
    item = load(spec=a_file(tmp_path, text))[0].path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    assert operation.response_violations(200, "application/json", {"name": "x"}) == ()
    assert len(operation.response_violations(200, "application/json", {"name": 1})) == 1


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"^(?:{[a-z]+})$", "{ab}", "{}"),
        (r"^[\w-.]+$", "a-.b", "a b"),
        (r"^a{,3}$", "a{,3}", "aa"),
        (r"^[^]b$", "\nb", "b"),
        (r"^a}$", "a}", "a"),
        (r"\Aa{2}\z", "aa", "a{2}"),
        (r"^(?<y>\d{2})-\k<y>$", "12-12", "12-13"),
        (r"^([(](?:x))(?<b>y|z)\(\k<b>0$", "(xz(z0", "(xz(y0"),
    ],
)
def test_a_pattern_of_the_web_is_read_as_the_web_reads_it(
    pattern: str, right: str, wrong: str, version: str, tmp_path: Path
) -> None:
    lapses, verdict = _held_to(pattern, version, tmp_path)
    assert len(lapses) == 1
    assert "it is read as" in lapses[0]
    assert (verdict(right), verdict(wrong)) == (True, False)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("pattern", ["(?i)^A$", "(?P<x>^a$)"])
def test_to_a_pattern_of_another_engine_no_text_is_held(pattern: str, version: str, tmp_path: Path) -> None:
    lapses, verdict = _held_to(pattern, version, tmp_path)
    assert len(lapses) == 1
    assert "no text is held to it" in lapses[0]
    assert verdict("anything")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a)", r"(?<a>x)\k<b>"])
def test_what_no_engine_reads_is_refused(pattern: str, version: str, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="regex"):
        _held_to(pattern, version, tmp_path)


def test_a_bound_of_30_in_31_is_read_as_30_means_it(tmp_path: Path) -> None:
    schema = "type: integer, minimum: 3, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false"
    text = DOCUMENT.replace("3.0.3", "3.1.0").replace("type: string", schema)
    contract, _ = load(spec=a_file(tmp_path, text))
    item = contract.path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    assert len(contract.lapses) == 2
    verdicts = [not operation.response_violations(200, "application/json", {"name": n}) for n in (3, 4, 9, 10)]
    assert verdicts == [False, True, True, False]


@pytest.mark.parametrize(
    ("schema", "lapses"),
    [
        ("type: string, examples: {a: x}", 1),
        ("type: object, properties: {examples: {examples: {a: 1}, allOf: [{examples: {b: 1}}]}}", 2),
        ("type: string, examples: [x], default: {examples: 1}", 0),
    ],
)
def test_examples_of_a_schema_that_are_no_list_are_passed_over(schema: str, lapses: int, tmp_path: Path) -> None:
    text = DOCUMENT.replace("3.0.3", "3.1.0").replace("type: string", schema)
    file = a_file(tmp_path, text)
    told = load(spec=file)[0].lapses
    assert len(told) == lapses
    assert all(each.startswith(f"{file}:11 at /paths/") and each.endswith("passed over") for each in told)
    with pytest.raises(ContractError, match="strin"):
        load(spec=a_file(tmp_path, text.replace("name:", "other: {type: strin}, name:")))


def _held_to(pattern: str, version: str, folder: Path) -> tuple[tuple[str, ...], Callable[[str], bool]]:
    """The lapses of a document in which a name has a pattern, and whether it takes a name."""
    schema = f"type: string, pattern: {json.dumps(pattern)}"
    contract, _ = load(spec=a_file(folder, DOCUMENT.replace("3.0.3", version).replace("type: string", schema)))
    item = contract.path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    return contract.lapses, lambda name: not operation.response_violations(200, "application/json", {"name": name})
