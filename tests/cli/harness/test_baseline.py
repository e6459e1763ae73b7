"""The command `mockserver check --baseline`."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from mockserver_contracts.baseline.baseline import Baseline

from mockserver.cli import main
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import closed_port, serving
from tests.matrix import IS_LONG, thinned

ABSENT = "fuzz-000000000000"


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-tests")


def check(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report."""
    code = main(["check", *arguments, "--report", "json=report.json"])
    return code, json.loads(Path("report.json").read_text("utf-8"))


def accepted() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = yaml.safe_load(Path("a.yaml").read_text("utf-8"))["accepted"]
    return listed


def test_updated_baseline_passes_later_runs_and_a_new_finding_fails(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--claims-only", "--baseline", "a.yaml"]
    with serving(Other("success_as_text")) as url:
        assert main(["check", url, "--claims-only"]) == 1
        code, updated = check(url, *flags, "--update-baseline")
        assert (code, updated["exit_code"], updated["findings"]) == (0, 0, [])
        assert [entry["reason"] for entry in accepted()] == ["To be explained"] * len(updated["accepted"])
        assert [entry["id"] for entry in accepted()] == [each["id"] for each in updated["accepted"]] != []
        capsys.readouterr()
        code, again = check(url, *flags)
        assert (code, again["findings"], again["accepted"]) == (0, [], updated["accepted"])
        assert f"{len(accepted())} accepted by a.yaml" in capsys.readouterr().out.splitlines()
        Path("a.yaml").write_text("accepted: []\n", "utf-8")
        code, without = check(url, *flags)
    assert (code, without["accepted"]) == (1, [])
    assert [finding["id"] for finding in without["findings"]] == [each["id"] for each in updated["accepted"]]


def test_finding_below_an_error_fails_a_run_with_a_baseline() -> None:
    Path("a.yaml").write_text("accepted: []\n", "utf-8")
    with serving(Other("422_for_400")) as url:
        flags = [url, "--fuzz-only"]
        code, report = check(*flags)
        assert {finding["severity"] for finding in report["findings"]} == {"info"}
        assert code == 0
        assert check(*flags, "--baseline", "a.yaml", "--report", "junit=junit.xml")[0] == 1
    assert f'failures="{len(report["findings"])}"' in Path("junit.xml").read_text("utf-8")


def an_entry(id_: str, *, command: str = "check") -> str:
    settings = f"check: c, command: {command}, target: mock, profiles: [page], seed: 1, max_examples: 20"
    return f"  - id: {id_}\n    title: Gone\n    search: {{{settings}}}\n"


def test_entry_vanishes_by_an_update_that_repeats_its_search(capsys: pytest.CaptureFixture[str]) -> None:
    others = f"{an_entry('drift-000000000000', command='drift')}  - id: claim-000000000000 # ours\n"
    text = f"# Ours.\naccepted:\n  # Old.\n{an_entry(ABSENT)}{others}"
    Path("a.yaml").write_text(text, "utf-8")
    flags = ["--profile", "page", "--baseline", "a.yaml"]
    # An entry is looked for by a run with all its settings: each other one is enough with a part of a run.
    part = [] if IS_LONG else ["--claims-only"]
    otherwise: tuple[list[str], ...] = (
        ["--claims-only"],
        ["--fuzz-only"],
        ["--strict", "--claims-only"],
        ["--max-examples", "1", *part],
        ["--time-budget", "0.2"],
        ["--profile", "openapi", *part],
    )
    for other in thinned(otherwise, step=2):
        code, report = check(*flags, *other, "--update-baseline")
        assert (code, report["vanished"]) == (3 if "--time-budget" in other else 0, [])
        assert Path("a.yaml").read_text("utf-8") == text
    capsys.readouterr()
    code, report = check(*flags)
    assert (code, report["vanished"]) == (0, [{"id": ABSENT, "title": "Gone", "reason": ""}])
    assert f"0 accepted by a.yaml, 1 vanished: {ABSENT} Gone" in capsys.readouterr().out
    assert Path("a.yaml").read_text("utf-8") == text
    assert check(*flags, "--update-baseline")[0] == 0
    assert Path("a.yaml").read_text("utf-8") == f"# Ours.\naccepted:\n  # Old.\n{others}"


def test_new_entry_has_the_search_of_its_run_and_another_server_leaves_it() -> None:
    flags = ["--claims-only", "--baseline", "a.yaml", "--seed", "7", "--update-baseline"]
    with serving(Other("success_as_text")) as url:
        check(url, *flags)
    [entry] = accepted()
    assert entry["search"].pop("lacks")
    assert entry["search"] == {
        "check": "success-flag",
        "command": "check",
        "target": url.removeprefix("http://"),
        "profiles": ["page"],
        "seed": 7,
        "max_examples": 20,
        "without": ["rules", "corpus"],
    }
    text = Path("a.yaml").read_text("utf-8")
    with serving(Other()) as another:
        assert check(another, *flags)[1]["vanished"] == []
    assert Path("a.yaml").read_text("utf-8") == text


def test_expired_entry_fails_the_run_and_an_update_does_not_renew_it() -> None:
    flags = ["--claims-only", "--baseline", "a.yaml"]
    with serving(Other("success_as_text")) as url:
        check(url, *flags, "--update-baseline")
        text = Path("a.yaml").read_text("utf-8").replace("To be explained", "Known\n    expires: 2020-01-01", 1)
        Path("a.yaml").write_text(text, "utf-8")
        for more in ([], ["--update-baseline"]):
            code, report = check(url, *flags, *more)
            [finding] = report["findings"]
            assert code == 1
            assert "(its acceptance expired on 2020-01-01: Known)" in finding["title"]
            assert Path("a.yaml").read_text("utf-8") == text


def test_untested_target_is_exit_3_and_writes_no_baseline() -> None:
    code, report = check(f"http://127.0.0.1:{closed_port()}", "--baseline", "a.yaml", "--update-baseline")
    assert (code, report["error"]["code"]) == (3, "unreachable")
    assert not Path("a.yaml").exists()


@pytest.mark.long
def test_real_key_stands_not_in_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-Very-Secret-Key")
    with serving(Other("echoes_the_key")) as url:
        check(url, "--fuzz-only", "--baseline", "a.yaml", "--update-baseline")
    assert accepted() != []
    assert "Very-Secret" not in Path("a.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        (["--update-baseline"], None, "--update-baseline needs --baseline FILE"),
        (["--baseline", "a.yaml"], None, "--baseline a.yaml does not exist; --update-baseline creates it"),
        (["--baseline", "no/a.yaml", "--update-baseline"], None, "a file in an existing folder is needed"),
        (["--baseline", "."], None, "--baseline . cannot be read"),
        (["--baseline", "a.yaml"], "accepted:\n- x\n", "--baseline a.yaml, line 2: an entry is 'x'"),
        (["--baseline", "a.yaml", "--update-baseline"], "", "--baseline a.yaml, line 1: nothing is given"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_sentence(
    arguments: list[str], text: str | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        Path("a.yaml").write_text(text, "utf-8")
    assert main(["check", *arguments]) == 2
    output = capsys.readouterr()
    assert words in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""


def test_unwritable_baseline_is_exit_2_and_the_report_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path("folder")
    folder.mkdir()

    def removing(order: object) -> object:
        from mockserver_contracts.results.events import RunFinished

        folder.rmdir()
        yield RunFinished(0, 1, 0.1)

    monkeypatch.setattr("mockserver_contracts.run.run.run_plan", removing)
    code, report = check("--baseline", "folder/a.yaml", "--update-baseline")
    assert (code, report["exit_code"]) == (2, 0)
    assert "folder/a.yaml" in capsys.readouterr().err


def test_example_of_the_docs_is_a_baseline() -> None:
    page = (Path(__file__).parents[3] / "docs" / "check.md").read_text("utf-8")
    [example] = re.findall(r"^```yaml\n[^`]*?^(accepted:.*?)^```$", page, re.MULTILINE | re.DOTALL)
    [entry] = Baseline.parse(example, Path("accepted.yaml"), date(2026, 11, 25)).entries
    assert entry.is_valid(date(2027, 1, 30))
    assert not entry.is_valid(date(2027, 1, 31))
