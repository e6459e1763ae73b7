"""The examples of the handbook run and have the results that the pages show."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import yaml

from mockserver import running
from mockserver.settings import Settings, read_settings
from tests.docs.markdown import HANDBOOK, CodeBlock, MarkdownPage
from tests.docs.transcript import ADDRESS, Transcript, steps

SCRIPTS: Final = [block for page in HANDBOOK for block in page.blocks("python") if "def test_" not in block.text]
PAGES: Final = [page for page in HANDBOOK if page.blocks("console") and page.name != "docs/drift.md"]
"""The pages with commands; the chapter on drift has a test beside the nightly workflow, which shares its first run."""
LANGUAGES: Final = {"console", "python", "toml", "yaml", "json", "javascript", "typescript", "bash"}


def _name(page: MarkdownPage) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_console_commands_print_the_shown_output(
    page: MarkdownPage, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Transcript(page, tmp_path, capsys, monkeypatch).run()


def test_curl_answers_are_shown_on_the_pages() -> None:
    shown = [step for page in HANDBOOK for step in steps(page) if step.command.startswith("curl") and step.shown]
    assert len(shown) >= 15


@pytest.mark.parametrize("block", SCRIPTS, ids=[block.page.name for block in SCRIPTS])
def test_python_scripts_run(block: CodeBlock) -> None:
    with running(store="memory") as mock:
        exec(compile(block.text.replace(ADDRESS, mock.url), block.page.name, "exec"), {})


TOML: Final = [block for page in HANDBOOK for block in page.blocks("toml")]


@pytest.mark.parametrize("block", [block for block in TOML if block.file_name == "pyproject.toml"])
def test_pytest_options_are_settings_and_variables(block: CodeBlock) -> None:
    options = tomllib.loads(block.text)["tool"]["pytest"]["ini_options"]
    settings = dict(line.split(" = ") for line in options["videodb_mock"])
    assert settings.pop("strict") == "true"
    assert Settings().having(**settings).profile == settings["profile"]
    assert all(re.fullmatch(r"[A-Z_]+ = .*\{(url|api_key)\}.*", line) for line in options["videodb_env"])


@pytest.mark.parametrize("block", [block for block in TOML if block.file_name != "pyproject.toml"])
def test_toml_examples_are_settings(block: CodeBlock, tmp_path: Path) -> None:
    assert block.file_name == "mockserver.toml"
    (tmp_path / block.file_name).write_text(block.text, "utf-8")

    settings = read_settings(flags={}, environ={}, folder=tmp_path)
    assert settings.port == tomllib.loads(block.text)["port"]


def test_yaml_examples_name_their_file_and_are_yaml() -> None:
    for page in HANDBOOK:
        for block in page.blocks("yaml"):
            assert block.file_name is not None, f"{page.name}: the first line of a YAML example names its file"
            assert yaml.safe_load(block.text), block.file_name


def test_baseline_example_has_every_key_of_an_entry() -> None:
    [block] = [block for block in MarkdownPage("docs/check.md").blocks("yaml") if block.file_name == "accepted.yaml"]
    [entry] = yaml.safe_load(block.text)["accepted"]

    assert set(entry) == {"id", "title", "reason", "since", "expires", "search"}
    assert entry["since"] < datetime.now(UTC).date()


def test_json_examples_are_json() -> None:
    for page in HANDBOOK:
        for block in page.blocks("json"):
            json.loads(block.text)


@pytest.mark.parametrize("page", HANDBOOK, ids=_name)
def test_every_example_has_a_language_with_tests(page: MarkdownPage) -> None:
    assert page.languages <= LANGUAGES, page.name
