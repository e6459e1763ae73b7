"""The package without extras: what it brings, and what it says of the rest."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import pytest

from tests.matrix import long_but
from tests.packaging.dockerfile import ROOT
from tests.packaging.environment import clean_environment, locked

BUILD: Final = frozenset({"editables", "hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"})
"""The packages that build the wheel, and that its users do without."""
POSTGRES: Final = frozenset({"psycopg", "psycopg-binary"})
DECISION: Final = (ROOT / "docs/decisions/0016-light-base-package.md").read_text("utf-8")
MOST: Final = 40


def base_packages() -> set[str]:
    return {requirement.name for requirement in locked()} - BUILD - POSTGRES


def test_base_has_few_packages_each_with_its_reason() -> None:
    assert len(base_packages()) <= MOST
    reasons = set(re.findall(r"^\| `([\w.-]+)` \| \S", DECISION, re.MULTILINE))
    assert reasons == base_packages()


def test_no_package_of_the_base_has_a_pytest_plugin() -> None:
    plugins = {plugin.dist.name for plugin in entry_points(group="pytest11") if plugin.dist is not None}
    assert "hypothesis" in plugins, "the installed packages are looked at"
    assert not plugins & base_packages()


@pytest.mark.parametrize("command", long_but("replay", of=["check", "drift", "replay", "calibrate"]))
def test_command_of_the_harness_says_how_to_get_it(installed: Path, tmp_path: Path, command: str) -> None:
    arguments = {"drift": ["staging"], "replay": ["F1"], "calibrate": ["staging", "--output", "p.yaml"]}
    done = subprocess.run(
        [str(installed / "mockserver"), command, *arguments.get(command, [])],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=clean_environment(tmp_path),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"mockserver: mockserver {command} needs the extra `check` (schemathesis, ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    long_but(
        ["check", "--help"],
        ["defects"],
        of=[["--help"], ["check", "--help"], ["claims"], ["defects"], ["spec"], ["doctor"]],
    ),
)
def test_other_commands_do_without_the_extra(installed: Path, tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [str(installed / "mockserver"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=clean_environment(tmp_path),
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_mock_with_a_defect_is_served_without_the_extra(installed: Path, tmp_path: Path) -> None:
    arguments = [str(installed / "mockserver"), "serve", "--port", "0", "--store", "memory", "--quiet"]
    with subprocess.Popen(
        [*arguments, "--defect", "paying-at-once-credits-twice"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=clean_environment(tmp_path),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        started = process.stdout.readline() or process.stderr.read()
        process.terminate()
    assert started.startswith("http://127.0.0.1:")
