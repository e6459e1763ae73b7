"""A project of a user: the files that docs/other-languages.md shows, and the tools of tests/languages/node."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.docs.markdown import MarkdownPage
from tests.docs.transcript import Step, steps

PAGE: Final = MarkdownPage("docs/other-languages.md")
TOOLS: Final = Path(__file__).parent / "node"
SECONDS: Final = 120
BLOCKS: Final = [*PAGE.blocks("javascript"), *PAGE.blocks("typescript"), *PAGE.blocks("bash")]
STEPS: Final = {step.command: step for step in steps(PAGE)}
# Notes each start, then becomes the mock itself.
_RECORDER: Final = """#!/bin/sh
echo $$ >>{starts}
exec {python} -m mockserver "$@"
"""


def command_with(words: str) -> Step:
    """The only command of the page that has these words."""
    [step] = [step for command, step in STEPS.items() if words in command]
    return step


class Project:
    """The files of the page in a folder, with a command `mockserver` that records its starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._starts = folder / "starts.txt"
        self._starts.touch()
        for block in BLOCKS:
            assert block.file_name is not None, block.text
            (folder / block.file_name).write_text(block.text, "utf-8")
        (folder / "package.json").write_text(json.dumps({"type": "module"}))
        recorder = folder / "bin" / "mockserver"
        recorder.parent.mkdir()
        names = {"starts": shlex.quote(str(self._starts)), "python": shlex.quote(sys.executable)}
        recorder.write_text(_RECORDER.format(**names))
        recorder.chmod(0o755)

    @property
    def mocks(self) -> list[int]:
        """The process ids of the mocks that were started, in order."""
        return [int(line) for line in self._starts.read_text().splitlines()]

    def use_tools(self) -> None:
        """Make the packages of tests/languages/node available."""
        if not (TOOLS / "node_modules" / "vitest" / "package.json").is_file():
            pytest.fail("the packages are not installed; make tests/languages/node/node_modules does", pytrace=False)
        (self.folder / "node_modules").symlink_to(TOOLS / "node_modules")

    def run(self, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder. Nothing asks a registry or a proxy."""
        if shutil.which("node") is None:
            pytest.fail("there is no node on the PATH; these examples need Node.js 20 or newer", pytrace=False)
        environment = {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "NO_PROXY": "*",
            "no_proxy": "*",
            "CI": "1",
            "npm_config_offline": "true",
            "npm_config_update_notifier": "false",
            **variables,
        }
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def passes(self, command: str, **variables: str) -> str:
        """Run a command that must succeed, and return its output."""
        done = self.run(command, **variables)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def has_ended(self) -> bool:
        """No mock is left."""
        return not any(_is_alive(number) for number in self.mocks)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
