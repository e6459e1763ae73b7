"""A page's console blocks as a person types them: the commands in order, on one running mock.

Rule 1: `mockserver serve` starts the mock of the following commands, with the page's flags and files.
Rule 2: the output agrees with the page; ids, times and ports may differ, and a line `...` stands for any lines.
Rule 3: an id of the page stands for the id of this run in all later commands.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pytest
from mockserver_contracts.defects import settings_of, with_defects
from mockserver_contracts.defects.registry import find_defects

from mockserver import Settings, create_app, running
from mockserver.cli import command_module, command_parser, main
from mockserver.settings import SETTINGS
from tests.contracts.servers.local import serving
from tests.contracts.servers.staging import Staging
from tests.docs.markdown import ROOT, MarkdownPage

ADDRESS: Final = "http://127.0.0.1:8765"
STAGING: Final = "http://127.0.0.1:9000"
"""The address of the server that the chapter on drift compares with the mock."""

_IDS: Final = re.compile(r"cs_test_[A-Za-z0-9]{58}|fault_[A-Za-z0-9]{16}|in_[A-Za-z0-9]{24}")
_TIMES: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|(?<=^date: ).*$", re.MULTILINE)
_DRIFTS: Final = re.compile(r"drift-[0-9a-f]{12}( and [0-9]+ more)?")

INSTALLING: Final = re.compile(
    r"(python3 -m venv|(\.venv/bin/)?(python3? -m )?pip (install|wheel) |source |git (clone|submodule|add) |cd |pytest"
    r"|docker |kubectl |export |npm install |npx |node |bash )"
)
"""Commands of the shell that a transcript does not run. Tests of packaging, containers and languages do."""


class Step(NamedTuple):
    """A command of a page and the output that the page shows."""

    command: str
    shown: str


def steps(page: MarkdownPage) -> Iterator[Step]:
    """The commands of a page's console blocks, in order."""
    for block in page.blocks("console"):
        assert block.text.startswith("$ "), f"{page.name}: a console block begins with a command: {block.text[:60]!r}"
        for part in block.text.removeprefix("$ ").split("\n$ "):
            command, _, shown = part.partition("\n")
            while command.endswith("\\"):
                more, _, shown = shown.partition("\n")
                command = f"{command[:-1]}{more.strip()}"
            yield Step(command, shown.rstrip("\n"))


class Transcript:
    """Runs the steps of one page; `outputs` keeps what each printed."""

    def __init__(
        self,
        page: MarkdownPage,
        folder: Path,
        capture: pytest.CaptureFixture[str],
        environment: pytest.MonkeyPatch,
        *,
        known: Mapping[str, str] = MappingProxyType({}),
        shortened: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`known` has the outputs of commands that another test has run, `shortened` flags of a smaller run."""
        self.outputs: list[str] = []
        self._shortened = shortened
        self._known = known
        self._page = page
        self._folder = folder
        self._capture = capture
        self._environment = environment
        self._ids: dict[str, str] = {}
        self._servers: dict[str, str] = {}
        self._stack = ExitStack()

    def run(self) -> None:
        """Run every step of the page and compare the outputs."""
        self._environment.chdir(self._folder)
        self._environment.setenv("VIDEO_DB_API_KEY", "sk-of-somebody")
        for block in [*self._page.blocks("yaml"), *self._page.blocks("toml")]:
            if block.file_name is not None:
                (self._folder / block.file_name).write_text(block.text, "utf-8")
        with self._stack:
            for step in steps(self._page):
                self._run(step)

    def _run(self, step: Step) -> None:
        words = shlex.split(step.command)
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), step.command
        elif words[0] == "mockserver" and words[1] == "serve":
            self._serve(words[2:])
        elif words[0] == "mockserver" and not _is_run(words, step):
            command_parser(words[1], command_module(words[1])).parse_intermixed_args(words[2:])
        elif step.command in self._known:
            self._compare(step, self._known[step.command])
        elif words[0] in ("curl", "mockserver"):
            self._compare(step, self._output_of(step))
        else:
            assert INSTALLING.match(step.command), f"{self._page.name}: nothing tests {step.command!r}"

    def _output_of(self, step: Step) -> str:
        command = _replace(step.command + self._shortened.get(step.command, ""), self._ids)
        command = _replace(command, {ADDRESS: self._mock, STAGING: self._staging})
        if command.startswith("curl "):
            done = subprocess.run(
                ["bash", "-c", command], capture_output=True, text=True, cwd=self._folder, check=False
            )
            output = done.stdout
        else:
            self._environment.setenv("MOCKSERVER_URL", self._mock())
            self._capture.readouterr()
            main(shlex.split(command)[1:])
            printed = self._capture.readouterr()
            output = printed.out + printed.err if printed.err.startswith("mockserver: ") else printed.out
        for url, address in ((url, address) for address, url in self._servers.items()):
            output = output.replace(url, address)
        self.outputs.append(output)
        return output

    def _compare(self, step: Step, output: str) -> None:
        if not step.shown:
            return
        where = f"{self._page.name}: $ {step.command}\n{output}"
        expected, actual = _normalize(step.shown), _normalize(output)
        if (document := _json_or_none(expected)) is not None:
            assert _json_or_none(actual) == document, where
        else:
            assert _agrees(expected.splitlines(), actual.rstrip("\n").splitlines()), where
        self._ids |= dict(zip(_IDS.findall(step.shown), _IDS.findall(output), strict=False))

    def _serve(self, words: list[str]) -> None:
        found = vars(command_parser("serve", command_module("serve")).parse_args(words))
        names = {setting.name for setting in SETTINGS if setting.option} - {"port", "host", "open", "watch", "store"}
        overrides = {name: found[name] for name in names if found[name] is not None}
        defects = find_defects(found["defects"] or ())
        if defects:
            application = with_defects(create_app(Settings(store="memory").having(**settings_of(defects))), defects)
            self._servers[ADDRESS] = self._stack.enter_context(serving(application))
        else:
            self._servers[ADDRESS] = self._stack.enter_context(running(store="memory", **overrides)).url

    def _mock(self) -> str:
        if ADDRESS not in self._servers:
            self._serve([])
        return self._servers[ADDRESS]

    def _staging(self) -> str:
        if STAGING not in self._servers:
            self._servers[STAGING] = self._stack.enter_context(serving(Staging()))
        return self._servers[STAGING]


def _is_run(words: list[str], step: Step) -> bool:
    """A check whose findings no page shows has tests of its own, and no transcript sends anything to VideoDB."""
    if words[1] == "check":
        return ADDRESS in words and bool(step.shown)
    return "staging" not in words or "--dry-run" in words


def _replace(text: str, names: dict[str, str] | dict[str, Callable[[], str]]) -> str:
    for name, value in names.items():
        if name in text:
            text = text.replace(name, value if isinstance(value, str) else value())
    return text


def _normalize(text: str) -> str:
    return _DRIFTS.sub("drift-...", _TIMES.sub("TIME", _IDS.sub("ID", text.replace("\r", ""))))


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _agrees(expected: list[str], actual: list[str]) -> bool:
    """The lines are equal, but for spaces in a row; an expected `...` stands for any number of lines."""
    if not expected:
        return not actual
    if expected[0].strip() == "...":
        return any(_agrees(expected[1:], actual[start:]) for start in range(len(actual) + 1))
    return bool(actual) and expected[0].split() == actual[0].split() and _agrees(expected[1:], actual[1:])
