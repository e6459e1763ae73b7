"""A document with one arbitrary value is refused in a sentence, or served without a failure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.contract import Contract, ContractError, spec_folder
from mockserver.contract.contract import PathItem
from mockserver.contract.errors import MalformedForm, MalformedJson
from mockserver.contract.loading.effective_document import build_effective_document
from mockserver.contract.mocking.declared_refusals import DeclaredRefusals
from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import NoMockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from mockserver.contract.operation import Operation
from mockserver.contract.pointer import dereference
from mockserver.contract.request.security import AccessDenied
from tests.documents.everything import everything
from tests.matrix import few_examples

Place = tuple[str | int, ...]
BODIES = {
    "application/json": (b'{"x": 1}', b"[]", b'"a"', b"5"),
    "application/x-www-form-urlencoded": (b"x=1&y=a", b"v[a]=1"),
    "multipart/form-data; boundary=b": (b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n',),
    "text/plain": (b"a",),
}
HEADERS = [(b"authorization", b"Bearer a"), (b"x-key", b"a"), (b"cookie", b"v=1"), (b"v", b"1")]
_VALUES: list[Any] = [
    *(None, True, 0, -1, 1e300, "", "$ref", "object", "array", "a/b", [], {}, [None], [[]], {"": None}),
    *({"$ref": "#/components/schemas/Tree"}, {"$ref": "#/paths"}, {"$ref": 5}, {"type": ["string", "null"]}),
    *({"not": {}}, {"enum": []}, {"schema": True}, "default", "4XX", "form", {"example": {"a": 1}}),
]
ODD: st.SearchStrategy[Any] = st.sampled_from(_VALUES)


@cache
def whole(version: str) -> dict[str, Any]:
    """A part of the comprehensive document: one operation for each feature."""
    document = everything(version)
    paths = [
        *("/schemas/22", "/schemas/24", "/schemas/19", "/parameters/7", "/parameters/14/{v}", "/parameters/11"),
        *("/bodies/1", "/bodies/any", "/answers/3", "/statuses/0", "/statuses/4", "/security/4"),
    ]
    return {**document, "paths": {path: document["paths"][path] for path in paths}}


@cache
def places(version: str) -> list[Place]:
    """The path to every value in it."""

    def below(value: Any, path: Place) -> Iterator[Place]:
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, each in members:
            yield (*path, key)
            yield from below(each, (*path, key))

    return list(below(whole(version), ()))


def changed(version: str, place: Place, odd: Any) -> dict[str, Any]:
    document = copy.deepcopy(whole(version))
    holder: Any = document
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = odd
    return document


def use(contract: Contract) -> None:
    """Use every operation as a server does."""
    for path, item in contract.document["paths"].items():
        contract.path(path.replace("{v}", "1"))
        if not path.startswith("/"):
            continue
        held = PathItem(path, dereference(contract.document, item) or {}, contract.document)
        for method in held.methods:
            operation = held.operation(method)
            assert operation is not None
            ask(operation, path.replace("{v}", "1"))


def ask(operation: Operation, path: str) -> None:
    with suppress(AccessDenied):
        operation.security.admit(HEADERS, "key=a")
    operation.parameters("v=1&v=2&a[b]=1&x=1", path=path, headers=HEADERS)
    for content_type, bodies in BODIES.items():
        if (body := operation.body(content_type)) is not None:
            for raw in bodies:
                with suppress(MalformedJson, MalformedForm):
                    body.read(raw)
    answers = MockedResponses(operation)
    for code in (None, 200, 404):
        try:
            answer = answers.make(Preferences(code=code))
        except NoMockedResponse:
            continue
        violations = operation.response_violations(answer.status, answer.media_type, answer.value)
        # an example that its schema refuses is sent only with a note
        assert violations == () or any("it was sent" in note or " is no " in note for note in answer.notes)
    DeclaredRefusals(answers).find((422, 400), 400, "no")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken") / "api.json"


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@settings(few_examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_document_with_any_value_anywhere_is_refused_or_served(version: str, file: Path, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(version)))
    file.write_text(json.dumps(changed(version, place, data.draw(ODD))), encoding="utf-8")
    contract = None
    with suppress(ContractError):
        contract = Contract(build_effective_document(spec_folder() / "profiles" / "page.yaml", file, ()).document)
    if contract is not None:
        use(contract)
