"""The files at the root of the repository agree with the repository."""

from __future__ import annotations

import configparser
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.docs.markdown import ROOT

PYPROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HOOKS: Final = [
    hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    for hook in repository["hooks"]
]


def _tracked_files() -> list[str]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in run.stdout.split("\0") if name]


def test_files_name_no_package_registry() -> None:
    # The names are put together here, so that this file does not contain them itself.
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs"]
    for name in _tracked_files():
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".pdf"):
            text = path.read_text("utf-8", errors="replace")
            assert [host for host in hosts if host in text] == [], name


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_hook_calls_an_existing_tool_on_existing_files(hook: dict[str, Any]) -> None:
    assert hook["language"] == "system"
    tool, *arguments = hook["entry"].split()
    names = {line.partition("==")[0] for line in (ROOT / "requirements" / "test.lock").read_text("utf-8").splitlines()}
    assert tool.removeprefix(".venv/bin/") in names
    assert [name for name in arguments if "/" in name and not (ROOT / name).exists()] == []


def test_editorconfig_agrees_with_the_formatter() -> None:
    parser = configparser.ConfigParser()
    parser.read_string("[preamble]\n" + (ROOT / ".editorconfig").read_text("utf-8"))
    assert parser["preamble"]["root"] == "true"
    assert int(parser["*"]["max_line_length"]) == PYPROJECT["tool"]["ruff"]["line-length"]


def test_text_files_end_with_one_newline() -> None:
    suffixes = {".py", ".md", ".toml", ".yaml", ".yml", ".js", ".css", ".html", ".sh"}
    for name in _tracked_files():
        path = ROOT / name
        if path.suffix in suffixes and path.is_file():
            text = path.read_text("utf-8")
            assert not text or (text.endswith("\n") and not text.endswith("\n\n")), name


def test_project_urls_use_tls() -> None:
    urls = PYPROJECT["project"]["urls"]
    assert urls
    assert all(url.startswith("https://") for url in urls.values())


def test_site_loads_nothing_from_other_hosts() -> None:
    project = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]
    assert project["theme"]["font"] is False
    # The plugin for search without a web server puts a script of another host into each page.
    assert "offline" not in project.get("plugins", {})


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").iterdir()), ids=lambda lock: lock.stem)
def test_lock_has_hashes_and_no_index(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert text.count("--hash=sha256:") > text.count("==") > 0
    assert "://" not in text
