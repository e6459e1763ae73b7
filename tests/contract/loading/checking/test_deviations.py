"""Deviations of published documents are repaired and reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.contract import load
from tests.contract.builders import a_file

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
      parameters: [{name: id, in: path, required: true, schema: {}}]
"""

DEVIATIONS = {
    "a response without a description": ("          description: ok\n", "", 7),
    "an info without a version": (", version: '1'", "", 2),
    "a version without quotes": ("version: '1'", "version: 1.0", 2),
    "null for a schema": ("{type: object, properties: {name: {type: string}}}", "null", 11),
    "null for a property": ("{type: string}", "null", 11),
    "null for a type of 3.0": ("type: string", "type: 'null'", 11),
    "a word of a later standard": ("type: string", "type: string, $comment: x", 11),
    "a member that is unknown": ("    get:\n", "    get:\n      produces: [x]\n", 5),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_deviation_is_reported_with_its_place_and_the_document_served(name: str, tmp_path: Path) -> None:
    right, wrong, line = DEVIATIONS[name]
    assert right in DOCUMENT
    file = a_file(tmp_path, DOCUMENT.replace(right, wrong))
    for _ in ("built", "cached"):
        contract, _ = load(spec=file)
        (deviation,) = contract.deviations
        assert deviation.startswith(f"{file}:{line} at /"), deviation
        item = contract.path("/a/5")
        operation = item.operation("GET") if item else None
        assert operation is not None
        assert operation.response_violations(200, "application/json", {"name": None if "null" in wrong else "x"}) == ()


def test_valid_document_has_no_deviations(tmp_path: Path) -> None:
    assert load(spec=a_file(tmp_path, DOCUMENT))[0].deviations == ()
    assert load()[0].deviations == ()


def test_type_null_accepts_only_null(tmp_path: Path) -> None:
    contract, _ = load(spec=a_file(tmp_path, DOCUMENT.replace("type: string", "type: 'null'")))
    item = contract.path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    assert len(operation.response_violations(200, "application/json", {"name": "x"})) == 1


def test_unknown_type_beside_a_deviation_is_reported(tmp_path: Path) -> None:
    text = DOCUMENT.replace("          description: ok\n", "").replace("type: string", "type: strin")
    deviations = load(spec=a_file(tmp_path, text))[0].deviations
    assert len(deviations) == 2
    assert any('"strin" is not one of' in each and ":10 at /paths/" in each for each in deviations)


def test_foreign_schema_dialect_is_ignored_and_not_fetched(tmp_path: Path) -> None:
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
        ("(?i)^ab$", "AB", "AC"),
        ("^(?i)a|b$", "xB", "xc"),
        ("(?s)^a.b$", "a\nb", "a\n"),
        (r"(?si)^[.]\..$", "..\n", "a.b"),
        ("(?im)^a{$", "x\nA{", "xA{"),
        ("(?P<x>^a$)", "a", "b"),
        (r"^(?P<y>\d{2})-(?P=y)$", "12-12", "12-13"),
        (r"(?i)\(?P<ab", "(P<AB", "Q<ab"),
        (r"^([(](?:x))(?<b>y|z)\(\k<b>0$", "(xz(z0", "(xz(y0"),
    ],
)
def test_web_pattern_has_its_web_meaning(pattern: str, right: str, wrong: str, version: str, tmp_path: Path) -> None:
    deviations, verdict = _with_pattern(pattern, version, tmp_path)
    assert len(deviations) == 1
    assert "it is read as" in deviations[0]
    assert (verdict(right), verdict(wrong)) == (True, False)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("pattern", ["(?x)^A$", "^(?>a)$", "(?a)b"])
def test_pattern_of_another_engine_accepts_every_text(pattern: str, version: str, tmp_path: Path) -> None:
    deviations, verdict = _with_pattern(pattern, version, tmp_path)
    assert len(deviations) == 1
    assert "every text passes it" in deviations[0]
    assert verdict("anything")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a)", r"(?<a>x)\k<b>"])
def test_pattern_that_no_engine_reads_accepts_every_text(pattern: str, version: str, tmp_path: Path) -> None:
    deviations, verdict = _with_pattern(pattern, version, tmp_path)
    assert len(deviations) == 1
    assert "is not a valid regex; every text passes it" in deviations[0]
    assert verdict("anything")


def test_boolean_bound_in_31_has_its_meaning_of_30(tmp_path: Path) -> None:
    schema = "type: integer, minimum: 3, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false"
    text = DOCUMENT.replace("3.0.3", "3.1.0").replace("type: string", schema)
    contract, _ = load(spec=a_file(tmp_path, text))
    item = contract.path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    assert len(contract.deviations) == 2
    verdicts = [not operation.response_violations(200, "application/json", {"name": n}) for n in (3, 4, 9, 10)]
    assert verdicts == [False, True, True, False]


@pytest.mark.parametrize(
    ("schema", "deviations"),
    [
        ("type: string, examples: {a: x}", 1),
        ("type: object, properties: {examples: {examples: {a: 1}, allOf: [{examples: {b: 1}}]}}", 2),
        ("type: string, examples: [x], default: {examples: 1}", 0),
    ],
)
def test_schema_examples_outside_a_list_are_ignored(schema: str, deviations: int, tmp_path: Path) -> None:
    text = DOCUMENT.replace("3.0.3", "3.1.0").replace("type: string", schema)
    file = a_file(tmp_path, text)
    reported = load(spec=file)[0].deviations
    assert len(reported) == deviations
    assert all(each.startswith(f"{file}:11 at /paths/") and each.endswith("ignored") for each in reported)


def _with_pattern(pattern: str, version: str, folder: Path) -> tuple[tuple[str, ...], Callable[[str], bool]]:
    """The deviations of a document with a pattern for names, and the verdict on a name."""
    schema = f"type: string, pattern: {json.dumps(pattern)}"
    contract, _ = load(spec=a_file(folder, DOCUMENT.replace("3.0.3", version).replace("type: string", schema)))
    item = contract.path("/a/5")
    operation = item.operation("GET") if item else None
    assert operation is not None
    return contract.deviations, lambda name: not operation.response_violations(200, "application/json", {"name": name})
