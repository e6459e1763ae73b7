"""`mockserver defects`, and `serve --defect`."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from mockserver_contracts.defects import DEFECTS

from tests.cli.conftest import Cli
from tests.scenarios.process import serving

KEY = {"x-access-token": "sk-demo"}


def test_defects_are_listed_by_family(cli: Cli) -> None:
    code, out, _ = cli("defects")
    assert code == 0
    lines = out.splitlines()
    for defect in DEFECTS.values():
        heading = defect.family if defect.profile == "page" else f"{defect.family}, with --profile {defect.profile}"
        assert heading in lines
        assert any(line.startswith(f"  {defect.name} ") for line in lines)


def test_defects_of_one_family_are_listed(cli: Cli) -> None:
    _, out, _ = cli("defects", "--family", "time", "--json")
    assert {one["family"] for one in json.loads(out)["defects"]} == {"time"}


def test_json_of_a_defect_has_the_claims_it_fails(cli: Cli) -> None:
    _, out, _ = cli("defects", "--json")
    defects = json.loads(out)["defects"]
    assert [one["name"] for one in defects] == list(DEFECTS)
    assert all(set(one) == {"name", "family", "description", "fails", "profile"} for one in defects)
    assert next(one for one in defects if one["name"] == "no-checkouturl")["fails"][0] == "checkouturl-at-top-level"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["defects", "--family", "nope"], "unknown family 'nope'; --family is one of: response shape"),
        (["serve", "--defect", "nope"], "--defect: 'nope' is no defect; mockserver defects lists them"),
    ],
)
def test_unknown_name_exits_with_2_and_one_sentence(cli: Cli, arguments: list[str], words: str) -> None:
    code, out, errors = cli(*arguments)
    assert (code, out) == (2, "")
    assert words in errors


def test_serve_with_defect_is_wrong_and_reports_it(tmp_path: Path) -> None:
    arguments = ["--store", "memory", "--json", "--defect", "never-expires", "--defect", "created-is-201"]
    with serving(tmp_path, *arguments, last_line="{") as served:
        said = json.loads(served.started)
        assert said["defects"] == ["never-expires", "created-is-201"]
        created = httpx.post(said["url"] + "/billing/checkout", json={"amount": 5}, headers=KEY)
        assert created.status_code == 201
        httpx.post(said["url"] + "/_mock/clock", json={"advance": "25h"})
        [row] = httpx.get(said["url"] + "/billing/checkouts", headers=KEY).json()["data"]
        assert row["status"] == "pending"
        served.interrupt()
        assert served.process.stdout is not None
        lines = [json.loads(line) for line in served.process.stdout]
    assert (lines[0]["path"], lines[0]["status"]) == ("/billing/checkout", 201)
    assert lines[0]["account"].startswith("acct_")


def test_startup_message_names_defects_if_there_are_any(tmp_path: Path) -> None:
    with serving(tmp_path, "--store", "memory", "--defect", "no-id", last_line="Ctrl-C") as served:
        assert "no-id: this server has deliberate defects" in served.started
    with serving(tmp_path, "--store", "memory", last_line="Ctrl-C") as served:
        assert "DEFECTS" not in served.started
