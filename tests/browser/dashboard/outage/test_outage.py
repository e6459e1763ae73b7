"""The dashboard loses its mock, and gets it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mockserver import Mock, running
from mockserver.client.account_mock import AccountMock
from tests.browser.axe_core import axe_violations
from tests.browser.dashboard.elements import send_request, session_row
from tests.matrix import long_but
from tests.tcp_proxy import TcpProxy

pytestmark = pytest.mark.browser

BANNER = "The mock does not answer"
STARTED_ANEW = "The mock was started anew. Its journal is a new one, and the lists show what it has now."


@pytest.fixture
def proxy(mock: AccountMock) -> Iterator[TcpProxy]:
    """A proxy before the mock."""
    address = urlsplit(mock.url)
    with closing(TcpProxy(address.hostname or "", address.port or 0)) as running_one:
        yield running_one


@contextmanager
def again(mock: Mock, store: str) -> Iterator[Mock]:
    """Another mock at the same address."""
    with running(store=store, port=urlsplit(mock.url).port) as started:
        yield started


def test_lost_mock_has_a_banner_and_a_restarted_one_is_shown(window: Page) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        session = AccountMock(first.url).create(amount=50)
        expect(session_row(window, session)).to_be_visible()
        expect(window.get_by_text(BANNER)).to_be_hidden()
    expect(window.get_by_text("Connecting again")).to_be_visible()
    expect(window.locator("#outage")).to_be_visible()
    assert re.search(r"since \d\d:\d\d:\d\d UTC", window.locator("#outage").inner_text())
    expect(window.locator("#announcement")).to_have_text("The mock does not answer.")

    with again(first, "memory") as second:
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        expect(window.locator("#outage")).to_be_hidden()
        expect(session_row(window, session)).to_have_count(0)
        expect(window.locator("#announcement")).to_have_text(STARTED_ANEW)
        other = AccountMock(second.url).create(amount=60)
        expect(session_row(window, other)).to_be_visible()


def test_buttons_that_need_the_mock_are_disabled_meanwhile(window: Page) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        mock = AccountMock(first.url)
        session = mock.create(amount=50)
        send_request(mock, "/billing/checkout", json={"amount": "5"})
        expect(window.locator(".exchange")).to_have_count(2)
        window.locator(".exchange").first.click()
        credits_before = window.get_by_role("button", name="Give").is_disabled()
    expect(window.locator("#outage")).to_be_visible()

    for name in ("+1 h", "Freeze", "Go to", "Plan a fault…", "Reset everything…", "Clear…", "Filter", "Export HAR"):
        expect(window.get_by_role("button", name=name, exact=True)).to_be_disabled()
    expect(session_row(window, session).get_by_role("button", name="Pay")).to_be_disabled()
    expect(window.get_by_role("button", name="Make this path fail")).to_be_disabled()
    expect(window.get_by_label("Status").first).to_be_disabled()
    for name in ("Python", "Copy", "1 violation of the contract", "Got it", "Keys"):
        expect(window.get_by_role("button", name=name, exact=True).first).to_be_enabled()
    assert axe_violations(window) == []

    with again(first, "memory"):
        expect(window.get_by_role("button", name="+1 h", exact=True)).to_be_enabled()
        expect(window.get_by_label("Status").first).to_be_enabled()
        assert window.get_by_role("button", name="Give").is_disabled() is credits_before is True


def test_clock_and_times_stand_still_meanwhile(window: Page) -> None:
    window.clock.install()
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        session = AccountMock(first.url).create(amount=50)
        expect(session_row(window, session)).to_contain_text("23 h 59 min left")
    expect(window.locator("#outage")).to_be_visible()
    shown = window.locator("#clock-time").inner_text()
    window.clock.run_for("05:00")
    assert window.locator("#clock-time").inner_text() == shown
    expect(session_row(window, session)).to_contain_text("23 h 59 min left")


def test_missed_requests_are_announced_and_listed(window: Page, mock: AccountMock, proxy: TcpProxy) -> None:
    window.goto(f"http://127.0.0.1:{proxy.port}/_mock/")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    session = mock.create(amount=50)
    expect(window.locator(".exchange")).to_have_count(1)
    proxy.refuse()
    expect(window.locator("#outage")).to_be_visible()
    mock.pay(session)
    for _ in range(3):
        send_request(mock, "/billing/usage")
    expect(window.locator(".exchange")).to_have_count(1)
    proxy.accept()

    expect(window.locator("#announcement")).to_have_text("The mock answers again. 3 requests came meanwhile.")
    expect(window.locator(".exchange")).to_have_count(4)
    expect(session_row(window, session)).to_contain_text("completed")


@pytest.mark.parametrize("before", long_but(1, of=[0, 1, 3]))
def test_requests_of_another_journal_are_not_counted(window: Page, before: int) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        for _ in range(before):
            send_request(AccountMock(first.url), "/billing/usage")
        expect(window.locator(".exchange")).to_have_count(before)
        window.route("**/_mock/events*", lambda route: route.abort())
    expect(window.locator("#outage")).to_be_visible()
    with again(first, "memory") as second:
        for _ in range(2):
            send_request(AccountMock(second.url), "/billing/usage")
        window.unroute_all()
        expect(window.locator("#announcement")).to_have_text(STARTED_ANEW)
        expect(window.locator(".exchange")).to_have_count(2)


def test_requests_are_counted_without_one_before(window: Page, mock: AccountMock, proxy: TcpProxy) -> None:
    window.goto(f"http://127.0.0.1:{proxy.port}/_mock/")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    proxy.refuse()
    expect(window.locator("#outage")).to_be_visible()
    send_request(mock, "/billing/usage")
    proxy.accept()
    expect(window.locator("#announcement")).to_have_text("The mock answers again. 1 request came meanwhile.")


def test_short_cut_is_no_outage(window: Page, mock: AccountMock, proxy: TcpProxy) -> None:
    window.goto(f"http://127.0.0.1:{proxy.port}/_mock/")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    window.evaluate("""() => {
      const watch = new MutationObserver(() => (window.wasHidden = false));
      watch.observe(document.getElementById("outage"), { attributes: true });
    }""")
    before = proxy.accepted
    proxy.cut()
    session = mock.create(amount=50)
    expect(session_row(window, session)).to_be_visible()
    assert proxy.accepted > before
    assert window.evaluate("window.wasHidden") is None


def test_silent_mock_counts_as_lost(window: Page, mock: AccountMock, proxy: TcpProxy) -> None:
    window.clock.install()
    window.goto(f"http://127.0.0.1:{proxy.port}/_mock/")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    proxy.freeze()
    window.clock.run_for("00:20")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    window.clock.run_for("00:40")
    expect(window.locator("#outage")).to_be_visible()
    proxy.thaw()
    window.clock.run_for("00:20")
    expect(window.get_by_text("Live", exact=True)).to_be_visible()
    expect(window.locator("#outage")).to_be_hidden()


def test_focus_goes_to_the_banner_and_back(window: Page) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        window.get_by_role("button", name="Freeze").focus()
    expect(window.locator("#outage")).to_be_focused()
    with again(first, "memory"):
        expect(window.get_by_role("button", name="Freeze")).to_be_focused()


def test_open_dialog_can_be_closed_but_not_sent(window: Page) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        window.get_by_role("button", name="Plan a fault").click()
        dialog = window.get_by_role("dialog")
        dialog.get_by_role("button", name="Plan it").focus()
    expect(dialog.get_by_role("button", name="Plan it")).to_be_disabled()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    window.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(window.locator("#dashboard")).to_be_focused()
