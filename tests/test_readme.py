"""The README keeps its word: its examples run, and what there is it names."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mockserver import Mock, running
from mockserver.cli import COMMANDS, main
from mockserver.contract import bundled_profiles
from mockserver.settings import SETTINGS
from tests.contracts.servers.local import serving
from tests.contracts.servers.staging import Staging

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8765"
CHANGING = re.compile(r"cs_test_[A-Za-z0-9]{58}|fault_[A-Za-z0-9]{16}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")

pytest_plugins = ["pytester"]


def blocks(language: str) -> list[str]:
    # all of them are read: the end of one looks like the beginning of one without a language
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [block for word, block in found if word == language]


CALLS = [block.removeprefix("$ ").split("\n", 1) for block in blocks("console") if block.startswith("$ curl ")]


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running(store="memory") as started:
        yield started


def test_it_has_calls_to_try() -> None:
    assert len(CALLS) == 4


@pytest.mark.parametrize(("command", "answer"), CALLS, ids=["create", "refuse", "advance", "fault"])
def test_a_call_of_the_readme_gets_the_answer_it_shows(command: str, answer: str, mock: Mock) -> None:
    run = subprocess.run(shlex.split(command.replace(ADDRESS, mock.url)), capture_output=True, text=True, check=True)
    given = CHANGING.sub("...", run.stdout.replace(mock.url, ADDRESS))
    assert json.loads(given) == json.loads(CHANGING.sub("...", answer))


def test_the_dry_run_of_the_readme_says_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    [(command, answer)] = [
        block.removeprefix("$ ").split("\n", 1) for block in blocks("console") if block.startswith("$ mockserver drift")
    ]
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out == answer


def test_the_rehearsal_of_the_readme_goes_as_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-of-somebody")
    [rehearsal] = [block for block in blocks("") if "mockserver calibrate" in block]
    steps = [step.split("\n", 1) for step in rehearsal.removeprefix("$ ").split("\n$ ")]
    last = ""
    with serving(Staging()) as url:
        for command, *shown in steps:
            main(shlex.split(command.replace("http://127.0.0.1:9000", url))[1:])
            last = re.sub(r"drift-[0-9a-f]{12}", "drift-...", capsys.readouterr().out)
            for line in "".join(shown).splitlines():
                assert line.strip() == "..." or line in last.splitlines(), line
    # Of what a profile says nothing is left.
    told = [line for line in last.splitlines() if line.startswith(("error: ", "warning: "))]
    assert not [line for line in told if "has no /" in line or "422 for 400" in line or "Another type" in line]


def test_the_pytest_examples_pass(pytester: pytest.Pytester) -> None:
    examples = [block for block in blocks("python") if "videodb_mock" in block]
    pytester.makepyfile(*examples)
    pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_the_example_without_pytest_runs() -> None:
    example = next(block for block in blocks("python") if "mockserver.running" in block)
    exec(compile(example, "README.md", "exec"), {})


@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.name for setting in SETTINGS])
def test_each_setting_is_named_with_its_flag_and_variable(setting: object) -> None:
    option, variable = getattr(setting, "option", None), getattr(setting, "variable", "")
    row = next(line for line in README.splitlines() if f"`{variable}`" in line)
    assert option is None or f"`{option}`" in row


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_named(name: str) -> None:
    assert f"mockserver {name}" in README


@pytest.mark.parametrize("name", bundled_profiles())
def test_each_profile_is_named(name: str) -> None:
    assert f"| `{name}`" in README


def test_each_call_of_the_control_api_is_named(mock: Mock) -> None:
    calls = httpx.get(f"{mock.url}/_mock/").json()["calls"]
    assert len(calls) > 10
    assert [call for call in calls if f"`{call}`" not in README] == []


def test_the_readme_names_no_call_there_is_not(mock: Mock) -> None:
    calls = {*httpx.get(f"{mock.url}/_mock/").json()["calls"], "GET /_mock/"}
    named = set(re.findall(r"`((?:GET|POST|DELETE) /_mock/[^`?]*)`", README))
    assert named - calls == set()


def test_each_target_of_the_makefile_that_the_readme_names_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`make ([a-z-]+)`", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_pictures_are_there_and_small() -> None:
    for picture in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README):
        assert (ROOT / picture).stat().st_size < 100_000


def test_a_file_of_the_repository_names_no_registry_and_no_path_of_a_machine() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # put together here, so that this file does not name them itself
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs"]
    for name in filter(None, files.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".pdf"):
            text = path.read_text("utf-8", errors="replace")
            assert [host for host in hosts if host in text] == [], name
