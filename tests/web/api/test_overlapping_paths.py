"""A path that several templates match has the operations of all; the most concrete template has the first word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.builders import a_file
from tests.web.conftest import Start
from tests.web.mock_client import Mock


def saying(text: str) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": {"text/plain": {"example": text}}}}}


PATHS = {
    "/users/{id}": {"get": saying("get {id}"), "delete": saying("delete {id}"), "put": saying("put {id}")},
    "/users/me": {"get": saying("get me")},
    "/users/{id}:ban": {"post": saying("ban"), "put": saying("put ban")},
    "/{kind}/{id}": {"patch": saying("patch any")},
}


@pytest.fixture
def mock(start: Start, tmp_path: Path) -> Mock:
    document = {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": PATHS}
    return start(spec=a_file(tmp_path, json.dumps(document), "openapi.json"))


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/users/me", "get me"),
        ("DELETE", "/users/me", "delete {id}"),
        ("PATCH", "/users/me", "patch any"),
        ("GET", "/users/5", "get {id}"),
        ("POST", "/users/5:ban", "ban"),
        ("PUT", "/users/5:ban", "put ban"),
        ("GET", "/users/5:ban", "get {id}"),
        ("PATCH", "/cats/5", "patch any"),
    ],
)
def test_method_is_found_in_the_most_concrete_template_that_has_it(
    mock: Mock, method: str, path: str, answer: str
) -> None:
    assert mock.request(method, path).text == answer


def test_refused_method_names_those_of_all_templates(mock: Mock) -> None:
    answer = mock.post("/users/me")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}
    assert set(mock.post("/cats/5").headers["allow"].split(", ")) == {"PATCH", "OPTIONS"}
