"""The examples of docs/other-languages.md for test runners: each starts one mock, and it ends with the run."""

from __future__ import annotations

import re

import pytest

from tests.browser.chromium import NoChromium, executable
from tests.languages.project import Project, command_with


def test_node_test_passes_with_one_mock(project: Project) -> None:
    printed = project.passes(command_with("node --test").command)
    assert re.search(r"^# pass 2$", printed, re.MULTILINE), printed
    assert len(project.mocks) == 1
    assert project.has_ended()


def test_launcher_ends_with_the_exit_code_of_the_command(project: Project) -> None:
    assert project.run("node with-mock.mjs bash -c 'curl --silent $MOCK_URL/_mock/live && exit 7'").returncode == 7
    assert project.has_ended()


def test_launcher_reports_that_the_mock_did_not_start(project: Project) -> None:
    done = project.run("node with-mock.mjs node --test", MOCKSERVER_PROFILE="no-such-profile")
    assert done.returncode == 1
    assert "unknown profile 'no-such-profile'" in done.stderr
    assert "the mock ended with exit code 2" in done.stderr


def test_launcher_reports_that_there_is_no_mockserver(project: Project) -> None:
    (project.folder / "bin" / "mockserver").unlink()
    node = project.passes("command -v node").strip()
    done = project.run(f"PATH=/nowhere {node} with-mock.mjs node --test")
    assert done.returncode == 1
    assert "spawn mockserver ENOENT" in done.stderr


@pytest.mark.long
def test_vitest_passes_with_one_mock(equipped: Project) -> None:
    printed = equipped.passes(command_with("vitest run").command, NO_COLOR="1")
    assert re.search(r"Tests +2 passed \(2\)", printed), printed
    assert len(equipped.mocks) == 1
    assert equipped.has_ended()


@pytest.mark.long
@pytest.mark.browser
def test_playwright_leads_a_buyer_through_the_checkout_page(equipped: Project) -> None:
    try:
        chromium = executable()
    except NoChromium as error:
        pytest.fail(str(error), pytrace=False)
    printed = equipped.passes(command_with("playwright test").command, CHROMIUM=chromium)
    assert "1 passed" in printed
    assert len(equipped.mocks) == 1
    assert equipped.has_ended()


def test_bash_script_prints_the_balance(project: Project) -> None:
    step = command_with("buy-credits.sh")
    assert project.passes(step.command) == f"{step.shown}\n"
    assert len(project.mocks) == 1
    assert project.has_ended()


def test_bash_script_fails_if_the_mock_does_not_start(project: Project) -> None:
    done = project.run(command_with("buy-credits.sh").command, MOCKSERVER_PROFILE="no-such-profile")
    assert done.returncode == 1
    assert "unknown profile 'no-such-profile'" in done.stderr
