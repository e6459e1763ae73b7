"""docs/other-languages.md shows complete files, tested commands, and packages that the tests have locked."""

from __future__ import annotations

import json
import re
import shlex

from tests.docs.markdown import HANDBOOK
from tests.docs.transcript import steps
from tests.languages.project import BLOCKS, PAGE, STEPS, TOOLS

LOCK = TOOLS / "package-lock.json"
TESTED = ("node --test", "npx vitest", "npx openapi-typescript", "npx tsc", "npx playwright", "bash buy-credits.sh")


def test_every_command_installs_or_is_tested() -> None:
    for command in STEPS:
        assert command.startswith("npm install --save-dev ") or any(words in command for words in TESTED), command


def test_commands_of_node_and_bash_are_on_this_page_alone() -> None:
    for page in HANDBOOK:
        found = [step.command for step in steps(page) if re.match(r"(npm|npx|node|bash) ", step.command)]
        assert page == PAGE or found == [], page.name


def test_files_have_different_names() -> None:
    names = [block.file_name for block in BLOCKS]
    assert None not in names
    assert len(set(names)) == len(names)


def test_files_import_shown_files_and_installed_packages() -> None:
    installed = {word for command in STEPS if command.startswith("npm install") for word in shlex.split(command)[3:]}
    shown = {block.file_name for block in BLOCKS} | {"mock-api.js"}
    for block in BLOCKS:
        for name in re.findall(r'from "([^"]+)"', block.text):
            package = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
            assert name.startswith("node:") or name.removeprefix("./") in shown or package in installed, name


def test_installed_packages_are_locked() -> None:
    locked = json.loads(LOCK.read_text())["packages"][""]["dependencies"]
    for command in STEPS:
        if command.startswith("npm install"):
            assert set(shlex.split(command)[3:]) <= locked.keys()


def test_lock_file_has_versions_and_no_registry() -> None:
    text = LOCK.read_text()
    assert '"integrity"' in text
    assert '"resolved"' not in text
