"""The Dockerfile by a linter, and by the rules that no linter knows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

from mockserver.settings import SETTINGS
from tests.packaging.dockerfile import BUILD, DOCKERFILE, HEALTH, IMAGE, ROOT, stages
from tests.packaging.environment import HOME, locked

BASE: Final = r"python:3\.\d+-slim-[a-z]+( AS build)?"
HADOLINT: Final = Path(sys.executable).with_name("hadolint")


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(HADOLINT), "--no-color", str(file)], capture_output=True, text=True, check=False)


def test_linter_finds_nothing() -> None:
    done = lint(DOCKERFILE)
    assert (done.returncode, done.stdout) == (0, "")


def test_linter_finds_an_unpinned_base(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(re.sub(BASE, "python", DOCKERFILE.read_text("utf-8")))
    done = lint(file)
    assert done.returncode == 1
    assert "DL3006" in done.stdout


def test_stages_have_one_base_that_is_pinned_by_tag() -> None:
    bases = [stage.one("FROM").rest for stage in (BUILD, IMAGE)]
    assert all(re.fullmatch(BASE, base) for base in bases), bases
    assert bases[0] == f"{bases[1]} AS build"


def test_packages_are_locked_wheels() -> None:
    create, install, build = (instruction.rest for instruction in BUILD.all("RUN"))
    assert create == f"python -m venv {HOME}"
    words = install.split()
    assert words[:2] == [f"{HOME}/bin/pip", "install"]
    assert {"--require-hashes", "--no-cache-dir", "--requirement", "requirements/runtime.lock"} <= set(words)
    assert words[words.index("--only-binary") + 1] == ":all:"
    assert "--no-deps --no-build-isolation" in build
    assert "--no-deps --no-index" in build


def test_lock_has_the_packages_of_every_extra_that_serves() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    names = {requirement.name.lower() for requirement in locked()}
    for extra in extras.keys() - {"build", "check", "test"}:
        missing = [text for text in extras[extra] if Requirement(text).name.lower() not in names]
        assert missing == [], f"the image lacks the extra {extra}: make lock"


def test_commands_of_the_image_are_in_exec_form() -> None:
    assert HEALTH[1] == "CMD "
    forms = [IMAGE.one("ENTRYPOINT").rest, IMAGE.one("CMD").rest, HEALTH[2]]
    assert [json.loads(form) for form in forms] == [["mockserver"], ["serve"], ["mockserver", "health"]]


def test_health_check_waits_longer_than_the_command_does() -> None:
    seconds = {name: int(value) for name, value in re.findall(r"--([a-z-]+)=(\d+)s", HEALTH[0])}
    assert 2 < seconds["timeout"] < seconds["interval"] <= 10
    assert seconds["start-interval"] <= 1


def test_user_is_a_number_that_owns_the_volume() -> None:
    user, group = IMAGE.one("USER").rest.split(":")
    [prepare] = IMAGE.all("RUN")
    assert user == group
    assert int(user) > 0
    assert f"useradd --no-log-init --uid {user} --user-group" in prepare.rest
    assert "install --directory --owner mock --group mock /data" in prepare.rest
    assert IMAGE.one("VOLUME").arguments == ["/data"]
    assert IMAGE.one("WORKDIR").rest == "/data"


def test_variables_are_settings_and_agree_with_the_port_and_the_volume() -> None:
    variables = IMAGE.environment
    port = next(setting.default for setting in SETTINGS if setting.name == "port")
    known = {setting.variable for setting in SETTINGS} | {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert variables.keys() <= known
    assert IMAGE.one("EXPOSE").rest == port
    assert variables["MOCKSERVER_HOST"] == "0.0.0.0"
    assert variables["MOCKSERVER_STORE"].startswith("sqlite:////data/")
    assert variables["PATH"] == f"{HOME}/bin:$PATH"
    assert IMAGE.one("COPY").rest == f"--from=build {HOME} {HOME}"


def test_build_context_has_the_copied_files_and_no_others() -> None:
    first, *rules = [
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    copied = {name for instruction in BUILD.all("COPY") for name in instruction.arguments[:-1]}
    assert first == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
    assert [rule for rule in rules if not rule.startswith("!")] == ["**/__pycache__", "**/*.pyc"]
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("word", ["ADD", "ARG", "SHELL"])
def test_image_needs_no_argument_and_loads_nothing_by_address(word: str) -> None:
    assert [stage.all(word) for stage in (BUILD, IMAGE)] == [[], []]


def test_parser_joins_lines_and_leaves_comments_out() -> None:
    [stage] = stages('FROM a\n# ENV B=2\nENV A=1 \\\n    "C=3 4"\nCMD ["x", "y z"]\n')
    assert stage.environment == {"A": "1", "C": "3 4"}
    assert stage.one("CMD").arguments == ["x", "y z"]
