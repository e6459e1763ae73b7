"""Claims and checks are one to one, and each check that can fail has a defect that makes it fail."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from mockserver_contracts import checks as room
from mockserver_contracts.checks.catalogue import MODULES, all_checks
from mockserver_contracts.defects import DEFECTS
from mockserver_contracts.mutation.kill import PROFILE

from mockserver.contract import load
from tests.contracts.defects.test_registry import FUZZ
from tests.contracts.runs import CLAIMS


def test_claims_and_checks_are_one_to_one() -> None:
    claims, _ = all_checks()
    assert sorted(claims) == sorted(claim.id for claim in CLAIMS)


def test_names_of_rules_begin_with_rule_and_no_claims_do() -> None:
    claims, rules = all_checks()
    assert all(name.startswith("rule-") for name in rules)
    assert not any(name.startswith("rule-") for name in claims)


def test_every_check_has_a_docstring_of_sentences() -> None:
    for checks in all_checks():
        for name, check in checks.items():
            assert (check.body.__doc__ or "").endswith("."), name


def test_catalogue_names_every_module_that_registers_checks() -> None:
    for module in iter_modules(room.__path__):
        import_module(f"{room.__name__}.{module.name}")
    claims, rules = all_checks()
    modules = {check.body.__module__.rpartition(".")[2] for check in (*claims.values(), *rules.values())}
    assert modules == set(MODULES)


def test_every_check_that_can_fail_is_named_by_a_defect() -> None:
    claims, rules = all_checks()
    promised = claims.keys() & set(load(PROFILE)[1].promises)
    named = frozenset[str]().union(*(defect.fails for defect in DEFECTS.values()))
    assert (promised | rules.keys()) - named == set(), "add a defect to defects/ that names the check in its `fails`"
    assert named - FUZZ - claims.keys() - rules.keys() == set()
