"""`/_mock/requests.har`: the journal as an HTTP archive."""

from __future__ import annotations

import base64
import copy
from contextlib import nullcontext
from typing import Any

import pytest

from mockserver import __version__
from tests.web.conftest import Start
from tests.web.control.journal.har_format import har_faults
from tests.web.mock_client import HERE, KEY, OTHER, Mock, refused


def entries(mock: Mock, **query: object) -> list[dict[str, Any]]:
    """The entries of the archive, which has the right structure."""
    archive = mock.get("/_mock/requests.har", params=query).json()
    assert har_faults(archive) == []
    found: list[dict[str, Any]] = archive["log"]["entries"]
    return found


def test_archive_is_a_file_of_version_1_2(mock: Mock) -> None:
    response = mock.get("/_mock/requests.har")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-disposition"] == 'attachment; filename="videodb-mock.har"'
    assert response.json() == {
        "log": {"version": "1.2", "creator": {"name": "videodb-mockserver", "version": __version__}, "entries": []}
    }
    assert har_faults(response.json()) == []


def test_exchange_is_an_entry_with_request_and_response(mock: Mock) -> None:
    answer = mock.billing("POST", "checkout?a=1&b=%C3%BC&c=", json={"amount": 50})
    mock.advance("1h")
    (entry,) = entries(mock)
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", f"{HERE}/billing/checkout?a=1&b=%C3%BC&c=")
    assert request["queryString"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": "ü"},
        {"name": "c", "value": ""},
    ]
    assert request["postData"] == {"mimeType": "application/json", "text": '{"amount":50}'}
    assert request["bodySize"] == len('{"amount":50}')
    assert {"name": "content-type", "value": "application/json"} in request["headers"]
    assert (response["status"], response["statusText"]) == (200, "OK")
    assert response["content"] == {"size": len(answer.content), "mimeType": "application/json", "text": answer.text}
    assert entry["time"] == entry["timings"]["wait"] >= 0
    assert entry["startedDateTime"] <= "2030-01-15T12:00:00.000Z"


def test_own_members_have_the_facts_of_the_journal(mock: Mock) -> None:
    mock.advance("2h", key=KEY)
    mock.post("/_mock/faults", {"match": {"path": "/billing/usage"}, "then": "empty"})
    mock.billing("GET", "usage")
    mock.checkout({"amount": "50", "sucess_url": "x"})
    fault, refusal = entries(mock)
    (kept, _) = mock.journal()
    assert fault["_fault"].startswith("fault_")
    assert (refusal["_exchange"], refusal["_account"]) == (kept["id"], kept["account"])
    assert (refusal["_operation"], refusal["_violations"]) == ("POST /billing/checkout", kept["contract"])
    assert refusal["_mockNow"] == "2030-01-15T14:00:00.000Z"
    assert refusal["comment"] == kept["notes"][0] == "/sucess_url is not known; success_url?"


def test_archive_has_the_matching_exchanges_oldest_first(mock: Mock) -> None:
    mock.create()
    mock.usage(key=OTHER)
    mock.checkout({"amount": "50"})
    mock.get("/billing/nothing")

    def found(**query: object) -> list[tuple[str, int]]:
        return [(each["request"]["method"], each["response"]["status"]) for each in entries(mock, **query)]

    assert found() == [("POST", 200), ("GET", 200), ("POST", 400), ("GET", 404)]
    assert found(limit=2) == [("POST", 400), ("GET", 404)]
    assert found(key=OTHER) == [("GET", 200)]
    assert found(violations="true") == [("POST", 400)]
    assert found(operation="POST /billing/checkout", before=mock.journal()[1]["id"]) == [("POST", 200)]


def test_archive_has_more_exchanges_than_a_list(mock: Mock) -> None:
    for key in (KEY, OTHER):
        for _ in range(501):
            mock.usage(key=key)
    assert len(entries(mock)) == 1002
    refused(mock.get("/_mock/requests.har?limit=10001"), 400, "invalid_request")


def test_secrets_are_redacted_in_the_archive(mock: Mock) -> None:
    secret = "sk-Very-Secret"
    headers = {
        "content-type": "application/json",
        "x-note": base64.b64encode(secret.encode()).decode(),
        "cookie": "session=Very-Secret",
        "authorization": "Basic VmVyeS1TZWNyZXQ=",
    }
    body = b'{"amount": 50, "plan_id": "sk\\u002dVery\\u002dSecret", "card": "4111 1111 1111 1111"}'
    mock.billing("POST", "checkout?key=sk%2DVery%2DSecret&card=4111111111111111", content=body, headers=headers)
    mock.get(f"/billing/{secret}")
    mock.billing("POST", "checkout", content=b"\xff" + secret.encode())
    text = mock.get("/_mock/requests.har").text
    assert len(entries(mock)) == 3
    assert not [part for part in ("Secret", "4111", headers["x-note"], "VmVyeS1TZWNyZXQ") if part in text]
    assert base64.b64encode(secret.encode()).decode()[:12] not in text
    assert "[redacted]" in text


def test_body_that_is_no_text_is_in_base64(mock: Mock) -> None:
    mock.pay(mock.create())
    pdf = mock.get(mock.invoices()[0]["pdf_url"].removeprefix(HERE))
    content = entries(mock)[-1]["response"]["content"]
    assert content["mimeType"] == "application/pdf"
    shown = base64.b64decode(content["text"]) if content.get("encoding") == "base64" else content["text"].encode()
    assert shown == pdf.content


@pytest.mark.parametrize(("then", "status"), [("reset", 0), ({"status": 599}, 599), ({"status": 302}, 302)])
def test_planned_answer_is_an_entry_of_the_right_structure(mock: Mock, then: Any, status: int) -> None:
    if status == 302:
        then = {**then, "headers": {"Location": "https://a.example/"}}
    mock.post("/_mock/faults", {"then": then})
    with nullcontext() if status else pytest.raises(ConnectionResetError):
        mock.billing("GET", "usage")
    (entry,) = entries(mock)
    assert entry["response"]["status"] == status
    assert entry["response"]["redirectURL"] == ("https://a.example/" if status == 302 else "")


def test_truncated_body_has_no_size(start: Start) -> None:
    mock = start(body_limit=200_000)
    mock.billing("POST", "checkout", content=b"x" * 65_537)
    (entry,) = entries(mock)
    assert entry["_truncated"] is True
    assert entry["request"]["bodySize"] == entry["response"]["bodySize"] == -1


def test_path_with_strange_characters_is_encoded(mock: Mock) -> None:
    mock.get("/billing/%20%22%3F%23%C3%BC%ff%0a")
    (entry,) = entries(mock)
    assert entry["request"]["url"].startswith(f"{HERE}/billing/%20%22%3F%23%C3%BC")


def test_deviation_from_the_format_is_found(mock: Mock) -> None:
    mock.usage()
    archive = mock.get("/_mock/requests.har").json()
    for change in ("startedDateTime", "time", "request", "response", "cache", "timings"):
        broken = copy.deepcopy(archive)
        del broken["log"]["entries"][0][change]
        assert har_faults(broken) != []
    late = copy.deepcopy(archive)
    late["log"]["entries"][0]["timings"]["send"] = 5
    assert har_faults(late) != []
