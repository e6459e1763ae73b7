"""The layout of the dashboard in windows of every size."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.shared_pages import SharedPages
from tests.matrix import long_but

from .elements import send_request

pytestmark = pytest.mark.browser

WINDOWS = [(320, 256), (320, 640), (390, 844), (500, 800), (640, 800), (800, 600), (1199, 900)]


def bounds(element: Locator) -> dict[str, float]:
    box = element.bounding_box()
    assert box
    return {"top": box["y"], "bottom": box["y"] + box["height"], "height": box["height"]}


def is_in_sight(page: Page, heading: str) -> bool:
    """The heading of a panel is in the window, and not below the head of the page."""
    title, head = bounds(page.get_by_role("heading", name=heading)), bounds(page.locator(".top"))
    window = page.viewport_size
    assert window
    return bool(head["bottom"] <= title["top"] < title["bottom"] <= window["height"])


@pytest.mark.parametrize(("width", "height"), long_but((320, 640), (800, 600), of=WINDOWS))
def test_link_and_key_lead_to_the_head_of_a_panel(dashboard: Page, mock: AccountMock, width: int, height: int) -> None:
    for amount in range(1, 9):
        mock.create(amount=amount)
    expect(dashboard.locator(".exchange")).to_have_count(8)
    dashboard.set_viewport_size(ViewportSize(width=width, height=height))
    for name, key in (("Sessions", "s"), ("Journal", "r")):
        dashboard.evaluate("scrollTo(0, 0)")
        dashboard.get_by_role("link", name=name, exact=True).click()
        assert is_in_sight(dashboard, name)
        dashboard.evaluate("scrollTo(0, 600)")
        dashboard.keyboard.press(key)
        assert is_in_sight(dashboard, name)


@pytest.mark.parametrize("width", [1200, 1440])
def test_path_of_an_exchange_is_whole_beside_its_time(dashboard: Page, mock: AccountMock, width: int) -> None:
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "The buyer of the long name"})
    dashboard.set_viewport_size(ViewportSize(width=width, height=900))
    send_request(mock, "/billing/checkouts?limit=5")
    path = dashboard.locator(".exchange .path")
    expect(path).to_have_text("/billing/checkouts?limit=5")
    assert path.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_long_path_is_cut_and_whole_once_its_exchange_is_open(dashboard: Page, mock: AccountMock) -> None:
    send_request(mock, f"/billing/{'long' * 60}")
    path = dashboard.locator(".exchange .path")
    expect(path).to_contain_text("longlong")
    line = bounds(path)["height"]
    assert path.evaluate("it => it.scrollWidth > it.clientWidth")
    path.click()
    assert bounds(path)["height"] > 2 * line
    assert path.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_form_for_the_token_is_no_higher_than_its_content(shared_pages: SharedPages) -> None:
    with (
        running(store="memory", control_token="sesame") as locked,
        shared_pages.use(width=1280, height=900) as page,
    ):
        page.goto(f"{locked.url}/_mock/")
        for element in (page.get_by_label("Control token"), page.get_by_role("button", name="Open the dashboard")):
            expect(element).to_be_visible()
            assert bounds(element)["height"] < 60


def test_buttons_of_the_clock_are_in_one_row(dashboard: Page) -> None:
    names = ("+1 h", "+24 h", "Freeze", "Reset the clock to real time")
    buttons = [dashboard.get_by_role("button", name=name, exact=True) for name in names]
    expect(buttons[0]).to_be_visible()
    assert len({bounds(button)["top"] for button in buttons}) == 1
    buttons[2].click()
    buttons[2] = dashboard.get_by_role("button", name="Resume")
    expect(buttons[2]).to_be_visible()
    assert len({bounds(button)["top"] for button in buttons}) == 1


def test_rows_with_and_without_a_violation_are_in_line(dashboard: Page, mock: AccountMock) -> None:
    mock.create(amount=50)
    send_request(mock, "/billing/checkout", json={"amount": "50"})
    expect(dashboard.locator(".item.broken")).to_have_count(1)
    for part in (".code", ".method"):
        assert len({each.bounding_box()["x"] for each in dashboard.locator(f".exchange {part}").all()}) == 1  # type: ignore[index]


def test_ring_of_a_field_is_not_under_the_head_of_its_panel(dashboard: Page) -> None:
    field = dashboard.get_by_label("Session id, or a part of it")
    head = dashboard.locator("#sessions .pane-head")
    assert bounds(head)["bottom"] <= bounds(field)["top"]
    background = "it => getComputedStyle(it).backgroundColor"
    assert head.evaluate(background) == dashboard.locator("#sessions").evaluate(background)
    # three pixels of the ring, and two between ring and field
    assert bounds(field)["top"] - bounds(head)["bottom"] >= 5


@pytest.mark.parametrize("width", long_but(390, 1280, of=[390, 500, 1280, 1440]))
def test_switch_for_more_of_a_session_stays_where_it_is(dashboard: Page, mock: AccountMock, width: int) -> None:
    mock.create(amount=50)
    dashboard.set_viewport_size(ViewportSize(width=width, height=900))
    switch = dashboard.locator(".session summary")
    expect(switch).to_be_visible()
    before = switch.bounding_box()
    switch.click()
    expect(dashboard.locator(".session details")).to_have_attribute("open", "")
    after = switch.bounding_box()
    assert before
    assert after
    assert (abs(before["x"] - after["x"]), abs(before["y"] - after["y"])) < (2, 2)
    switch.click()
    expect(dashboard.locator(".session dl")).to_be_hidden()


@pytest.mark.parametrize("width", long_but(320, of=[320, 390, 1440]))
def test_buttons_of_a_long_dialog_are_in_sight_with_a_refusal(dashboard: Page, mock: AccountMock, width: int) -> None:
    mock.create(amount=50)
    dashboard.set_viewport_size(ViewportSize(width=width, height=480))
    dashboard.locator(".session").get_by_role("button", name="Pay").click()
    dialog = dashboard.get_by_role("dialog")
    dialog.locator("input[value='4000000000000002']").check()
    dialog.evaluate("it => it.scrollTo(0, 0)")
    for shown in (dialog.get_by_role("button", name="Pay"), dialog.get_by_role("button", name="Close")):
        assert bounds(shown)["bottom"] <= 480
    dialog.get_by_role("button", name="Pay").click()
    expect(dialog.get_by_role("alert")).to_have_text("Your card was declined.")
    dialog.evaluate("it => it.scrollTo(0, 0)")
    assert bounds(dialog.get_by_role("alert"))["bottom"] <= 480
    # a field that takes the focus is not below the buttons
    last = dialog.get_by_label("Another number")
    last.focus()
    assert bounds(last)["bottom"] <= bounds(dialog.get_by_role("alert"))["top"]


def test_dashboard_without_scripts_promises_nothing(shared_pages: SharedPages, mock: AccountMock) -> None:
    with shared_pages.use(has_scripts=False) as page:
        page.goto(f"{mock.url}/_mock/")
        expect(page.locator("noscript .plain")).to_be_visible()
        for promise in ("Connecting", "Controls", "Skip to the journal"):
            expect(page.get_by_text(promise, exact=True)).to_be_hidden()
