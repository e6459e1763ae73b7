"""The document has the errors of the product, each with its status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from mockserver.domain import errors
from mockserver.web.http.refusal import STATUS
from tests.web.control.document.calls import CALLS, DOCUMENT, SCHEMAS, Call, examples_of
from tests.web.mock_client import Mock, refused

OF_THE_API: Final = {"unauthorized", "not_acceptable"}
"""The codes of errors that the control API never has: they are about API keys and media types of the contract."""
INTERNAL: Final = "internal_error"


def kinds(error: type[errors.CheckoutError] = errors.CheckoutError) -> Iterator[type[errors.CheckoutError]]:
    """The errors below one."""
    for kind in error.__subclasses__():
        yield kind
        yield from kinds(kind)


STATUS_OF_CODE: Final = {
    kind.code: next(STATUS[each] for each in kind.__mro__ if each in STATUS)
    for kind in kinds()
    if hasattr(kind, "code") and kind.__module__ == errors.__name__
}


def refusals(call: Call) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((status, content) for status, _, content in call.answers() if status >= 400)


def test_document_has_every_error_code_of_the_control_api() -> None:
    assert set(SCHEMAS["ErrorCode"]["enum"]) == STATUS_OF_CODE.keys() - OF_THE_API | {INTERNAL}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_refusal_has_an_example_of_each_code_at_its_status(call: Call) -> None:
    for status, content in refusals(call):
        assert examples_of(content)
        for code, example in examples_of(content).items():
            assert example["error_code"] == code
            assert {**STATUS_OF_CODE, INTERNAL: 500}[code] == status


def test_error_code_is_an_answer_of_some_call() -> None:
    shown = {code for call in CALLS for _, content in refusals(call) for code in examples_of(content)}
    # a method that the document has is allowed
    assert shown == set(SCHEMAS["ErrorCode"]["enum"]) - {"method_not_allowed"}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_guards_of_every_call_are_declared(call: Call) -> None:
    declared = {status for status, _ in refusals(call)}
    is_public = call.operation.data.get("security") == []
    assert declared >= {400, 403, 413, 431, 500} | (set() if is_public else {401})
    assert (415 in declared) == (call.body is not None)


@pytest.mark.parametrize("call", [call for call in CALLS if "{id}" in call.path], ids=str)
def test_unknown_session_is_declared(mock: Mock, call: Call) -> None:
    refused(mock.request(call.method, call.path.format(id="cs_test_0")), 404, "session_not_found")


def test_bearer_token_is_the_control_token() -> None:
    assert DOCUMENT["components"]["securitySchemes"]["controlToken"]["scheme"] == "bearer"
    assert DOCUMENT["security"] == [{}, {"controlToken": []}]
