"""The examples of the handbook run and have the results that the pages show."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import yaml

from mockserver import running
from mockserver.settings import from_sources
from tests.docs.markdown import HANDBOOK, CodeBlock, MarkdownPage
from tests.docs.transcript import ADDRESS, Transcript, steps

pytest_plugins = ["pytester"]

REHEARSAL: Final = MarkdownPage("docs/drift.md")
PYTHON: Final = [block for page in HANDBOOK for block in page.blocks("python")]
WITH_PYTEST: Final = [block.text for block in PYTHON if "def test_" in block.text]
SCRIPTS: Final = [block for block in PYTHON if "def test_" not in block.text]


def _name(page: MarkdownPage) -> str:
    return page.name


@pytest.mark.parametrize("page", [page for page in HANDBOOK if page.blocks("console") and page != REHEARSAL], ids=_name)
def test_console_commands_print_the_shown_output(
    page: MarkdownPage, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Transcript(page, tmp_path, capsys, monkeypatch).run()


def test_rehearsed_calibration_leaves_only_differences_beyond_a_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = Transcript(REHEARSAL, tmp_path, capsys, monkeypatch)
    transcript.run()

    last = [line for line in transcript.outputs[-1].splitlines() if line.startswith(("error: ", "warning: "))]
    assert not [line for line in last if "has no /" in line or "422 for 400" in line or "Another type" in line]


def test_curl_answers_are_shown_on_the_pages() -> None:
    shown = [step for page in HANDBOOK for step in steps(page) if step.command.startswith("curl") and step.shown]
    assert len(shown) >= 15


def test_pytest_examples_pass(pytester: pytest.Pytester) -> None:
    for number, example in enumerate(WITH_PYTEST):
        pytester.makepyfile(**{f"test_example_{number}": example})
    tests = sum(example.count("def test_") for example in WITH_PYTEST)

    assert tests >= 6
    pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=tests)


@pytest.mark.parametrize("block", SCRIPTS, ids=[block.page.name for block in SCRIPTS])
def test_python_scripts_run(block: CodeBlock) -> None:
    with running(store="memory") as mock:
        exec(compile(block.text.replace(ADDRESS, mock.url), block.page.name, "exec"), {})


@pytest.mark.parametrize("block", [block for page in HANDBOOK for block in page.blocks("toml")])
def test_toml_examples_are_settings(block: CodeBlock, tmp_path: Path) -> None:
    assert block.file_name == "mockserver.toml"
    (tmp_path / block.file_name).write_text(block.text, "utf-8")

    settings = from_sources(flags={}, environ={}, folder=tmp_path)
    assert settings.port == tomllib.loads(block.text)["port"]


def test_yaml_examples_name_their_file_and_are_yaml() -> None:
    for page in HANDBOOK:
        for block in page.blocks("yaml"):
            assert block.file_name is not None, f"{page.name}: the first line of a YAML example names its file"
            assert yaml.safe_load(block.text), block.file_name


def test_baseline_example_is_a_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [block] = [block for block in MarkdownPage("docs/check.md").blocks("yaml") if block.file_name == "accepted.yaml"]
    [entry] = yaml.safe_load(block.text)["accepted"]

    assert set(entry) == {"id", "title", "reason", "since", "expires"}
    assert entry["since"] < datetime.now(UTC).date()


def test_json_examples_are_json() -> None:
    for page in HANDBOOK:
        for block in page.blocks("json"):
            json.loads(block.text)


@pytest.mark.parametrize("page", HANDBOOK, ids=_name)
def test_every_example_has_a_language_with_tests(page: MarkdownPage) -> None:
    assert page.languages <= {"console", "python", "toml", "yaml", "json"}, page.name
