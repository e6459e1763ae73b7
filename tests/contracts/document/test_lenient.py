"""The form of ids and times is a finding on a mock and none on another correct server."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from mockserver_contracts.document.lenient import make_lenient

from tests.contracts.runs import PART, document, run_on, target_of
from tests.contracts.servers.independent import Other, Receive, Send
from tests.matrix import long_but


class Otherwise:
    """The other server, its answers changed by a function of their bytes."""

    def __init__(self, was: bytes, becomes: bytes) -> None:
        self._other = Other()
        self._was, self._becomes = was, becomes

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def changed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": message["body"].replace(self._was, self._becomes)}
            await send(message)

        await self._other(scope, receive, changed)


@pytest.mark.parametrize(
    ("was", "becomes"),
    long_but((b"cs_test_", b"session-"), of=[(b"cs_test_", b"cs_"), (b'Z"', b'+00:00"'), (b"cs_test_", b"session-")]),
)
def test_form_of_ids_and_times_is_checked_on_a_mock_only(was: bytes, becomes: bytes) -> None:
    assert run_on(target_of(Otherwise(was, becomes), is_mock=False), origins=PART).findings == ()
    of_a_mock = run_on(target_of(Otherwise(was, becomes), is_mock=True), origins=PART).findings
    assert {finding.check for finding in of_a_mock} == {"response_schema_conformance"}


def test_request_bodies_stay_strict() -> None:
    strict, loose = document("page"), make_lenient(document("page"))
    for path, item in strict["paths"].items():
        for method, operation in item.items():
            assert loose["paths"][path][method].get("requestBody") == operation.get("requestBody")
    assert "pattern" in loose["components"]["schemas"]["mockserver.RedirectUrl"]
    assert "pattern" not in str(loose["components"]["schemas"]["mockserver.Checkout"])


def test_members_and_paging_that_only_the_mock_promises_are_free() -> None:
    loose = make_lenient(document("page"))
    assert loose["paths"]["/billing/checkouts"]["get"]["parameters"][0]["schema"] == {}
    assert "required" not in loose["components"]["schemas"]["mockserver.Usage"]
    assert "required" in loose["components"]["schemas"]["mockserver.Error"]
    # A server may sell top-ups in other currencies.
    listed = loose["components"]["schemas"]["mockserver.Checkout"]["properties"]["currency"]
    assert "enum" not in str(listed)


def test_property_with_the_name_of_a_keyword_stays() -> None:
    schema = {"type": "object", "properties": {"pattern": {"type": "string", "pattern": "^a$"}}}
    answer = {"200": {"content": {"application/json": {"schema": schema}}}}
    loose = make_lenient({"paths": {"/a": {"get": {"responses": answer}}}})
    kept = loose["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert kept["properties"] == {"pattern": {"type": "string", "nullable": True}}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"expires_at"', b'"valid_until"'),
        (b'"error_code": "invalid_request"', b'"error_code": "E1042"'),
        (b'"error_code": "unauthorized"', b'"error_code": "no key"'),
    ],
    ids=["no expiry", "other code", "code of words"],
)
def test_members_that_no_voice_names_are_a_servers_own(was: bytes, becomes: bytes) -> None:
    changed = Otherwise(was.replace(b": ", b":"), becomes.replace(b": ", b":"))
    spaced = Otherwise(was, becomes)
    for server in (changed, spaced):
        assert run_on(target_of(server, is_mock=False), origins=PART).findings == ()


@pytest.mark.parametrize(
    "member", [b'"plan_id"', b'"email"', b'"currency"'], ids=["plan_id", "email", "currency of an entry"]
)
def test_null_may_stand_for_a_member_that_may_be_left_out(member: bytes) -> None:
    text = b'"usd"' if member == b'"currency"' else b'""' if member == b'"plan_id"' else b'"someone@example.com"'
    for space in (b"", b" "):
        server = Otherwise(member + b":" + space + text, member + b":" + space + b"null")
        assert run_on(target_of(server, is_mock=False), origins=PART).findings == ()


def test_null_is_no_value_of_a_request_or_of_a_member_that_has_to_come() -> None:
    loose = make_lenient(document("page"))
    assert "nullable" not in str(loose["components"]["schemas"]["mockserver.AutoRecharge"])
    assert "nullable" not in str(loose["components"]["schemas"]["mockserver.Error"]["properties"]["message"])
    assert loose["components"]["schemas"]["mockserver.Error"]["properties"]["decline_code"]["nullable"]


class Problems:
    """The other server, its refusals announced as problems (RFC 9457)."""

    def __init__(self) -> None:
        self._other = Other()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def announced(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                lines = [(name, value) for name, value in message["headers"] if name != b"content-type"]
                message = {**message, "headers": [*lines, (b"content-type", b"application/problem+json")]}
            await send(message)

        await self._other(scope, receive, announced)


def test_refusal_may_be_a_problem_with_the_members_of_the_envelope() -> None:
    assert run_on(target_of(Problems(), is_mock=False), origins=PART).findings == ()
