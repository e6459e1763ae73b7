"""The balancer's configuration, run by HAProxy itself in front of three mocks."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import yaml

from mockserver import Mock, running
from tests.packaging.balancer import COMMAND, FILE, running_balancer
from tests.packaging.dockerfile import ROOT

COMPOSE: Final = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
KEY: Final = {"x-access-token": "sk-balanced"}
PATIENCE: Final = 15.0


@contextlib.contextmanager
def balancing(folder: Path, mocks: list[Mock]) -> Iterator[httpx.Client]:
    """A client of the balancer in front of these mocks."""
    with (
        running_balancer(folder, [mock.url for mock in mocks]) as balancer,
        httpx.Client(base_url=balancer.url, headers=KEY, trust_env=False, timeout=PATIENCE) as client,
    ):
        yield client


@pytest.fixture
def three() -> Iterator[tuple[contextlib.ExitStack, list[Mock]]]:
    """Three mocks, and the stack whose end stops them."""
    with contextlib.ExitStack() as stack:
        yield stack, [stack.enter_context(running(store="memory")) for _ in range(3)]


def created(mock: Mock) -> int:
    """The number of sessions on one mock."""
    return len(httpx.get(f"{mock.url}/_mock/sessions", trust_env=False).json()["sessions"])


def until_status(client: httpx.Client, status: int) -> httpx.Response:
    """The first answer with the status; the health checks of the balancer need a moment to see a change."""
    end = time.monotonic() + PATIENCE
    while (answer := client.get("/_mock/health")).status_code != status and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def test_requests_go_to_each_mock_and_urls_lead_to_the_balancer(
    tmp_path: Path, three: tuple[contextlib.ExitStack, list[Mock]]
) -> None:
    _, mocks = three
    with balancing(tmp_path, mocks) as client:
        until_status(client, 200)
        answers = [client.post("/billing/checkout", json={"amount": 5}) for _ in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 9
    assert all(answer.json()["checkout_url"].startswith(f"{client.base_url}/c/pay/") for answer in answers)
    assert sum(created(mock) for mock in mocks) == 9
    assert all(created(mock) >= 1 for mock in mocks)


def test_stopped_mock_is_left_out_and_no_request_fails(
    tmp_path: Path, three: tuple[contextlib.ExitStack, list[Mock]]
) -> None:
    _, mocks = three
    with contextlib.ExitStack() as fourth:
        mocks[0] = fourth.enter_context(running(store="memory"))
        with balancing(tmp_path, mocks) as client:
            until_status(client, 200)
            fourth.close()
            statuses = [client.post("/billing/checkout", json={"amount": 5}).status_code for _ in range(30)]
    assert statuses == [200] * 30
    assert created(mocks[1]) + created(mocks[2]) == 30


def test_mock_without_its_store_is_left_out(tmp_path: Path, three: tuple[contextlib.ExitStack, list[Mock]]) -> None:
    stack, mocks = three
    mocks[0] = stack.enter_context(running(store=f"sqlite:///{tmp_path / 'mock.db'}"))
    with balancing(tmp_path, mocks) as client:
        until_status(client, 200)
        (tmp_path / "mock.db").unlink()
        until_status(client, 503)  # the mock's own answer, before the balancer sees that it is unhealthy
        end = time.monotonic() + PATIENCE
        row: list[int] = []
        while len(row) < 30 and time.monotonic() < end:
            status = client.post("/billing/checkout", json={"amount": 5}).status_code
            row = [*row, status] if status == 200 else []
    assert row == [200] * 30


def test_balancer_without_any_mock_answers_in_the_mock_s_form(
    tmp_path: Path, three: tuple[contextlib.ExitStack, list[Mock]]
) -> None:
    stack, mocks = three
    with balancing(tmp_path, mocks) as client:
        until_status(client, 200)
        stack.close()
        answer = until_status(client, 503)
    assert answer.json() == {
        "success": False,
        "message": "no mock can be reached",
        "error_code": "store_unavailable",
    }
    assert answer.headers["retry-after"] == "5"


def test_event_stream_passes_at_once(tmp_path: Path, three: tuple[contextlib.ExitStack, list[Mock]]) -> None:
    _, mocks = three
    with balancing(tmp_path, mocks) as client:
        until_status(client, 200)
        with client.stream("GET", "/_mock/events") as stream:
            assert next(stream.iter_lines()) == "retry: 2000"


def test_balancer_knows_each_replica_of_compose_and_its_own_image() -> None:
    servers = re.findall(r"server (\S+) (\S+):8765", FILE.read_text("utf-8"))
    replicas = {name for name in COMPOSE["services"] if re.fullmatch(r"mock-\d", name)}
    assert servers == [(name, name) for name in sorted(replicas)]
    [mounted] = COMPOSE["services"]["balancer"]["volumes"]
    assert mounted == "./containers/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"
    version = subprocess.run([COMMAND, "-v"], capture_output=True, text=True, check=True).stdout
    branch = COMPOSE["services"]["balancer"]["image"].removeprefix("haproxy:").removesuffix("-alpine")
    assert f"HAProxy version {branch}." in version, "compose.yaml starts the branch that the tests run"
