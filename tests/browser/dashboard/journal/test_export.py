"""The journal saved as an HTTP archive, and read by another program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.dashboard.elements import send_request
from tests.web.control.journal.har_format import har_faults

pytestmark = pytest.mark.browser


def save_archive(page: Page, folder: Path) -> Path:
    """Click the button, and save the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Export HAR").click()
    assert download.value.suggested_filename == "videodb-mock.har"
    download.value.save_as(folder / "saved.har")
    return folder / "saved.har"


def test_archive_has_the_exchanges_of_the_filter(dashboard: Page, mock: AccountMock, tmp_path: Path) -> None:
    send_request(mock, "/billing/checkout", json={"amount": 5})
    send_request(mock, "/billing/checkout", json={"amount": "5"})
    dashboard.get_by_label("Kind", exact=True).select_option("with violations")
    archive = json.loads(save_archive(dashboard, tmp_path).read_text("utf-8"))

    assert har_faults(archive) == []
    assert [entry["response"]["status"] for entry in archive["log"]["entries"]] == [400]
    assert mock.api_key not in str(archive)
    expect(dashboard.locator("#announcement")).to_contain_text("saved as videodb-mock.har")


def test_browser_replays_the_archive(dashboard: Page, mock: AccountMock, tmp_path: Path) -> None:
    answer = send_request(mock, "/billing/checkout", json={"amount": 5})
    file = save_archive(dashboard, tmp_path)
    mock.control("POST", "/reset", body={})
    dashboard.context.route_from_har(file, url="**/billing/**")
    replayed = dashboard.evaluate(
        """async () => (await fetch("/billing/checkout", {method: "POST", body: '{"amount":5}'})).text()"""
    )
    dashboard.context.unroute_all(behavior="wait")

    assert replayed == answer.text
    assert mock.requests == []


def test_archive_is_exported_with_the_control_token(window: Page, tmp_path: Path) -> None:
    with running(store="memory", control_token="sesame") as mock:
        window.goto(f"{mock.url}/_mock/")
        window.get_by_label("Control token").fill("sesame")
        window.keyboard.press("Enter")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        assert har_faults(json.loads(save_archive(window, tmp_path).read_text("utf-8"))) == []
