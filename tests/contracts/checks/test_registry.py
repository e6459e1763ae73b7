"""Claims and checks are one to one, and each check that can fail has a defect that makes it fail."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest
from mockserver_contracts import checks as room
from mockserver_contracts.checks.catalogue import MODULES, all_checks

from tests.contracts.runs import CLAIMS


def test_claims_and_checks_are_one_to_one() -> None:
    claims, _ = all_checks()
    assert sorted(claims) == sorted(claim.id for claim in CLAIMS)


def test_names_of_rules_begin_with_rule_and_no_claims_do() -> None:
    claims, rules = all_checks()
    assert all(name.startswith("rule-") for name in rules)
    assert not any(name.startswith("rule-") for name in claims)


def test_checks_are_in_the_order_of_the_catalogue_whatever_was_imported_first() -> None:
    program = (
        "import mockserver_contracts.checks.soundness.endurance, mockserver_contracts.checks.money\n"
        "from mockserver_contracts.checks.catalogue import MODULES, all_checks\n"
        "for checks in all_checks():\n"
        "    modules = [check.body.__module__.partition('.checks.')[2] for check in checks.values()]\n"
        "    assert modules == sorted(modules, key=MODULES.index), modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_check_has_a_docstring_of_sentences() -> None:
    for checks in all_checks():
        for name, check in checks.items():
            assert (check.body.__doc__ or "").endswith("."), name


def test_catalogue_names_every_module_that_registers_checks() -> None:
    for module in walk_packages(room.__path__, prefix=f"{room.__name__}."):
        import_module(module.name)
    claims, rules = all_checks()
    prefix = f"{room.__name__}."
    modules = {check.body.__module__.removeprefix(prefix) for check in (*claims.values(), *rules.values())}
    assert modules == set(MODULES)


@pytest.mark.parametrize("name", all_checks()[1])
def test_rule_has_one_sentence_with_its_reason(name: str) -> None:
    sentence = all_checks()[1][name].sentence
    assert ", because " in sentence
    assert sentence.endswith(".")
    assert ". " not in sentence
