"""The handbook names everything a user can set, call or run, and nothing else."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import httpx
import pytest

from mockserver import Mock, running
from mockserver.cli import COMMANDS, command_module, command_parser
from mockserver.client.account_clock import AccountClock
from mockserver.client.account_mock import AccountMock
from mockserver.contract import bundled_profiles
from mockserver.settings import SETTINGS
from tests.docs.markdown import HANDBOOK_TEXT, PAGES, README, ROOT, MarkdownPage
from tools.claims_tables import with_tables

CHECK = MarkdownPage("docs/check.md")
PYTEST = MarkdownPage("docs/pytest.md")
SETTINGS_PAGE = MarkdownPage("docs/settings.md")


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with running(store="memory") as started:
        yield started


def test_readme_has_at_most_140_lines() -> None:
    assert len(README.text.splitlines()) <= 140


@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.name for setting in SETTINGS])
def test_setting_is_named_with_its_flag_and_variable(setting: object) -> None:
    option, variable = getattr(setting, "option", None), getattr(setting, "variable", "")
    row = next(line for line in SETTINGS_PAGE.text.splitlines() if f"`{variable}`" in line)
    assert option is None or f"`{option}`" in row


def test_settings_page_names_no_unknown_variable() -> None:
    named = set(re.findall(r"MOCKSERVER_[A-Z_]+", HANDBOOK_TEXT))
    assert named - {setting.variable for setting in SETTINGS} == {"MOCKSERVER_URL"}


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_named(name: str) -> None:
    assert f"mockserver {name}" in HANDBOOK_TEXT


def _flags(name: str) -> set[str]:
    parser = command_parser(name, command_module(name))
    return {option for action in parser._actions for option in action.option_strings if option.startswith("--")}


@pytest.mark.parametrize("name", ["serve", "check", "drift", "calibrate", "doctor", "health"])
def test_every_flag_is_named(name: str) -> None:
    assert [flag for flag in _flags(name) - {"--help"} if flag not in HANDBOOK_TEXT] == []


def test_commands_of_the_handbook_have_the_named_flags() -> None:
    known = set().union(*(_flags(name) for name in COMMANDS))
    for line in re.findall(r"`(mockserver [a-z][^`]*)`", HANDBOOK_TEXT):
        name = line.split()[1]
        assert name in COMMANDS, line
        assert [flag for flag in re.findall(r"(?<=\s)--[a-z-]+", line) if flag not in _flags(name)] == [], line
    assert "--baseline" in known


@pytest.mark.parametrize("name", bundled_profiles())
def test_profile_is_named(name: str) -> None:
    assert f"| `{name}`" in HANDBOOK_TEXT


def test_tables_of_claims_are_current() -> None:
    text = MarkdownPage("docs/profiles.md").text
    assert text == with_tables(text), "stale: make bundles"


def test_control_api_page_names_every_call(mock: Mock) -> None:
    calls = httpx.get(f"{mock.url}/_mock/").json()["calls"]
    assert len(calls) > 10
    assert [call for call in calls if f"`{call}`" not in HANDBOOK_TEXT] == []


def test_handbook_names_no_unknown_control_call(mock: Mock) -> None:
    calls = {*httpx.get(f"{mock.url}/_mock/").json()["calls"], "GET /_mock/"}
    named = set(re.findall(r"`((?:GET|POST|DELETE) /_mock/[^`?]*)`", HANDBOOK_TEXT))
    assert named - calls == set()


def test_pytest_page_names_every_member_of_the_fixture() -> None:
    members = {name for name in vars(AccountMock) if not name.startswith("_")}
    members |= set(re.findall(r"self\.([a-z]\w*) =", inspect.getsource(AccountMock.__init__)))
    clock = {name for name in vars(AccountClock) if not name.startswith("_")}
    missing = [name for name in members if not re.search(rf"^\| `\.{name}\b", PYTEST.text, re.MULTILINE)]
    missing += [name for name in clock if f"`.{name}" not in PYTEST.text]
    assert missing == []


@pytest.mark.parametrize("code", range(4))
def test_exit_code_is_explained(code: int) -> None:
    assert re.search(rf"^\| {code} \| \S", CHECK.text, re.MULTILINE)


def test_named_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        for target in set(re.findall(r"`make ([a-z-]+)", page.text)):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_contributing_names_every_make_target() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    contributing = MarkdownPage("CONTRIBUTING.md").text
    assert [target for target in targets if f"`make {target}`" not in contributing] == []


def test_named_files_exist() -> None:
    roots = "spec|tests|tools|requirements|mockserver|contracts|benchmarks|docs"
    for page in PAGES:
        for name in set(re.findall(rf"`((?:{roots})/[\w./-]*)`", page.text)):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_no_page_installs_the_package_from_an_index() -> None:
    for page in PAGES:
        assert not re.search(r"pip install (-\S+ )*videodb-mockserver\b(?!/)", page.text), page.name


def test_no_page_claims_that_an_sdk_reads_its_base_url_from_the_environment() -> None:
    assert "VIDEO_DB_BASE_URL" not in HANDBOOK_TEXT
