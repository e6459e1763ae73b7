"""Claims and checks are one to one."""

from __future__ import annotations

from mockserver_contracts.checks.catalogue import all_checks

from tests.contracts.runs import CLAIMS


def test_every_claim_of_the_page_has_its_check_and_every_check_its_claim() -> None:
    claims, _ = all_checks()
    assert sorted(claims) == sorted(claim["id"] for claim in CLAIMS)


def test_a_rule_is_called_one_and_no_claim_is() -> None:
    claims, rules = all_checks()
    assert all(name.startswith("rule-") for name in rules)
    assert not any(name.startswith("rule-") for name in claims)


def test_every_check_says_in_a_sentence_what_it_looks_at() -> None:
    for checks in all_checks():
        for name, check in checks.items():
            assert (check.body.__doc__ or "").endswith("."), name
