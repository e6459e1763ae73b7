from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract import ContractError
from mockserver.contract.loading.overlay import OverlayAction
from mockserver.contract.loading.overlay_action import apply_action
from mockserver.contract.loading.reading.source import Source

DOCUMENT: dict[str, Any] = {
    "info": {"title": "t", "x-owner": "me"},
    "paths": {
        "/a": {"get": {"tags": ["one"], "parameters": [{"name": "p", "in": "query"}, {"name": "q", "in": "query"}]}},
        "/b": {"get": {"deprecated": True}, "post": {}},
    },
}


def an_action(**data: Any) -> OverlayAction:
    return OverlayAction(Source(Path("mine.yaml"), {}, ""), "/actions/0", data)


def applied(**data: Any) -> dict[str, Any]:
    return apply_action(DOCUMENT, an_action(**data))


def test_update_merges_members_recursively() -> None:
    after = applied(target="$.paths", update={"/b": {"get": {"summary": "s"}}, "/c": {}})
    assert after["paths"]["/b"] == {"get": {"deprecated": True, "summary": "s"}, "post": {}}
    assert after["paths"]["/c"] == {}


def test_update_adds_to_a_list_at_its_end() -> None:
    after = applied(target="$.paths['/a'].get", update={"tags": ["two"]})
    assert after["paths"]["/a"]["get"]["tags"] == ["one", "two"]
    after = applied(target="$.paths['/a'].get.tags", update="two")
    assert after["paths"]["/a"]["get"]["tags"] == ["one", "two"]
    after = applied(target="$.paths['/a'].get.tags", update=["two", "three"])
    assert after["paths"]["/a"]["get"]["tags"] == ["one", "two", "three"]


def test_update_replaces_a_plain_value() -> None:
    assert applied(target="$.info.title", update="other")["info"]["title"] == "other"


def test_update_of_several_targets_gives_each_its_own_value() -> None:
    after = applied(target="$.paths.*.get", update={"responses": {"200": {}}})
    after["paths"]["/a"]["get"]["responses"]["404"] = {}
    assert after["paths"]["/b"]["get"]["responses"] == {"200": {}}


@pytest.mark.parametrize(
    "target",
    [
        "$.paths['/a'].get.parameters[?@.name=='q']",
        "$.paths['/a'].get.parameters[?(@.name == 'q')]",
        "$..parameters[-1]",
        "$.paths.*.get.parameters[1:]",
    ],
)
def test_targets_are_found_by_filters_and_positions(target: str) -> None:
    after = applied(target=target, remove=True)
    assert [each["name"] for each in after["paths"]["/a"]["get"]["parameters"]] == ["p"]


def test_every_entry_of_a_list_is_removed() -> None:
    assert applied(target="$.paths['/a'].get.parameters.*", remove=True)["paths"]["/a"]["get"]["parameters"] == []


def test_remove_excludes_an_update() -> None:
    assert applied(target="$.info['x-owner']", remove=True, update="you")["info"] == {"title": "t"}


def test_copy_merges_a_value_of_the_document() -> None:
    after = applied(target="$.paths['/b'].post", copy="$.paths['/a'].get")
    assert after["paths"]["/b"]["post"] == DOCUMENT["paths"]["/a"]["get"]


def test_given_document_stays_as_it_is() -> None:
    before = json.dumps(DOCUMENT)
    applied(target="$.paths.*.get", update={"tags": ["more"]})
    applied(target="$.paths", remove=True)
    assert json.dumps(DOCUMENT) == before


@pytest.mark.parametrize(
    ("data", "pointer", "reason"),
    [
        ({"target": "$.nope", "update": {}}, "/actions/0/target", "the target $.nope matches nothing"),
        ({"target": "paths", "update": {}}, "/actions/0/target", "the target paths can't be used: "),
        ({"target": "$.paths.*~", "update": {}}, "/actions/0/target", "can't be used"),
        ({"target": "$", "remove": True}, "/actions/0/target", "can't be used: it is the document"),
        ({"target": "$", "update": []}, "/actions/0", "takes an object"),
        ({"target": "$.info", "copy": "$.nope"}, "/actions/0/copy", "the copy $.nope matches nothing"),
        ({"target": "$.info", "copy": "$.paths.*"}, "/actions/0/copy", "matches 2 places; one is needed"),
        ({"target": "$.info", "copy": 5}, "/actions/0/copy", "the copy 5 can't be used"),
    ],
)
def test_unusable_action_names_its_place(data: dict[str, Any], pointer: str, reason: str) -> None:
    with pytest.raises(ContractError) as refused:
        apply_action(DOCUMENT, an_action(**data))
    assert refused.value.pointer == pointer
    assert reason in refused.value.reason
