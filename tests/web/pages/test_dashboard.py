from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock, refused

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
FILES = sorted(
    path
    for path in (Path(__file__).parents[3] / "mockserver/web/assets").rglob("*.*")
    if path.suffix in (".js", ".css", ".svg")
)


def assets(mock: Mock, **headers: str) -> list[str]:
    """The addresses of the files that the page names."""
    return re.findall(r'(?:href|src)="(/[^"]+)"', mock.get("/_mock/", headers={**BROWSER, **headers}).text)


@pytest.mark.parametrize("accept", [BROWSER["accept"], "text/html", "TEXT/HTML;q=0.5", "application/json, text/html"])
def test_browser_gets_the_dashboard(mock: Mock, accept: str) -> None:
    page = mock.get("/_mock/", headers={"accept": accept})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert "no money moves" in page.text


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html;q=0", "text/html;q=0.5, application/json", "text/plain", "", "q=1"]
)
def test_other_clients_get_the_list_of_calls(mock: Mock, accept: str) -> None:
    answer = mock.get("/_mock/", headers={"accept": accept})
    assert "GET /_mock/events" in answer.json()["calls"]
    assert answer.headers["vary"] == "Accept"


def test_browser_without_the_slash_is_redirected(mock: Mock) -> None:
    answer = mock.get("/_mock", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (307, "/_mock/")
    refused(mock.get("/_mock"), 404, "not_found")
    refused(mock.post("/_mock", headers=BROWSER), 404, "not_found")


def test_page_runs_only_own_script_files(mock: Mock) -> None:
    page = mock.get("/_mock/", headers=BROWSER)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src")} == {"'self'"}
    assert {policy[name] for name in ("frame-ancestors", "base-uri", "form-action")} == {"'none'"}
    assert policy["require-trusted-types-for"] == "'script'"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", page.text)


def test_page_holds_no_data(mock: Mock) -> None:
    before = mock.get("/_mock/", headers=BROWSER).text
    mock.create()
    assert mock.get("/_mock/", headers=BROWSER).text == before


def test_files_are_cached_forever_under_a_common_digest(mock: Mock) -> None:
    found = assets(mock)
    assert {path.rpartition(".")[2] for path in found} == {"js", "css", "svg"}
    for path in found:
        answer = mock.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "text/css", "image/svg+xml")
        head = mock.request("HEAD", path)
        assert (head.content, head.headers["content-length"]) == (b"", answer.headers["content-length"])
    assert len({path.split("/")[3] for path in found}) == 1


@pytest.mark.parametrize(
    "path", ["0000000000000000/main.js", "{}/none.js", "{}/", "{}/../sessions", "{}/%2e%2e%2fmain.js", "{}/__init__.py"]
)
def test_unknown_file_is_not_found(mock: Mock, path: str) -> None:
    digest = assets(mock)[0].split("/")[3]
    refused(mock.get(f"/_mock/dashboard/{path.format(digest)}"), 404, "not_found")
    refused(mock.post(assets(mock)[0]), 405, "method_not_allowed")


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_file_makes_no_markup_from_text_and_calls_no_other_host(path: Path) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_only_choices_of_the_browser_are_stored_in_it(path: Path) -> None:
    """The dashboard may show secrets of a person; they are gone with the page."""
    assert ("localStorage" in path.read_text("utf-8")) is (path.name == "preferences.js")


def test_only_page_and_files_need_no_control_token(start: Start) -> None:
    mock = start(control_token="sesame")
    assert mock.get("/_mock/", headers=BROWSER).status_code == 200
    assert mock.get("/_mock", headers=BROWSER).status_code == 307
    for path in assets(mock):
        assert mock.get(path).status_code == 200
    refused(mock.get("/_mock/"), 401, "control_token_required")
    for path in ("/_mock/sessions", "/_mock/dashboard", "/_mock/events", "/_mock/accounts"):
        refused(mock.get(path, headers=BROWSER), 401, "control_token_required")
    refused(mock.post("/_mock/", headers=BROWSER), 401, "control_token_required")
    refused(mock.post("/_mock/reset", headers=BROWSER), 401, "control_token_required")


CROSS = {"sec-fetch-site": "cross-site"}
LEADS = {**CROSS, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize("headers", [CROSS, LEADS, {**CROSS, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}])
@pytest.mark.parametrize("path", ["/_mock/sessions", "/_mock/health", "/_mock/events", f"/_mock/accounts?key={KEY}"])
def test_cross_site_request_to_the_control_api_is_refused(mock: Mock, path: str, headers: dict[str, str]) -> None:
    refused(mock.get(path, headers=headers), 403, "forbidden_origin")
    assert mock.get("/_mock/accounts").json() == {"accounts": []}


@pytest.mark.parametrize("path", ["/c/pay/{}", "/pay/{}", "/_mock/", "/_mock"])
def test_other_site_may_link_to_a_page_and_nothing_else(mock: Mock, path: str) -> None:
    address = path.format(mock.create())
    led = mock.get(address, headers={**BROWSER, **LEADS})
    assert led.status_code in (200, 307)
    for headers in (CROSS, {**LEADS, "sec-fetch-dest": "iframe"}, {**LEADS, "sec-fetch-mode": "no-cors"}):
        refused(mock.get(address, headers={**BROWSER, **headers}), 403, "forbidden_origin")
    refused(mock.post(address, headers={**BROWSER, **LEADS}), 403, "forbidden_origin")


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_own_and_local_pages_may_call(mock: Mock, site: str) -> None:
    assert mock.get("/_mock/sessions", headers={"sec-fetch-site": site}).status_code == 200


def test_local_page_that_the_browser_calls_cross_site_may_call(mock: Mock) -> None:
    headers = {**CROSS, "origin": "http://localhost:3000"}
    assert mock.post("/_mock/reset", headers=headers).status_code == 200
    refused(mock.post("/_mock/reset", headers={**CROSS, "origin": "https://evil.example"}), 403, "forbidden_origin")


def test_journal_is_paginated(mock: Mock) -> None:
    for _ in range(5):
        mock.usage()
    newest = mock.journal(limit=2)
    older = mock.journal(limit=2, before=newest[-1]["id"])
    assert [one["id"] for one in newest + older] == [5, 4, 3, 2]
    assert mock.journal(before=1) == []
    for wrong in ("0", "-1", "x"):
        refused(mock.get(f"/_mock/requests?before={wrong}"), 400, "invalid_request")
