from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

from mockserver import __version__
from mockserver.cli import COMMANDS
from mockserver.settings import SETTINGS
from tests.cli.conftest import Cli


def test_command_line_without_command_lists_all(cli: Cli) -> None:
    code, out, _ = cli()
    assert code == 0
    assert all(f"  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_ends_with_an_example(cli: Cli, name: str) -> None:
    code, out, _ = cli(name, "--help")
    assert code == 0
    assert "example:" in out
    assert out.rstrip().splitlines()[-1].strip().startswith(f"mockserver {name}")


def test_help_of_serve_names_each_setting_with_variable_and_default(cli: Cli) -> None:
    words = " ".join(cli("serve", "--help")[1].split())
    for setting in SETTINGS:
        if setting.option is not None:
            assert setting.option in words
            assert f"[env: {setting.variable}; default: {setting.default}]" in words


@pytest.mark.parametrize(
    "arguments", [["brew"], ["serve", "--prot", "1"], ["serve", "extra"], ["pay"], ["serve", "--port"]]
)
def test_wrong_usage_exits_with_2_and_one_line(cli: Cli, arguments: list[str]) -> None:
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("mockserver: ")
    assert err.count("\n") == 1


def test_wrong_setting_exits_with_2(cli: Cli) -> None:
    assert cli("serve", "--port", "abc") == (2, "", "mockserver: --port is 'abc'; a number from 0 to 65535 is needed\n")


def test_version_is_printed(cli: Cli) -> None:
    assert cli("--version") == (0, f"mockserver {__version__}\n", "")


def test_command_runs_as_a_module() -> None:
    run = subprocess.run([sys.executable, "-m", "mockserver", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == f"mockserver {__version__}\n"


@pytest.mark.parametrize("profile", ["page", "openapi", "python-sample", "javascript-sample", "observed"])
def test_spec_prints_contract_in_both_formats(cli: Cli, profile: str) -> None:
    _, as_yaml, _ = cli("spec", "--profile", profile)
    _, as_json, _ = cli("spec", "--profile", profile, "--format", "json")
    assert yaml.safe_load(as_yaml) == json.loads(as_json)
    assert "/billing/checkout" in json.loads(as_json)["paths"]


def test_spec_refuses_unreadable_document(cli: Cli) -> None:
    code, _, err = cli("spec", "--spec", "nowhere.yaml")
    assert code == 2
    assert "nowhere.yaml" in err


def test_claims_lists_the_claims_of_the_page(cli: Cli) -> None:
    _, out, _ = cli("claims", "--voice", "prose")
    assert "session-expires-after-24-hours  (prose:" in out
    assert "    quote: expire after 24 hours if not completed\n" in out
    _, out, _ = cli("claims", "--json")
    claims = json.loads(out)["claims"]
    assert {claim["voice"] for claim in claims if not claim["quote"]} == {"openapi", "observed"}
    assert {claim["voice"] for claim in claims} == {
        "prose",
        "python-sample",
        "javascript-sample",
        "openapi",
        "observed",
    }


def test_claims_lists_the_rules_with_their_reasons(cli: Cli) -> None:
    _, out, _ = cli("claims", "--rules")
    assert "rule-paid-once\n    A session is paid and credited once, " in out
    _, out, _ = cli("claims", "--rules", "--json")
    rules = json.loads(out)["rules"]
    assert len(rules) >= 38
    assert all(", because " in rule["statement"] for rule in rules)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["serv"], "unknown command 'serv'; did you mean serve? (see mockserver --help)"),
        (["session"], "did you mean sessions?"),
        (
            ["serve", "--prot", "1"],
            "arguments: --prot 1; did you mean --port? (see mockserver serve --help)",
        ),
        (["check", "--max-exmples=3"], "did you mean --max-examples?"),
        (["serve", "--profile", "pages"], "unknown profile 'pages': use javascript-sample, observed, openapi, page"),
        (["serve", "--profile", "pages"], "did you mean page?"),
        (["brew"], "the commands are: serve, check"),
    ],
)
def test_similar_word_is_suggested(cli: Cli, arguments: list[str], hint: str) -> None:
    code, _, err = cli(*arguments)
    assert code == 2
    assert hint in err
