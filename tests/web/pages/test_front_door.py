"""A browser finds the dashboard at `/` and an icon; neither is an exchange of the journal."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.builders import a_file
from tests.web.conftest import Start
from tests.web.mock_client import Mock

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_browser_is_led_to_the_dashboard(mock: Mock) -> None:
    answer = mock.get("/", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (307, "/_mock/")
    icon = mock.get("/favicon.ico", headers={"accept": "image/*"})
    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.content.startswith(b"<svg")
    assert mock.request("HEAD", "/favicon.ico").content == b""
    assert mock.journal() == []


def test_program_gets_the_answer_of_an_unknown_path(mock: Mock) -> None:
    assert mock.get("/").json()["error_code"] == "not_found"
    assert mock.post("/", headers=BROWSER).status_code == 404
    assert [each["path"] for each in mock.journal()] == ["/", "/"]


def test_declared_root_is_answered_from_the_document(start: Start, tmp_path: Path) -> None:
    answer = {"get": {"responses": {"200": {"description": "ok", "content": {"text/plain": {"example": "ours"}}}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": {"/": answer, "/favicon.ico": answer},
    }
    mock = start(spec=a_file(tmp_path, json.dumps(document), "openapi.json"))
    assert [mock.get(path, headers=BROWSER).text for path in ("/", "/favicon.ico")] == ["ours", "ours"]
    assert len(mock.journal()) == 2
