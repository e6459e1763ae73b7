"""The plugin's fixtures, used as in a suite of a user."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

import mockserver
from mockserver.client.account_mock import AccountMock
from tests.plugin.runs import QUIET

pytest_plugins = ["pytester"]


def test_session_is_created_paid_and_credited(videodb_mock: AccountMock) -> None:
    session = videodb_mock.create(amount=50)
    assert (session["status"], session["amount"]) == ("pending", 50)
    assert videodb_mock.pay(session)["status"] == "completed"
    assert videodb_mock.balance == 50
    assert [each["id"] for each in videodb_mock.sessions] == [session["id"]]


def test_session_expires_by_the_clock_of_the_account(videodb_mock: AccountMock) -> None:
    session = videodb_mock.create()
    before = videodb_mock.clock.now
    assert videodb_mock.clock.advance("24h") > before
    assert videodb_mock.sessions[0]["status"] == "expired"
    with pytest.raises(mockserver.SessionExpired):
        videodb_mock.pay(session["id"])


def test_clock_is_frozen_set_and_reset_to_real_time(videodb_mock: AccountMock) -> None:
    assert videodb_mock.clock.set("2090-01-01T00:00:00Z").year == 2090
    frozen = videodb_mock.clock.freeze()
    assert videodb_mock.clock.now == frozen
    assert videodb_mock.clock.unfreeze() == frozen
    assert videodb_mock.clock.reset() < frozen


def test_decline_has_a_reason_and_leaves_session_open(videodb_mock: AccountMock) -> None:
    session = videodb_mock.create()
    with pytest.raises(mockserver.CardDeclined, match="insufficient funds"):
        videodb_mock.pay(session, card="4000000000009995")
    assert videodb_mock.cancel(session)["status"] == "pending"


def test_requests_are_only_those_of_the_code_under_test(videodb_mock: AccountMock) -> None:
    headers = {"x-access-token": videodb_mock.api_key}
    httpx.get(f"{videodb_mock.url}/billing/usage", headers=headers)
    assert videodb_mock.balance == 0
    assert videodb_mock.sessions == []
    assert [exchange["path"] for exchange in videodb_mock.requests] == ["/billing/usage"], "looking left no trace"


def test_each_test_has_its_own_account(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        keys = set()

        def test_one(videodb_mock):
            keys.add(videodb_mock.api_key)
            videodb_mock.pay(videodb_mock.create())
            videodb_mock.clock.advance("24h")

        def test_two(videodb_mock):
            assert videodb_mock.api_key not in keys
            assert videodb_mock.balance == 0
            assert videodb_mock.sessions == []
        """
    )
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=2)


def test_server_fixture_can_be_overridden(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import mockserver
        import pytest

        @pytest.fixture(scope="session")
        def videodb_mock_server():
            with mockserver.running(profile="python-sample", session_ttl="30m") as mock:
                yield mock

        def test_it(videodb_mock):
            session = videodb_mock.create(amount=7)
            videodb_mock.clock.advance("30m")
            assert [each["status"] for each in videodb_mock.sessions] == ["expired"]
        """
    )
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=1)


def test_module_may_have_a_server_of_its_own_after_others(pytester: pytest.Pytester) -> None:
    usual = "def test_it(videodb_mock):\n    assert videodb_mock.url\n"
    special = """
        import mockserver
        import pytest

        @pytest.fixture(scope="session")
        def videodb_mock_server():
            with mockserver.running(session_ttl="30m") as mock:
                yield mock

        def test_it(videodb_mock, videodb_mock_server):
            assert videodb_mock.url == videodb_mock_server.url
            videodb_mock.create()
            videodb_mock.clock.advance("30m")
            assert videodb_mock.sessions[0]["status"] == "expired"
        """
    pytester.makepyfile(test_a=usual, test_b=special, test_c=usual)
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=3)


def test_plugin_imports_nothing_that_the_tests_do_not_use(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_unused():
            assert not {"asyncio", "mockserver.server"} & {*sys.modules}

        def test_used(videodb_mock):
            videodb_mock.pay(videodb_mock.create())
            assert not {"uvicorn", "mockserver.app"} & {*sys.modules}
            assert not [name for name in sys.modules if name.startswith("mockserver.coverage")]
        """
    )
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=2)


def test_credits_are_consumed_and_recharged(videodb_mock: AccountMock) -> None:
    videodb_mock.pay(videodb_mock.create(amount=50))
    assert videodb_mock.consume(3.5, category="indexing")["breakdown"] == {"indexing": 3.5}
    with pytest.raises(mockserver.InsufficientCredits):
        videodb_mock.consume(100)
    assert videodb_mock.balance == 46.5


def test_units_of_a_resource_are_consumed(videodb_mock: AccountMock) -> None:
    videodb_mock.pay(videodb_mock.create(amount=50))
    assert videodb_mock.consume(resource="transcription", units=120)["breakdown"] == {"transcription": Decimal("1.2")}
    assert videodb_mock.balance == Decimal("48.8")


def test_planned_fault_fails_only_requests_of_its_test(videodb_mock: AccountMock) -> None:
    headers = {"x-access-token": videodb_mock.api_key}

    def status(key: dict[str, str] = headers) -> int:
        return httpx.get(f"{videodb_mock.url}/billing/usage", headers=key).status_code

    videodb_mock.fail_next(status=503, headers={"Retry-After": "1"}, body=None, times=2, path="/billing/usage")
    assert status({"x-access-token": "sk-somebody-else"}) == 200
    assert [status(), status(), status()] == [503, 503, 200]
    videodb_mock.fail_next("reset", method="GET")
    with pytest.raises(httpx.NetworkError):
        status()
    videodb_mock.fail_next(delay=0.01)
    assert status() == 200
    assert [request["status"] for request in videodb_mock.requests] == [200, None, 200, 503, 503]


def test_invalid_fault_plan_is_refused(videodb_mock: AccountMock) -> None:
    with pytest.raises(ValueError, match="exclude each other"):
        videodb_mock.fail_next("reset", status=503)
    with pytest.raises(ValueError, match="need status"):
        videodb_mock.fail_next(body={})
    with pytest.raises(mockserver.CheckoutError, match="neither then nor delay"):
        videodb_mock.fail_next()


def test_library_that_is_replaced_before_the_fixture_does_not_reach_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import http.client, json, socket, subprocess
        import pytest

        @pytest.fixture
        def no_network(monkeypatch):
            # as pytest-socket and vcrpy do
            class Blocked(socket.socket):
                def __init__(self, *args, **named):
                    raise RuntimeError("no sockets in tests")

            monkeypatch.setattr(http.client, "HTTPConnection", None)
            monkeypatch.setattr(socket, "socket", Blocked)

        def test_payment(no_network, videodb_mock):
            videodb_mock.pay(videodb_mock.create())
            assert videodb_mock.balance == 50
        """
    )
    pytester.runpytest_subprocess(*QUIET).assert_outcomes(passed=1)
