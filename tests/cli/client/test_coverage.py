"""`mockserver coverage`: of a running mock, of files, and of several together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver import Mock, running
from tests.cli.conftest import Cli


@pytest.fixture(scope="module")
def counting() -> Iterator[Mock]:
    with running(store="memory", coverage=True) as started:
        yield started


@pytest.fixture(autouse=True)
def _fresh_counts(counting: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOCKSERVER_URL", counting.url)
    counting.account("sk-cli-coverage").control("DELETE", "/coverage")
    counting.account("sk-cli-coverage").create(amount=50)


def test_coverage_of_the_mock_is_printed(cli: Cli) -> None:
    code, out, _ = cli("coverage")
    assert code == 0
    assert out.startswith("Coverage ")
    assert "by 1 exchange (VideoDB Server API, profile page)" in out.splitlines()[0]


def test_too_low_coverage_ends_with_1(cli: Cli) -> None:
    code, out, err = cli("coverage", "--fail-under", "99.5", "--json")
    assert (code, json.loads(out)["exchanges"]) == (1, 1)
    assert err.endswith("%; at least 99.5 % is needed\n")
    assert cli("coverage", "--fail-under", "1")[0] == 0


def test_reports_are_written(cli: Cli, tmp_path: Path) -> None:
    forms = {"html": "<!DOCTYPE html>", "markdown": "## Contract coverage", "json": "{"}
    flags = [flag for form in forms for flag in ("--report", f"{form}=report.{form}")]
    assert cli("coverage", *flags)[0] == 0
    for form, beginning in forms.items():
        assert (tmp_path / f"report.{form}").read_text("utf-8").lstrip().startswith(beginning), form


def test_sources_are_merged(cli: Cli, counting: Mock) -> None:
    cli("coverage", "--report", "json=first.json")
    _, listed, _ = cli("requests", "--json", "--key", "sk-cli-coverage", "--limit", "1")
    Path("requests.json").write_text(listed, "utf-8")
    _, out, _ = cli("coverage", "first.json", "requests.json", counting.url, "--json")
    assert json.loads(out)["exchanges"] == 3


def test_exchanges_are_counted_by_the_given_document(cli: Cli, tmp_path: Path) -> None:
    operation = {"responses": {"200": {"description": "A cart."}}}
    document = {"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": {"/cart": {"get": operation}}}
    Path("shop.json").write_text(json.dumps(document), "utf-8")
    request = {"method": "GET", "url": "https://shop.example/v1/cart", "headers": []}
    entry = {"request": request, "response": {"status": 200, "headers": [], "content": {}}}
    Path("browser.har").write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")
    _, out, err = cli("coverage", "browser.har", "--spec", "shop.json", "--base", "https://shop.example/v1")
    assert out, err
    assert out.splitlines()[0] == "Coverage 100.0 %: 2 of 2 goals, by 1 exchange (Shop, profile page)", err


def test_archive_of_the_journal_has_the_coverage_of_the_mock(cli: Cli) -> None:
    assert cli("requests", "--har", "journal.har", "--key", "sk-cli-coverage", "--limit", "1")[0] == 0
    of_mock, of_archive = (json.loads(cli("coverage", *source, "--json")[1]) for source in ([], ["journal.har"]))
    assert of_archive["operations"] == of_mock["operations"]
    assert of_archive["summary"]["kinds"]["claim"] == of_mock["summary"]["kinds"]["claim"]


def test_counts_are_forgotten_on_request(cli: Cli) -> None:
    assert "by 1 exchange" in cli("coverage", "--forget")[1]
    assert "by 0 exchanges" in cli("coverage")[1]


def test_mock_that_does_not_count_is_named(cli: Cli, mock: Mock) -> None:
    code, _, err = cli("coverage", "--url", mock.url)
    assert code == 1
    assert "start it with --coverage (coverage_off)" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.json"], "none.json cannot be read: no such file or directory"),
        (["--report", "pdf=x"], "--report 'pdf=x': html=FILE, markdown=FILE, json=FILE is needed"),
        (["--report", "html="], "--report 'html=': html=FILE, markdown=FILE, json=FILE is needed"),
        (["--report", "html=no/such/folder.html"], "no/such/folder.html cannot be written: no such file or directory"),
        (["--fail-under", "many"], "--fail-under is 'many'; a number from 0 to 100 is needed"),
        (["--fail-under", "101"], "--fail-under is '101'; a number from 0 to 100 is needed"),
        (["x.json", "--forget"], "--forget is about the mock at --url; it takes no SOURCE"),
    ],
)
def test_wrong_use_is_refused_in_a_sentence(cli: Cli, arguments: list[str], sentence: str) -> None:
    code, _, err = cli("coverage", *arguments)
    assert (code, err) == (2, f"mockserver: {sentence}\n")
