"""Liberties with a document: a last slash, nulls, and URLs of its servers, each with a note in the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.builders import a_file
from tests.web.conftest import Start
from tests.web.mock_client import HERE, Mock

ADDRESS = "https://api.example.com/v1"


def answering(example: Any, schema: Any = True, **parts: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {} if schema is True else schema, "example": example}}
    return {"responses": {"200": {"description": "ok", "content": content}}, **parts}


def taking(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"post": answering({"taken": True}, requestBody=body)}


def serve(start: Start, folder: Path, paths: dict[str, Any], *, version: str = "3.0.3", **settings: Any) -> Mock:
    servers = [{"url": ADDRESS}, {"url": "https://{region}.example.net", "variables": {"region": {"default": "eu"}}}]
    document = {"openapi": version, "info": {"title": "a", "version": "1"}, "servers": servers, "paths": paths}
    return start(spec=a_file(folder, json.dumps(document), "openapi.json"), **settings)


@pytest.mark.parametrize(
    ("declared", "asked"),
    [("/video/", "/video"), ("/video", "/video/"), ("/video/{id}/", "/video/7"), ("/video/{id}", "/video/7/")],
)
def test_path_is_answered_with_or_without_its_last_slash(
    start: Start, tmp_path: Path, declared: str, asked: str
) -> None:
    own = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "maximum": 8}}
    operation = answering({"path": declared}, **({"parameters": [own]} if "{" in declared else {}))
    mock = serve(start, tmp_path, {declared: {"get": operation}})
    assert mock.get(asked).json() == {"path": declared}
    assert mock.get(asked).headers.get("location") is None
    assert mock.post(asked).status_code == 405
    assert mock.get(f"{asked.rstrip('/')}/x").status_code == 404
    if "{" in declared:
        assert mock.get(asked.replace("7", "9")).status_code == 400
    note = f"the contract declares the path as {declared}, which differs by its last slash"
    assert [each["notes"] for each in reversed(mock.journal())][:3] == [[note]] * 3
    assert mock.journal()[-1]["contract"] == {"request": [], "response": []}


def test_path_that_is_declared_in_both_forms_is_two_paths(start: Start, tmp_path: Path) -> None:
    paths = {"/a": {"get": answering(1)}, "/a/": {"get": answering(2)}}
    mock = serve(start, tmp_path, paths)
    assert [mock.get(path).json() for path in paths] == [1, 2]
    assert [each["notes"] for each in mock.journal()] == [[], []]


VIDEO = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "url": {"type": "string"},
        "name": {"type": "string"},
        "media": {"type": "string", "enum": ["video", "audio"]},
        "meta": {"type": "object", "properties": {"size": {"type": "integer"}}},
        "tags": {"type": "array", "items": {"type": "object", "properties": {"text": {"type": "string"}}}},
        "owner": {"type": "string", "nullable": True},
        "source": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"file": {"type": "string"}}}]},
        "both": {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}]},
    },
}
TAKEN: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": None}, ["/name"]),
    ({"media": None}, ["/media"]),
    ({"name": None, "media": None, "meta": None}, ["/media", "/meta", "/name"]),
    ({"meta": {"size": None}}, ["/meta/size"]),
    ({"tags": [{"text": "a"}, {"text": None}]}, ["/tags/1/text"]),
    ({"source": {"file": None}}, ["/source/file"]),
    ({"source": None}, ["/source"]),
    ({"both": {"a": None}}, ["/both/a"]),
    ({"owner": None}, []),
]


@pytest.mark.parametrize(("more", "pointers"), TAKEN)
def test_null_for_an_optional_member_is_taken_with_a_note(
    start: Start, tmp_path: Path, more: dict[str, Any], pointers: list[str]
) -> None:
    mock = serve(start, tmp_path, {"/video": taking(VIDEO)})
    assert mock.post("/video", {"url": "a", **more}).json() == {"taken": True}
    [kept] = mock.journal()
    notes = [f"{each} is null, which the contract does not allow; it counts as absent" for each in pointers]
    assert sorted(kept["notes"]) == notes
    assert kept["contract"] == {"request": [], "response": []}
    assert kept["body"] == {"url": "a", **more}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": None}, "/url"),
        ({"url": None, "name": None}, "/url"),
        ({"url": "a", "name": 5, "media": None}, "/name"),
        ({"url": "a", "tags": [None]}, "/tags/0"),
        (None, ""),
    ],
)
def test_null_that_is_not_optional_is_refused(start: Start, tmp_path: Path, body: Any, pointer: str) -> None:
    mock = serve(start, tmp_path, {"/video": taking(VIDEO)})
    headers = {"content-type": "application/json"}
    answer = mock.request("POST", "/video", content=json.dumps(body), headers=headers)
    assert answer.status_code == 400
    [kept] = mock.journal()
    assert pointer in [each["pointer"] for each in kept["contract"]["request"]]
    assert kept["notes"] == []


@pytest.mark.parametrize(("version", "settings"), [("3.0.3", {"strict_null": True}), ("3.1.0", {})])
def test_null_is_refused_where_the_document_or_the_setting_is_strict(
    start: Start, tmp_path: Path, version: str, settings: dict[str, Any]
) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    mock = serve(start, tmp_path, {"/video": taking(schema)}, version=version, **settings)
    assert mock.post("/video", {"name": None}).status_code == 400


def test_checkout_refuses_null_as_its_page_has_it(mock: Mock) -> None:
    assert mock.checkout({"amount": 50, "success_url": None}).status_code == 400


URLS = [
    (f"{ADDRESS}/jobs/1?a=b", f"{HERE}/jobs/1?a=b"),
    (ADDRESS, HERE),
    (f"{ADDRESS}?a", f"{HERE}?a"),
    ("https://us.example.net/jobs", f"{HERE}/jobs"),
    (f"{ADDRESS}0/jobs", f"{ADDRESS}0/jobs"),
    ("https://api.example.com/v2/jobs", "https://api.example.com/v2/jobs"),
    (f"see {ADDRESS}/jobs", f"see {ADDRESS}/jobs"),
    ("https://elsewhere.example/jobs", "https://elsewhere.example/jobs"),
]


@pytest.mark.parametrize(("given", "sent"), URLS)
def test_url_of_a_server_in_an_example_leads_to_the_mock(start: Start, tmp_path: Path, given: str, sent: str) -> None:
    mock = serve(start, tmp_path, {"/a": {"get": answering({"data": [{"output_url": given}]})}})
    assert mock.get("/a").json() == {"data": [{"output_url": sent}]}
    note = "the answer's /data/0/output_url has this mock's address for a server of the document"
    assert mock.journal()[0]["notes"] == ([] if given == sent else [note])


def test_url_of_a_server_in_a_header_leads_to_the_mock(start: Start, tmp_path: Path) -> None:
    operation = answering(1)
    operation["responses"]["200"]["headers"] = {"Location": {"schema": {"type": "string"}, "example": f"{ADDRESS}/b"}}
    mock = serve(start, tmp_path, {"/a": {"get": operation}})
    assert mock.get("/a").headers["location"] == f"{HERE}/b"


def test_url_that_its_schema_binds_to_the_server_stays(start: Start, tmp_path: Path) -> None:
    schema = {"type": "string", "pattern": "^https://api[.]example[.]com/"}
    mock = serve(start, tmp_path, {"/a": {"get": answering(f"{ADDRESS}/b", schema)}})
    assert mock.get("/a").json() == f"{ADDRESS}/b"
    assert mock.journal()[0]["contract"]["response"] == []


def test_unknown_member_close_to_a_known_one_is_noted(start: Start, tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "age": {}}}
    mock = serve(start, tmp_path, {"/pets": taking(schema)})
    assert mock.post("/pets", json={"name": "Tom", "agee": 1}).status_code == 200
    assert mock.post("/pets", json={"nmae": "Tom"}).status_code == 400
    assert mock.post("/pets", json={"name": "Tom", "colour": "red"}).status_code == 200
    notes = [each["notes"] for each in mock.journal()]
    assert notes == [[], ["/nmae is not known; name?"], ["/agee is not known; age?"]]


def test_checkout_notes_a_misspelt_member(mock: Mock) -> None:
    answer = mock.checkout({"amount": 5, "sucess_url": "https://a.example"})
    assert answer.status_code == 200
    assert mock.journal()[0]["notes"] == ["/sucess_url is not known; success_url?"]


def test_link_header_leads_to_the_mock(start: Start, tmp_path: Path) -> None:
    link = f'<{ADDRESS}/videos?page=2>; rel="next", <https://other.example/>; rel="help"'
    operation = answering(1)
    operation["responses"]["200"]["headers"] = {"Link": {"schema": {"type": "string"}, "example": link}}
    mock = serve(start, tmp_path, {"/videos": {"get": operation}})
    answer = mock.get("/videos")
    base = str(answer.url).removesuffix("/videos")
    assert answer.headers["link"] == f'<{base}/videos?page=2>; rel="next", <https://other.example/>; rel="help"'
    assert mock.journal()[0]["notes"] == ["the answer's Link has this mock's address for a server of the document"]
