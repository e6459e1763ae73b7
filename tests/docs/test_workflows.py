"""The workflows of the handbook are valid, and each step of those in docs/ci.md runs as the shell runs it on GitHub.

The job for pull requests runs the handbook's examples for pytest. The rehearsal of docs/drift.md is here too, since its
first run is that of the nightly job.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest
import yaml
from check_jsonschema import main as check_jsonschema  # type: ignore[import-untyped] # ships no types
from click.testing import CliRunner, Result

from tests.contracts.servers.local import closed_port, serving
from tests.contracts.servers.staging import Staging
from tests.docs.markdown import HANDBOOK, README, ROOT, MarkdownPage
from tests.docs.transcript import STAGING, Transcript, steps
from tests.matrix import IS_LONG

REHEARSAL: Final = MarkdownPage("docs/drift.md")
WITH_PYTEST: Final = [
    block.text
    for page in HANDBOOK
    for block in page.blocks("python")
    if "def test_" in block.text and not {"testcontainers", "playwright"} & {*re.findall(r"\w+", block.text)}
]
WORKFLOWS: Final = {
    str(block.file_name): block.text for page in HANDBOOK for block in page.blocks("yaml") if "\njobs:\n" in block.text
}
KEY: Final = "sk-of-somebody"
_SECRET: Final = "${{ secrets.VIDEODB_STAGING_KEY }}"


class Job:
    """The one job of a workflow, in a repository of its own; `run` runs a step by its name."""

    def __init__(self, workflow: str, folder: Path, **variables: str) -> None:
        document = yaml.safe_load(WORKFLOWS[workflow])
        [job] = document["jobs"].values()
        self.folder = folder
        self.steps: list[dict[str, Any]] = job["steps"]
        self.summary = folder / "summary.md"
        assert document["defaults"]["run"]["shell"] == "bash"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PATH": f"{folder / 'installed' / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(folder / "installed"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            # The dependencies are those of this environment: pip installs the checkout alone, and needs no network.
            "PIP_TARGET": str(folder / "installed"),
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip takes it for the value of build isolation
            **job.get("env", {}),
            **variables,
        }
        (folder / "videodb-mockserver").symlink_to(ROOT)
        (folder / "requirements.txt").write_text("")
        (folder / "staging-baseline.yaml").write_text("accepted: []\n")

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run the step of that name, with the options of GitHub's bash."""
        [step] = [step for step in self.steps if step.get("name") == name]
        script = self.folder / "step.sh"
        script.write_text(step["run"], "utf-8")
        own = {key: KEY if value == _SECRET else value for key, value in step.get("env", {}).items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder,
            env={**self._environment, **own},
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> set[str]:
        """The files that the job uploads."""
        [upload] = [step["with"] for step in self.steps if "upload-artifact" in step.get("uses", "")]
        return {path.name for path in (self.folder / upload["path"]).iterdir()}


def _validate(file: Path, text: str) -> Result:
    file.write_text(text, "utf-8")
    return CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.github-workflows", str(file)])


@pytest.fixture(scope="module")
def nightly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Job, str, subprocess.CompletedProcess[str]]]:
    """The nightly job after its step `Compare`: the job, the address of staging, and the result of the step."""
    folder = tmp_path_factory.mktemp("nightly")
    (folder / "reports").mkdir()
    with serving(Staging()) as url:
        job = Job("drift.yml", folder, TARGET=url, PYTHONPATH=str(ROOT))
        yield job, url, job.run("Compare")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_is_valid_by_the_schema_of_github(name: str, tmp_path: Path) -> None:
    result = _validate(tmp_path / name, WORKFLOWS[name])
    assert result.exit_code == 0, result.output


def test_schema_refuses_a_workflow_with_an_unknown_key(tmp_path: Path) -> None:
    assert _validate(tmp_path / "wrong.yml", WORKFLOWS["drift.yml"].replace("runs-on:", "run-on:")).exit_code == 1


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_has_pinned_actions_and_reading_permissions(name: str) -> None:
    document = yaml.safe_load(WORKFLOWS[name])
    assert document["permissions"] == {"contents": "read"}
    for line in re.findall(r"uses: (.*)", WORKFLOWS[name]):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("name", WORKFLOWS)
def test_scripts_of_a_workflow_contain_no_expression(name: str) -> None:
    # GitHub puts the value of an expression into a script as text: a way to inject commands.
    for job in yaml.safe_load(WORKFLOWS[name])["jobs"].values():
        assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_pull_request_job_installs_tests_checks_and_keeps_the_reports(tmp_path: Path) -> None:
    job = Job("pull-request.yml", tmp_path)
    (tmp_path / "tests").mkdir()
    for number, example in enumerate(WITH_PYTEST):
        (tmp_path / "tests" / f"test_example_{number}.py").write_text(example, "utf-8")

    for name in ("Install", "Run the tests", "Check the mock"):
        run = job.run(name)
        assert run.returncode == 0, f"{name}:\n{run.stdout}{run.stderr}"

    assert job.files() == {"pytest.xml", "check.html", "check.xml"}
    assert (tmp_path / "installed" / "mockserver" / "spec").is_dir()
    [suite] = ElementTree.parse(tmp_path / "reports" / "pytest.xml").getroot()
    assert int(suite.attrib["tests"]) == sum(example.count("def test_") for example in WITH_PYTEST) >= 6
    [shown] = [step.shown for step in steps(README) if step.command == "mockserver check" and step.shown]
    assert run.stdout.rstrip("\n").endswith(shown.splitlines()[-1])


@pytest.mark.long
def test_drift_job_fails_for_a_new_drift_and_keeps_the_reports(
    nightly: tuple[Job, str, subprocess.CompletedProcess[str]],
) -> None:
    job, url, compared = nightly
    assert compared.returncode == 1, compared.stderr
    assert job.files() == {"drift.html", "drift.xml", "drift.json", "drift.txt"}

    summary = job.summary.read_text("utf-8")
    assert summary.startswith(f"## Drift: comparison of `{url}` with the mock\n")
    assert re.search(r"^\*\*error\*\* .*: .* \(`drift-[0-9a-f]{12}`\)", summary, re.MULTILINE)
    assert "\n::error title=" in compared.stdout
    kept = [path.read_text("utf-8") for path in (job.folder / "reports").iterdir()]
    assert not [text for text in [*kept, summary, compared.stdout, compared.stderr] if KEY in text]


@pytest.mark.long
def test_rehearsed_calibration_leaves_only_differences_beyond_a_profile(
    nightly: tuple[Job, str, subprocess.CompletedProcess[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = f"mockserver drift {STAGING} --report html=drift.html"
    # The calibrated contract is a new one, so its requests are made here: few of them show the same.
    second = f"mockserver drift {STAGING} --profile staging.yaml"
    shortened = {} if IS_LONG else {second: " --max-examples 1"}
    known = {first: nightly[2].stdout}
    transcript = Transcript(REHEARSAL, tmp_path, capsys, monkeypatch, known=known, shortened=shortened)
    transcript.run()

    assert {first, second} <= {step.command for step in steps(REHEARSAL)}
    last = [line for line in transcript.outputs[-1].splitlines() if line.startswith(("error: ", "warning: "))]
    assert not [line for line in last if "has no /" in line or "422 for 400" in line or "Another type" in line]


def test_drift_job_fails_with_3_if_staging_does_not_answer(tmp_path: Path) -> None:
    job = Job("drift.yml", tmp_path, TARGET=f"http://127.0.0.1:{closed_port()}", PYTHONPATH=str(ROOT))
    (tmp_path / "reports").mkdir()

    assert job.run("Compare").returncode == 3
    assert "exit 3" in job.summary.read_text("utf-8")
