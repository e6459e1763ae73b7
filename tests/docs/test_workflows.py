"""The workflows of docs/ci.md are valid, and their steps work: each runs as the shell runs it on GitHub."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.contracts.serving import closed_port, serving
from tests.contracts.staging import Staging
from tests.docs.markdown import README, ROOT, MarkdownPage
from tests.docs.transcript import steps

PAGE: Final = MarkdownPage("docs/ci.md")
WORKFLOWS: Final = {str(block.file_name): block.text for block in PAGE.blocks("yaml")}
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
            "PYTHONDONTWRITEBYTECODE": "1",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            # The dependencies are those of this environment: pip installs the checkout alone, and needs no network.
            "PIP_TARGET": str(folder / "installed"),
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
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


@pytest.fixture
def staging() -> Iterator[str]:
    with serving(Staging()) as url:
        yield url


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_is_valid_by_the_schema_of_github(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(WORKFLOWS[name], "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", name]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_schema_refuses_a_workflow_with_an_unknown_key(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(WORKFLOWS["drift.yml"].replace("runs-on:", "run-on:"), "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", "wrong.yml"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


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
    [example] = README.blocks("python")
    (tmp_path / "tests" / "test_shop.py").write_text(example.text, "utf-8")

    for name in ("Install", "Run the tests", "Check the mock"):
        run = job.run(name)
        assert run.returncode == 0, f"{name}:\n{run.stdout}{run.stderr}"

    assert job.files() == {"pytest.xml", "check.html", "check.xml"}
    assert (tmp_path / "installed" / "mockserver" / "spec").is_dir()
    [shown] = [step.shown for step in steps(README) if step.command == "mockserver check" and step.shown]
    assert run.stdout.rstrip("\n").endswith(shown.splitlines()[-1])


def test_drift_job_fails_for_a_new_drift_and_keeps_the_reports(tmp_path: Path, staging: str) -> None:
    job = Job("drift.yml", tmp_path, TARGET=staging, PYTHONPATH=str(ROOT))
    (tmp_path / "reports").mkdir()

    compared = job.run("Compare")
    assert compared.returncode == 1, compared.stderr
    assert job.run("Write the summary").returncode == 0
    assert job.files() == {"drift.html", "drift.xml", "drift.json", "drift.txt"}

    summary = job.summary.read_text("utf-8")
    assert summary.startswith(f"## Drift of {staging}: exit code 1\n")
    assert re.search(r"^- error: The target has no /data of 2xx \(`.*`, `drift-[0-9a-f]{12}`\)$", summary, re.MULTILINE)
    kept = [path.read_text("utf-8") for path in (tmp_path / "reports").iterdir()]
    assert not [text for text in [*kept, summary, compared.stdout, compared.stderr] if KEY in text]


def test_drift_job_fails_with_3_if_staging_does_not_answer(tmp_path: Path) -> None:
    job = Job("drift.yml", tmp_path, TARGET=f"http://127.0.0.1:{closed_port()}", PYTHONPATH=str(ROOT))
    (tmp_path / "reports").mkdir()

    assert job.run("Compare").returncode == 3
    assert job.run("Write the summary").returncode == 0
    assert "exit code 3" in job.summary.read_text("utf-8")
