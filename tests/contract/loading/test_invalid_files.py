"""An error in a file of the user names file, line, pointer and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.contract import ContractError, load
from tests.contract.builders import a_file

HEAD = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
SCHEMA = (
    HEAD
    + """paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                """
)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{each}: &{each} [{', '.join(['*' + before] * 9)}]\n" for before, each in zip("abcdefgh", "bcdefghi", strict=True)
)

DOCUMENTS = {
    "broken YAML": ("a: 1\nb: [", 3, "", "is no YAML"),
    "a tab": ("a:\n\tb: 1", 2, "", "a tab indents the line; spaces are needed"),
    "a list": ("- 1", 1, "", "an OpenAPI document must be a mapping, not a list"),
    "nothing": ("", None, "", "an OpenAPI document must be a mapping, not empty"),
    "Swagger": ("swagger: '2.0'", 1, "/openapi", "has no openapi: 3.x"),
    "a later OpenAPI": ("\nopenapi: 4.0.0", 2, "/openapi", "'4.0.0'"),
    "no paths": (HEAD, 1, "", "'paths' is a required property"),
    "paths of text": (HEAD + "paths: x", 3, "/paths", '"x" is not a mapping'),
    "an empty path": (HEAD + "paths:\n  /a:", 4, "/paths/~1a", "null is not a mapping"),
    "no path that can be read": (HEAD + "paths:\n  /a: {$ref: b.yaml}", 4, "/paths/~1a/$ref", "b.yaml can't be read"),
    "a deep nesting": ("[" * 100_000, 1, "", "nested deeper"),
    "a deep block": ("- " * 5_000, 1, "", "nested deeper"),
    "half a pair": ('a: "\\ud800"', None, None, ""),
}

BESIDE = HEAD + "paths: {/a: {get: {responses: {'200': {description: ok}}}}}\n"
AMBIGUOUS = {
    "two documents": (BESIDE + "---\nb: 1", 4, "", "more than one document; the first one is read"),
    "a repeated key": (
        BESIDE + "x-a: {b: 1, b: 2}",
        4,
        "/x-a/b",
        "b is repeated in one mapping; the last one is taken",
    ),
    "a repeated path": (
        HEAD + "paths:\n  /a: {get: {responses: {'200': {description: ok}}}}\n"
        "  /a: {post: {responses: {'200': {description: ok}}}}",
        *(5, "/paths/~1a", "/a is repeated in one mapping; both are taken"),
    ),
    "a looping alias": (
        BESIDE + "x-a: &a [*a]",
        4,
        "/x-a/0",
        "an alias refers to a node that contains it; null is taken",
    ),
    "a swelling alias": (BESIDE + BOMB.replace("a: ", "x-a: ", 1), None, "", "aliases add more than"),
    "a tag": (BESIDE + "x-a: !Ref b", 4, "/x-a", "the tag !Ref has no meaning in JSON; the text is taken"),
    "a tag of Python": (BESIDE + "x-a: !!python/object:os.system x", 4, "/x-a", "no meaning in JSON"),
    "a tag without its number": (BESIDE + "x-a: !!int b", 4, "/x-a", "needs a number; the text is taken"),
    "a key that is a list": (BESIDE + "x-a: {[b]: 1}", 4, "/x-a", "a key must be text; the member is left out"),
    "a merge of a text": (BESIDE + "x-a: {<<: b}", 4, "/x-a", "<< merges mappings only"),
    "a huge number": (BESIDE + "x-a: 1e400", 4, "/x-a", "too large for binary64; null is taken"),
    "a very long number": (BESIDE + f"x-a: 0x{'f' * 20_000}", 4, "/x-a", "too large for binary64; null is taken"),
}

TOLERATED = {
    "a schema of no type": (SCHEMA + "type: strin", 12, "…/schema/type", '"strin" is not one of'),
    "a broken pattern": (SCHEMA + "pattern: (", 12, "…/schema/pattern", "regex"),
    "a dangling reference": (SCHEMA + "$ref: '#/components/schemas/A'", 12, "…/schema/$ref", "refers to nothing"),
    "a remote reference": (SCHEMA + "$ref: https://a.example/x.yaml", 12, "…/schema/$ref", "leaves the document"),
    "another file": (SCHEMA + "$ref: other.yaml#/x", 12, "…/schema/$ref", "other.yaml can't be read"),
    "a file outside": (SCHEMA + "$ref: ../other.yaml", 12, "…/schema/$ref", "leaves the document's folder"),
    "an absolute path": (SCHEMA + "$ref: /etc/passwd", 12, "…/schema/$ref", "leaves the document"),
    "a file by its scheme": (SCHEMA + "$ref: file:///etc/passwd", 12, "…/schema/$ref", "leaves the document"),
    "a host without a scheme": (SCHEMA + "$ref: //a.example/x", 12, "…/schema/$ref", "leaves the document"),
    "an anchor": (SCHEMA + "$ref: '#name'", 12, "…/schema/$ref", "names an anchor"),
    "a reference to itself": (
        HEAD + "paths: {}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/A'}",
        6,
        "/components/schemas/A/$ref",
        "refers to itself",
    ),
    "a schema of no type in 3.1": (
        SCHEMA.replace("3.0.3", "3.1.0") + "type: strin",
        12,
        "…/schema/type",
        '"strin" is not one of',
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_error_names_line_pointer_and_reason(name: str, tmp_path: Path) -> None:
    text, line, pointer, reason = DOCUMENTS[name]
    file = a_file(tmp_path, text)
    with pytest.raises(ContractError) as refused:
        load(spec=file)
    error = refused.value
    assert reason in error.reason
    assert str(error).startswith(f"{file}:{error.line}" if error.line else str(file))
    assert "\n" not in str(error)
    if line is not None:
        assert error.line == line
    if pointer:
        assert (error.pointer or "").endswith(pointer.removeprefix("…"))
        assert f" at {error.pointer}: " in str(error)


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous_place_costs_itself_alone(name: str, tmp_path: Path) -> None:
    text, line, pointer, reason = AMBIGUOUS[name]
    file = a_file(tmp_path, text)
    contract, _ = load(spec=file)
    deviation = next(each for each in contract.deviations if reason in each)
    assert deviation.startswith(f"{file}:{line} at {pointer}" if line and pointer else str(file))
    assert contract.path("/a") is not None


def test_operations_of_a_repeated_path_are_all_served(tmp_path: Path) -> None:
    contract, _ = load(spec=a_file(tmp_path, AMBIGUOUS["a repeated path"][0]))
    assert (item := contract.path("/a")) is not None
    assert [method for method in ("GET", "POST") if item.operation(method)] == ["GET", "POST"]


def test_ambiguous_place_of_another_file_is_named_with_that_file(tmp_path: Path) -> None:
    other = a_file(tmp_path, "A: {type: integer, title: !include name.txt}", "other.yaml")
    contract, _ = load(spec=a_file(tmp_path, SCHEMA + "$ref: other.yaml#/A"))
    (deviation,) = contract.deviations
    assert deviation.startswith(f"{other}:1 at /A/title: the tag !include has no meaning in JSON")


@pytest.mark.parametrize("text", ["overlay: 1.0.0\noverlay: 1.0.0", "overlay: !Ref a"])
def test_ambiguous_place_of_an_overlay_is_refused(text: str, tmp_path: Path) -> None:
    file = a_file(tmp_path, text, "overlay.yaml")
    with pytest.raises(ContractError, match=r"repeated|no meaning"):
        load(spec=a_file(tmp_path, BESIDE), overlays=[file])


@pytest.mark.parametrize("name", TOLERATED)
def test_tolerated_error_names_line_pointer_and_reason(name: str, tmp_path: Path) -> None:
    text, line, pointer, reason = TOLERATED[name]
    file = a_file(tmp_path, text)
    contract, _ = load(spec=file)
    (deviation,) = contract.deviations
    place, _, sentence = deviation.partition(": ")
    assert place.startswith(f"{file}:{line} at /")
    assert place.endswith(pointer.removeprefix("…"))
    assert reason in sentence
    if "/a" in text:
        operation = (item := contract.path("/a")) and item.operation("GET")
        assert operation
        assert operation.response_violations(200, "application/json", {"any": "value"}) == ()


def an_overlay(*actions: str) -> str:
    listed = "".join("  - " + action.replace("\n", "\n    ") + "\n" for action in actions)
    return f"overlay: 1.0.0\ninfo: {{title: mine, version: '1'}}\nactions:\n{listed}"


OVERLAYS = {
    "no overlay": ("a: 1", 1, "/overlay", "overlay: 1.x.y"),
    "a later overlay": ("overlay: 2.0.0\nactions: []", 1, "/overlay", "overlay: 1.x.y"),
    "no actions": ("overlay: 1.0.0\n", 1, "/actions", "a list of actions"),
    "no target": (an_overlay("update: {}"), 4, "/actions/0", "an action must have a target"),
    "no change": (an_overlay("target: $"), 4, "/actions/0", "update, remove or copy"),
    "a misspelt key": (an_overlay("target: $\nupdaet: {}"), 5, "/actions/0/updaet", "updaet is not a key"),
    "a broken target": (an_overlay("target: $.[\nupdate: {}"), 4, "/actions/0/target", "can't be used"),
    "a target for nothing": (an_overlay("target: $.nope\nupdate: {}"), 4, "/actions/0/target", "matches nothing"),
    "the root removed": (an_overlay("target: $\nremove: true"), 4, "/actions/0/target", "can't be used"),
    "an invalid result": (
        an_overlay("target: $.info\nupdate: {title: fine}", "target: $.paths\nupdate: {/a: {get: {}}}"),
        6,
        "/actions/1",
        "makes the document invalid: 'responses' is a required property, at /paths/~1a/get",
    ),
    "a remote reference": (
        an_overlay("target: $.components\nupdate: {schemas: {A: {$ref: https://a.example/}}}"),
        4,
        "/actions/0",
        "leaves the document",
    ),
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_overlay_error_names_line_pointer_and_reason(name: str, tmp_path: Path) -> None:
    text, line, pointer, reason = OVERLAYS[name]
    with pytest.raises(ContractError) as refused:
        load(overlays=[a_file(tmp_path, text)])
    assert (refused.value.line, refused.value.pointer) == (line, pointer)
    assert reason in refused.value.reason


PROFILE = """name: mine
overlays: {overlays}
reply:
  checkout: {{url: "{{url}}"}}
  checkouts: {{data: "{{items}}"}}
  checkouts_item: {{id: "{{id}}"}}
  usage: {{}}
error:
  body: {{message: "{{message}}"}}
{more}"""


@pytest.mark.parametrize(
    ("overlays", "more", "line", "pointer", "reason"),
    [
        ("[]", "amount_unit: euros", 10, "/amount_unit", "use dollars or cents"),
        ("[]", "colour: red", 10, "/colour", "colour is not a key of a profile"),
        ("[nope.yaml]", "", 2, "/overlays/0", "nope.yaml can't be read"),
        ("[{a: 1}]", "", 2, "/overlays/0/overlay", "overlay: 1.x.y"),
        ("[5]", "", 2, "/overlays/0", "an overlay must be a mapping"),
    ],
)
def test_profile_error_names_line_pointer_and_reason(
    overlays: str, more: str, line: int, pointer: str, reason: str, tmp_path: Path
) -> None:
    file = a_file(tmp_path, PROFILE.format(overlays=overlays, more=more))
    with pytest.raises(ContractError) as refused:
        load(str(file))
    assert (refused.value.file, refused.value.line, refused.value.pointer) == (str(file), line, pointer)
    assert reason in refused.value.reason


def test_unknown_placeholder_is_named_with_its_line(tmp_path: Path) -> None:
    text = PROFILE.format(overlays="[]", more="").replace('"{url}"', '"{link}"')
    with pytest.raises(ContractError, match=r"file\.yaml:4 at /reply/checkout/url: \{link\} is not a placeholder here"):
        load(str(a_file(tmp_path, text)))


def test_missing_file_folder_and_unknown_profile_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"nope\.yaml: can't be read"):
        load(spec=tmp_path / "nope.yaml")
    with pytest.raises(ContractError, match="can't be read"):
        load(overlays=[tmp_path])
    with pytest.raises(ContractError, match=r"unknown profile 'nope': use .*page.* or a file path"):
        load("nope")
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"a: \xe9")
    with pytest.raises(ContractError, match="is not UTF-8"):
        load(spec=file)


def test_yaml_values_follow_the_core_schema(tmp_path: Path) -> None:
    text = HEAD + "paths: {}\nx-values: {on: yes, when: 2020-01-01, 200: 1_000, at: 12:30, no: ~, big: 1e3, o: 0o10}"
    contract, _ = load(spec=a_file(tmp_path, text))
    values = {"on": "yes", "when": "2020-01-01", "200": "1_000", "at": "12:30", "no": None, "big": 1000.0, "o": 8}
    assert contract.document["x-values"] == values


def test_json_document_may_contain_tabs(tmp_path: Path) -> None:
    text = '{\n\t"openapi": "3.1.0",\n\t"info": {"title": "\\ud83d\\ude00", "version": "1"},\n\t"paths": {}\n}'
    contract, _ = load(spec=a_file(tmp_path, text, "document.json"))
    assert contract.document["info"]["title"] == "\N{GRINNING FACE}"


def test_merge_keys_and_aliases_are_expanded(tmp_path: Path) -> None:
    text = HEAD + "paths: {}\nx-base: &base {a: 1, b: 1}\nx-more: {<<: *base, b: 2}\nx-same: *base"
    document = load(spec=a_file(tmp_path, text))[0].document
    assert (document["x-more"], document["x-same"]) == ({"a": 1, "b": 2}, {"a": 1, "b": 1})
