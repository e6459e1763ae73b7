"""The defects as a whole: what each is called, what it must fail, and that nothing changes without one."""

from __future__ import annotations

import re

import pytest
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.every_exchange import REFUSAL_BODY
from mockserver_contracts.defects import DEFECTS, UnknownDefect, find_defects, settings_of
from mockserver_contracts.defects.defect import with_defects
from mockserver_contracts.defects.registry import FAMILIES
from mockserver_contracts.fuzz.triage import NOT_ACCEPTED, NOT_REFUSED
from mockserver_contracts.replay.listed_orders import CHECK as LISTED_ORDERS
from mockserver_contracts.replay.side_effects import CHECK as SIDE_EFFECTS
from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.results.finding import MISSING_OPERATION
from schemathesis.checks import CHECKS, load_all_checks

from mockserver import create_app
from tests.contracts.defects.defective_mock import a_mock_with

# The checks of the corpus and of every exchange, beside those of Schemathesis.
OWN = {
    MISSING_OPERATION,
    NOT_ACCEPTED,
    NOT_REFUSED,
    REFUSAL_BODY,
    LISTED_ORDERS,
    SIDE_EFFECTS,
    "every_request_is_answered",
    "max_response_time",
}
# No defect of a mock of VideoDB's document can make these fail, for the reason beside each.
CANNOT_FAIL = {
    "ensure_resource_availability": "no operation of the document creates what another one shows",
    "missing_operation": "on a mock every request of a missing operation is a finding of its own",
    "missing_required_header": "the only required header is the key's, and its absence is found as ignored_auth",
    "object_level_authorization": "no operation of the document shows one object",
    "response_headers_conformance": "the document declares no headers of responses",
    "use_after_free": "no operation of the document deletes",
}
load_all_checks()
FUZZ = {*CHECKS.get_all_names(), *OWN} - CANNOT_FAIL.keys()


def test_defect_names_are_unique() -> None:
    assert len(DEFECTS) == sum(len(family.defects) for family in FAMILIES)


def test_each_defect_has_a_name_of_words_and_a_sentence() -> None:
    names = [name for name in DEFECTS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+|tires", name)]
    sentences = [defect.description for defect in DEFECTS.values() if not defect.description.endswith(".")]
    assert (names, sentences) == ([], [])


def test_each_defect_is_a_behaviour_or_settings() -> None:
    assert [name for name, each in DEFECTS.items() if (each.behaviour is None) != bool(each.settings)] == []


def test_each_check_that_can_fail_is_named_by_a_defect() -> None:
    claims, rules = all_checks()
    promised = {claim.id for claim in load_claims() if claim.promised_by}
    assert promised <= claims.keys()
    named = frozenset[str]().union(*(defect.fails for defect in DEFECTS.values()))
    missing = sorted((promised | rules.keys() | FUZZ) - named)
    assert missing == [], "no defect names these checks: add one to contracts/mockserver_contracts/defects"


def test_checks_that_cannot_fail_are_named_by_no_defect() -> None:
    named = frozenset[str]().union(*(defect.fails for defect in DEFECTS.values()))
    assert named.isdisjoint(CANNOT_FAIL)


def test_each_defect_names_checks_that_exist() -> None:
    claims, rules = all_checks()
    unknown = {name: each.fails - FUZZ - claims.keys() - rules.keys() for name, each in DEFECTS.items()}
    assert {name: sorted(checks) for name, checks in unknown.items() if checks} == {}, "no check has these names"
    assert [name for name, each in DEFECTS.items() if not each.fails] == []


def test_each_defect_of_state_or_money_names_a_check_of_state() -> None:
    of_corpus = FUZZ - {SIDE_EFFECTS, LISTED_ORDERS}
    of_state = {name: each for name, each in DEFECTS.items() if each.family in ("state", "money")}
    assert [name for name, each in of_state.items() if each.fails <= of_corpus] == []


def test_application_without_defects_is_not_wrapped() -> None:
    app = create_app()
    assert with_defects(app, []) is app


def test_defects_are_found_once_each_in_the_given_order() -> None:
    found = find_defects(["tires", "no-id", "tires"])
    assert [defect.name for defect in found] == ["tires", "no-id"]
    assert settings_of(found) == {}
    assert settings_of(find_defects(["never-expires", "no-id"])) == {"session_ttl": "366d"}


def test_unknown_defect_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnknownDefect, match="'nope' is no defect; mockserver defects lists them"):
        find_defects(["no-id", "nope"])


def test_several_defects_act_together() -> None:
    with a_mock_with(*find_defects(["created-is-201", "no-checkouturl", "never-credited"])) as mock:
        answer = mock.checkout({"amount": 5})
        assert answer.status_code == 201
        assert "checkoutUrl" not in answer.json()
        mock.pay(answer.json()["id"])
        assert mock.balance() == 0


def test_defect_state_belongs_to_one_server() -> None:
    [defect] = find_defects(["same-order-same-session"])
    with a_mock_with(defect) as one, a_mock_with(defect) as other:
        assert one.create(amount=7) != other.create(amount=7)


def test_unaffected_responses_stay_byte_for_byte() -> None:
    with a_mock_with() as correct, a_mock_with(*find_defects(["decline-closes-the-session"])) as wrong:
        for path in ("/_mock/health", "/_mock/contract.json", "/billing/usage", "/nowhere", "/billing//usage"):
            one, two = (mock.get(path, headers={"x-access-token": "sk-one"}) for mock in (correct, wrong))
            assert (one.status_code, one.content) == (two.status_code, two.content)
            assert sorted(one.headers.multi_items()) == sorted(two.headers.multi_items())


def test_defect_reads_a_protected_control_api() -> None:
    [defect] = find_defects(["never-credited"])
    with a_mock_with(defect, control_token="secret-of-the-tests") as mock:
        name, control = mock.create(amount=5), {"authorization": "Bearer secret-of-the-tests"}
        assert mock.post(f"/_mock/sessions/{name}/pay", {}, headers=control).status_code == 200
        assert mock.balance() == 0
