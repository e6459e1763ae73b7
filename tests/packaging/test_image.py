"""The image's commands, run as an engine would: user, variables, read-only root, health check, SIGTERM."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.packaging.container import Container, RunningCommand
from tests.packaging.dockerfile import HEALTH, IMAGE
from tests.packaging.environment import Built

COMMAND: Final = (*IMAGE.one("ENTRYPOINT").arguments, *IMAGE.one("CMD").arguments)
HEALTH_COMMAND: Final = tuple(json.loads(HEALTH[2]))
KEY: Final = {"x-access-token": "sk-container"}


@pytest.fixture
def container(built: Built) -> Iterator[Container]:
    with tempfile.TemporaryDirectory(prefix="mockserver-data-") as name:
        yield Container(built.commands, Path(name))


def state_of(number: int) -> str:
    """The kernel's letter for the state of a process."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "gone"


@contextmanager
def serving(container: Container) -> Iterator[tuple[RunningCommand, str]]:
    """The image's command and its address; the system picks the port."""
    with container.start(*COMMAND, MOCKSERVER_PORT="0", MOCKSERVER_JSON="true") as command:
        line = command.output.readline()
        assert line, "the command ended before it could answer; its error is above"
        yield command, json.loads(line)["url"].replace("0.0.0.0", "127.0.0.1")


def test_image_serves_is_healthy_and_keeps_its_data_over_a_restart(container: Container) -> None:
    with serving(container) as (command, url), httpx.Client(base_url=url, headers=KEY, trust_env=False) as client:
        session = client.post("/billing/checkout", json={"amount": 50}).json()
        health = container.run(*HEALTH_COMMAND, MOCKSERVER_URL=url)
        assert (health.returncode, health.stderr) == (0, "")
        assert health.stdout.startswith(f"healthy: {url}, version ")
        assert session["checkout_url"].startswith(url)
        assert command.terminate() == 0
    unhealthy = container.run(*HEALTH_COMMAND, MOCKSERVER_URL=url)
    assert (unhealthy.returncode, unhealthy.stdout) == (1, "")
    assert "nothing answers" in unhealthy.stderr

    assert (container.data / "mock.db").stat().st_uid == (container.user if os.geteuid() == 0 else os.geteuid())
    with serving(container) as (_, url):
        listed = httpx.get(f"{url}/billing/checkouts", headers=KEY, trust_env=False).json()["data"]
    assert [each["id"] for each in listed] == [session["id"]]


def test_killed_command_leaves_no_process(container: Container) -> None:
    with container.start(*COMMAND, MOCKSERVER_PORT="0", MOCKSERVER_JSON="true") as command:
        assert command.output.readline()
        number = command.number
        assert state_of(number) not in ("gone", "Z")
    assert state_of(number) in ("gone", "Z")  # a dead one may wait for its new parent


def test_every_part_of_the_mock_works_with_a_read_only_root(container: Container) -> None:
    (container.data / "mockserver.toml").write_text('session_ttl = "30m"\n')
    with serving(container) as (_, url), httpx.Client(base_url=url, headers=KEY, trust_env=False) as client:
        session = client.post("/billing/checkout", json={"amount": 50}).json()
        assert client.get(session["checkout_url"]).status_code == 200
        assert client.post(f"/_mock/sessions/{session['id']}/pay").status_code == 200
        [invoice] = client.get("/billing/invoices").json()["data"]
        assert client.get(invoice["pdf_url"]).content.startswith(b"%PDF")
        assert client.post("/billing/checkout", json={"amount": "x"}).status_code == 400
        assert client.get("/_mock/", headers={"accept": "text/html"}).status_code == 200
        other = client.post("/billing/checkout", json={"amount": 5}).json()["id"]
        client.post("/_mock/clock", json={"advance": "31m"})
        assert client.get(f"/_mock/sessions/{other}").json()["status"] == "expired"


def test_sigterm_ends_the_image_within_a_second_with_open_connections(container: Container) -> None:
    times = []
    for _ in range(3):  # a busy machine may delay one of them
        with serving(container) as (command, url), httpx.Client(base_url=url, trust_env=False) as client:
            assert client.get("/_mock/live").status_code == 200
            with client.stream("GET", "/_mock/events", timeout=30) as stream:
                assert next(stream.iter_lines()) == "retry: 2000"
                started = time.monotonic()
                assert command.terminate() == 0
                times.append(time.monotonic() - started)
        if times[-1] < 1:
            return
    pytest.fail(f"the end took {times}")


@pytest.mark.parametrize("folder", ["commands", "packages", "/usr/local/bin"])
def test_image_cannot_write_outside_of_its_data(built: Built, container: Container, folder: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("this user runs the image as itself, and owns the environment")
    packages = next((built.commands.parent / "lib").iterdir()) / "site-packages"
    place = {"commands": str(built.commands), "packages": str(packages)}.get(folder, folder)
    tried = container.run("python", "-c", f"open({place!r} + '/new', 'w')")
    assert tried.returncode == 1
    assert "Read-only file system" in tried.stderr or "Permission denied" in tried.stderr
    assert container.run("python", "-c", "open('new', 'w')").returncode == 0


def test_image_runs_as_an_unprivileged_user(container: Container) -> None:
    if os.geteuid() != 0:
        pytest.skip("only a superuser may switch to another user")
    run = container.run("python", "-c", "import os; print(os.getuid(), os.getgid(), os.getgroups())")
    assert run.stdout == f"{container.user} {container.group} []\n"


def test_image_runs_the_python_of_its_environment(built: Built, container: Container) -> None:
    run = container.run("python", "-c", "import sys, mockserver; print(sys.prefix, sys.version, mockserver.__file__)")
    assert run.stdout.startswith(f"{built.commands.parent} {sys.version} {built.commands.parent}")


def test_doctor_finds_the_volume_of_another_user(container: Container) -> None:
    if os.geteuid() != 0:
        pytest.skip("only a superuser may give a folder to another user")
    os.chown(container.data, 0, 0)
    container.data.chmod(0o755)
    run = container.run(*IMAGE.one("ENTRYPOINT").arguments, "doctor", "--port", "0")
    assert run.returncode == 1
    assert f"{container.data} cannot be written" in run.stdout
    assert [line.split()[1] for line in run.stdout.splitlines() if line.startswith("wrong")] == ["store"]
