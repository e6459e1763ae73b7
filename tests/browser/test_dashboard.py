"""The dashboard: what happens is seen as it happens, and what a test does by the control API a person does by hand."""

from __future__ import annotations

import subprocess

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from mockserver.pytest_plugin import AccountMock

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_what_clients_do_appears_without_reloading(board: Page, mock: AccountMock) -> None:
    expect(board.get_by_text("No sessions here yet.")).to_be_visible()
    expect(board.get_by_text("Nothing was asked yet.")).to_be_visible()
    expect(board.get_by_text("Live", exact=True)).to_be_visible()

    session = mock.create(amount=50)

    expect(a_session(board, session)).to_contain_text("50 credits")
    expect(a_session(board, session)).to_contain_text("pending")
    expect(board.locator(".exchange")).to_contain_text(["POST/billing/checkout"])
    expect(board.get_by_text("No sessions here yet.")).to_be_hidden()
    mock.pay(session)
    expect(a_session(board, session)).to_contain_text("completed")
    expect(an_account(board, session["account"])).to_contain_text("50")


def test_clock_travel_makes_a_session_expire_before_one_s_eyes(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = a_session(board, session)
    expect(row).to_contain_text("23 h 59 min left")

    board.get_by_role("button", name="+1 h").click()
    expect(row).to_contain_text("22 h 59 min left")
    expect(row).to_contain_text("pending")
    board.get_by_role("button", name="+24 h").click()

    expect(row).to_contain_text("expired")
    expect(row.get_by_role("button", name="Pay")).to_be_hidden()
    expect(board.get_by_text("+1 d 1 h ahead")).to_be_visible()


def test_a_clock_that_somebody_else_moves_is_seen_to_move(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(a_session(board, session)).to_contain_text("23 h 59 min left")

    mock.clock.advance("23h")
    expect(a_session(board, session)).to_contain_text("59 min")
    mock.clock.advance("1h")

    expect(a_session(board, session)).to_contain_text("expired")


def test_the_time_left_runs_by_the_account_s_own_clock(board: Page, mock: AccountMock) -> None:
    mock.clock.freeze()
    session = mock.create(amount=50)

    expect(a_session(board, session)).to_contain_text("24 h 0 min left")
    mock.clock.advance("23h59m30s")

    expect(a_session(board, session)).to_contain_text("30 s left")


def test_a_clock_is_set_frozen_and_reset_by_hand(board: Page, mock: AccountMock) -> None:
    mock.create(amount=50)
    board.get_by_label("Date and time, UTC").fill("2031-05-06T07:08")
    board.get_by_role("button", name="Set the clock", exact=True).click()
    expect(board.get_by_text("Tue, 6 May 2031, UTC")).to_be_visible()

    board.get_by_role("button", name="Freeze").click()
    expect(board.get_by_text("frozen", exact=True)).to_be_visible()
    assert mock.clock.now.startswith("2031-05-06T07:08")
    board.get_by_role("button", name="Let it run").click()
    expect(board.get_by_text("frozen", exact=True)).to_be_hidden()

    board.get_by_label("Date and time, UTC").fill("2030-01-01T00:00")
    board.get_by_role("button", name="Set the clock", exact=True).click()
    expect(board.locator("#clock-wrong")).to_contain_text("2030-01-01T00:00:00.000Z is before")

    board.get_by_role("button", name="Reset the clock to real time").click()
    expect(board.get_by_text("real time", exact=True)).to_be_visible()


def test_a_chosen_account_is_what_everything_is_about(board: Page, mock: AccountMock) -> None:
    other = AccountMock(mock.url)
    mine, theirs = mock.create(amount=5), other.create(amount=6)

    an_account(board, mine["account"]).click()

    expect(a_session(board, mine)).to_be_visible()
    expect(a_session(board, theirs)).to_have_count(0)
    expect(board.locator(".exchange")).to_have_count(1)
    board.get_by_role("button", name="+24 h").click()
    expect(a_session(board, mine)).to_contain_text("expired")
    other.create(amount=7)
    newest = mock.create(amount=8)
    expect(board.locator(".session")).to_have_count(2)
    expect(a_session(board, newest)).to_be_visible()
    assert [session["status"] for session in other.sessions] == ["pending", "pending"]


def test_an_account_is_found_by_its_key(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    AccountMock(mock.url).create(amount=6)

    board.get_by_label("API key or account id").fill(mock.api_key)
    board.get_by_role("button", name="Go to").click()

    expect(an_account(board, session["account"])).to_have_attribute("aria-pressed", "true")
    expect(board.locator(".session")).to_have_count(1)
    assert mock.api_key not in board.content()


def test_a_session_is_paid_with_a_card_of_one_s_choice(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = a_session(board, session)
    row.get_by_role("button", name="Pay").click()
    dialog = board.get_by_role("dialog")
    dialog.get_by_label("4000 0000 0000 9995").check()
    dialog.get_by_role("button", name="Pay").click()
    expect(dialog.get_by_role("alert")).to_contain_text("insufficient funds")
    expect(row).to_contain_text("Last attempt: insufficient funds, card •••• 9995")

    dialog.get_by_label("4242 4242 4242 4242").check()
    dialog.get_by_role("button", name="Pay").click()

    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("completed")
    assert mock.balance == 50


@pytest.mark.parametrize("passed", [True, False])
def test_3d_secure_is_passed_or_not(board: Page, mock: AccountMock, passed: bool) -> None:
    session = mock.create(amount=50)
    a_session(board, session).get_by_role("button", name="Pay").click()
    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_label("3-D Secure is passed")).to_be_hidden()
    dialog.get_by_label("4000 0025 0000 3155").check()
    dialog.get_by_label("3-D Secure is passed").set_checked(passed)
    dialog.get_by_role("button", name="Pay").click()

    if passed:
        expect(a_session(board, session)).to_contain_text("completed")
    else:
        expect(dialog.get_by_role("alert")).to_contain_text("3-D Secure")
        assert mock.balance == 0


def test_any_number_can_be_tried_as_a_card(board: Page, mock: AccountMock) -> None:
    a_session(board, mock.create(amount=50)).get_by_role("button", name="Pay").click()
    dialog = board.get_by_role("dialog")
    dialog.get_by_label("Another number").check()
    dialog.get_by_label("Card number").fill("4012 8888 8888 1881")
    dialog.get_by_role("button", name="Pay").click()

    expect(dialog.get_by_role("alert")).to_contain_text("test cards only")


def test_a_session_that_is_paid_elsewhere_cannot_be_paid_in_the_open_dialog(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    a_session(board, session).get_by_role("button", name="Pay").click()
    mock.pay(session)

    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("completed by now")
    expect(dialog.get_by_role("button", name="Pay")).to_be_disabled()


def test_a_session_is_declined_turned_back_from_and_expired_from_the_list(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    row = a_session(board, session)
    row.get_by_role("button", name="Decline").click()
    expect(row).to_contain_text("Last attempt: generic decline")
    row.get_by_role("button", name="Cancel").click()
    expect(board.get_by_role("status").filter(has_text="Turned back")).to_be_visible()
    expect(row).to_contain_text("pending")
    row.get_by_role("button", name="Expire").click()

    expect(row).to_contain_text("expired")
    expect(row.get_by_role("link", name="Open")).to_be_focused()


def test_a_session_s_page_opens_in_a_tab_of_its_own(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    with board.expect_popup() as opened:
        a_session(board, session).get_by_role("link", name="Open").click()

    expect(opened.value).to_have_url(session["url"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("50 credits")


def test_credits_are_given_and_consumed(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(board.get_by_role("button", name="Give")).to_be_disabled()
    an_account(board, session["account"]).click()
    board.get_by_role("spinbutton", name="Credits").fill("12.5")
    board.get_by_role("button", name="Give").click()
    expect(an_account(board, session["account"])).to_contain_text("12.5")

    board.get_by_role("spinbutton", name="Credits").fill("2")
    board.get_by_role("button", name="Consume").click()
    expect(an_account(board, session["account"])).to_contain_text("10.5")
    assert mock.consume(1, category="x")["breakdown"] == {"indexing": 2, "x": 1}

    board.get_by_role("spinbutton", name="Credits").fill("100")
    board.get_by_role("button", name="Consume").click()
    expect(board.locator("#credits-wrong")).not_to_be_empty()
    assert mock.balance == 9.5


def test_a_fault_is_planned_and_seen_to_strike(board: Page, mock: AccountMock) -> None:
    board.get_by_role("button", name="Plan a fault").click()
    dialog = board.get_by_role("dialog")
    dialog.get_by_label("Status").fill("429")
    dialog.get_by_label("Headers").fill("Retry-After: 7")
    dialog.get_by_label("Body", exact=True).fill('{"message": "too many"}')
    dialog.get_by_label("Path").fill("/billing/usage")
    dialog.get_by_role("button", name="Plan it").click()
    expect(dialog).to_be_hidden()
    expect(board.locator("#faults")).to_contain_text("answers 429 to any /billing/usage")
    expect(board.locator("#faults")).to_contain_text("waits, 1 to go")

    answer = asked(mock, "/billing/usage")

    assert (answer.status_code, answer.headers["retry-after"], answer.json()) == (429, "7", {"message": "too many"})
    expect(board.locator("#exchange-list")).to_contain_text("planned fault")
    expect(board.locator("#faults")).to_contain_text("struck 1 \u00d7, spent")
    assert asked(mock, "/billing/usage").status_code == 200


@pytest.mark.parametrize("what", ["reset", "truncate", "malformed", "empty"])
def test_every_way_to_break_an_answer_can_be_planned(board: Page, mock: AccountMock, what: str) -> None:
    board.get_by_role("button", name="Plan a fault").click()
    dialog = board.get_by_role("dialog")
    dialog.get_by_label("What happens").select_option(value=what)
    dialog.get_by_label("always").check()
    dialog.get_by_label("Chance, %").fill("50")
    dialog.get_by_label("Delay").fill("10ms" if what == "reset" else "0.01")
    dialog.get_by_role("button", name="Plan it").click()
    if what == "reset":  # ms is no unit
        expect(dialog.get_by_role("alert")).to_contain_text("delay")
        dialog.get_by_label("Delay").fill("1s")
        dialog.get_by_role("button", name="Plan it").click()
    expect(dialog).to_be_hidden()

    (fault,) = mock.control("GET", "/faults")["faults"]
    assert (fault["then"], fault["times"], fault["probability"]) == (what, None, 0.5)


def test_a_plan_that_is_refused_says_why_and_stays(board: Page) -> None:
    board.get_by_role("button", name="Plan a fault").click()
    dialog = board.get_by_role("dialog")
    dialog.get_by_label("Path").fill("/_mock/sessions")
    dialog.get_by_role("button", name="Plan it").click()

    expect(dialog.get_by_role("alert")).to_contain_text("no fault strikes the control API")
    expect(dialog.get_by_label("Path")).to_have_value("/_mock/sessions")


def test_faults_are_forgotten_by_hand(board: Page, mock: AccountMock) -> None:
    for status in (500, 502, 503):
        mock.control("POST", "/faults", body={"then": {"status": status}})
    board.reload()
    board.get_by_role("button", name="Forget: answers 502").click()
    expect(board.locator("#faults li")).to_have_count(2)
    board.get_by_role("button", name="Forget all").click()

    expect(board.get_by_text("None. A fault makes")).to_be_visible()
    expect(board.get_by_role("button", name="Plan a fault")).to_be_focused()
    assert mock.control("GET", "/faults") == {"faults": []}


def test_everything_is_reset_once_that_is_confirmed(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(a_session(board, session)).to_be_visible()
    board.get_by_role("button", name="Reset everything").click()
    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Keep it").click()
    expect(board.get_by_role("button", name="Reset everything")).to_be_focused()
    assert len(mock.sessions) == 1

    board.get_by_role("button", name="Reset everything").click()
    dialog.get_by_role("button", name="Reset everything").click()

    expect(board.get_by_text("No sessions here yet.")).to_be_visible()
    expect(board.get_by_text("Nothing was asked yet.")).to_be_visible()
    assert mock.control("GET", "/accounts") == {"accounts": []}


def test_one_account_is_reset_and_the_others_stay(board: Page, mock: AccountMock) -> None:
    mine, theirs = mock.create(amount=5), AccountMock(mock.url).create(amount=6)
    an_account(board, mine["account"]).click()
    board.get_by_role("button", name=f"Reset {mine['account']}").click()
    board.get_by_role("dialog").get_by_role("button", name="Reset it").click()

    expect(a_session(board, theirs)).to_be_visible()
    expect(a_session(board, mine)).to_have_count(0)
    expect(board.get_by_role("button", name="All accounts")).to_have_attribute("aria-pressed", "true")


def test_an_exchange_opens_with_its_request_its_answer_and_the_verdict(board: Page, mock: AccountMock) -> None:
    asked(mock, "/billing/checkout", json={"amount": "50"})
    row = board.locator("#exchange-list > li")
    expect(row).to_contain_text("1 violation of the contract")
    row.get_by_role("button", name="400 POST /billing/checkout").click()

    expect(row.get_by_role("region", name="Request")).to_contain_text('"amount": "50"')
    expect(row.get_by_role("region", name="Request")).to_contain_text("/amount")
    expect(row.get_by_role("region", name="Answer 400")).to_contain_text("a number is needed")
    expect(row.get_by_text("This exchange left the contract.")).to_be_visible()


def test_an_exchange_is_copied_as_a_command_that_does_the_same_again(board: Page, mock: AccountMock) -> None:
    body = {"amount": 7, "success_url": "https://shop.example/?it's={CHECKOUT_SESSION_ID}&x=$HOME`id`"}
    asked(mock, "/billing/checkout", json=body)
    board.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = board.locator("#exchange-list > li").first
    row.get_by_role("button", name="POST /billing/checkout").click()
    row.get_by_role("button", name="Copy").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()
    line = board.evaluate("navigator.clipboard.readText()")
    assert mock.api_key not in line

    environment = {"VIDEO_DB_API_KEY": mock.api_key, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    subprocess.run(["sh", "-c", f"{line} --silent --fail"], env=environment, check=True, capture_output=True)

    again, first = mock.requests
    assert again["body"] == first["body"] == body
    assert [session["success_url"] for session in mock.sessions] == [body["success_url"]] * 2


def test_the_journal_is_filtered_live(board: Page, mock: AccountMock) -> None:
    asked(mock, "/billing/usage")
    asked(mock, "/billing/checkout", json={"amount": 5})
    expect(board.locator(".exchange")).to_have_count(2)
    board.get_by_label("Path, *").first.fill("/billing/check*")
    board.get_by_role("button", name="Filter").click()
    expect(board.locator(".exchange")).to_have_count(1)

    asked(mock, "/billing/usage")
    asked(mock, "/billing/checkouts")
    expect(board.locator(".exchange .path")).to_have_text(["/billing/checkouts", "/billing/checkout"])

    board.get_by_label("Status").nth(1).fill("404")
    board.get_by_role("button", name="Filter").click()
    expect(board.locator("#journal-none")).to_be_visible()


def test_a_paused_journal_stands_still_until_it_goes_on(board: Page, mock: AccountMock) -> None:
    asked(mock, "/billing/usage")
    expect(board.locator(".exchange")).to_have_count(1)
    board.get_by_role("button", name="Pause").click()
    asked(mock, "/billing/usage")
    asked(mock, "/billing/usage")

    expect(board.get_by_role("button", name="Go on (2 new)")).to_be_visible()
    expect(board.locator(".exchange")).to_have_count(1)
    board.get_by_role("button", name="Go on").click()
    expect(board.locator(".exchange")).to_have_count(3)


def test_the_journal_is_cleared_once_that_is_confirmed(board: Page, mock: AccountMock) -> None:
    asked(mock, "/billing/usage")
    expect(board.locator(".exchange")).to_have_count(1)
    board.get_by_role("button", name="Clear").click()
    board.get_by_role("dialog").get_by_role("button", name="Clear it").click()

    expect(board.get_by_text("Nothing was asked yet.")).to_be_visible()


def test_of_many_sessions_and_exchanges_a_page_is_shown(board: Page, mock: AccountMock) -> None:
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False) as client:
        for _ in range(120):
            client.post(f"{mock.url}/billing/checkout", json={"amount": 5})
    sessions = mock.sessions[::-1]
    expect(a_session(board, sessions[-1])).to_be_visible()
    assert (board.locator(".session").count(), board.locator(".exchange").count()) == (50, 50)

    board.get_by_role("navigation", name="Pages of sessions").get_by_role("button", name="Older").click()
    expect(a_session(board, sessions[69])).to_be_visible()
    journal = board.get_by_role("navigation", name="Pages of the journal")
    for _ in range(2):
        journal.get_by_role("button", name="Older").click()
    expect(board.locator(".exchange")).to_have_count(20)
    expect(journal.get_by_role("button", name="Older")).to_be_disabled()
    assert board.locator(".session").count() == 50

    board.get_by_label("Status").first.select_option("completed")
    expect(board.locator("#sessions-none")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1440])
def test_nothing_is_wider_than_its_window(board: Page, mock: AccountMock, width: int) -> None:
    board.set_viewport_size({"width": width, "height": 700})
    mock.create(mode="subscription", plan_id="x" * 300, success_url=f"https://shop.example/{'y' * 900}")
    asked(mock, f"/billing/{'z' * 300}")
    board.locator(".exchange").first.click()
    board.locator(".session summary").first.click()

    assert board.evaluate("document.documentElement.scrollWidth") <= width


def asked(mock: AccountMock, path: str, **body: object) -> httpx.Response:
    """What a client of the account is answered: to a POST if it has a body."""
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False) as client:
        return client.request("POST" if body else "GET", f"{mock.url}{path}", **body)  # type: ignore[arg-type]


def a_session(board: Page, session: dict[str, str]) -> Locator:
    return board.locator(f"#session-list > [data-id={session['id']}]")


def an_account(board: Page, account: str) -> Locator:
    return board.locator(".account", has_text=account)
