"""Files of exchanges: HTTP archives, the journal's list, and reports of earlier counts."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract import Contract, load
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.json_form import NoCoverage, report_json
from mockserver.coverage.sources.files import read_file
from tests.coverage.counted import an_exchange, counted

PAGE = load("page")[0]
ORDER = {"amount": 50}


def _page() -> tuple[Contract, str]:
    return PAGE, "page"


def an_entry(url: str = "https://api.videodb.io/billing/checkout", **changes: Any) -> dict[str, Any]:
    """An entry of an archive: an order and its answer."""
    request = {
        "method": "POST",
        "url": url,
        "headers": [
            {"name": "X-Access-Token", "value": "sk-real"},
            {"name": "Content-Type", "value": "application/json"},
        ],
        "postData": {"mimeType": "application/json", "text": json.dumps(ORDER)},
        **changes,
    }
    content = {"mimeType": "application/json", "text": "{}"}
    return {"request": request, "response": {"status": 200, "headers": [], "content": content}}


def read(folder: Path, value: Any, *, base: str | None = None) -> CoverageReport:
    file = folder / "file.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return read_file(file, _page, base=base)


def expected(*exchanges: Any) -> dict[str, int]:
    return counts(counted(PAGE, *exchanges))


def counts(report: CoverageReport) -> dict[str, int]:
    reached = {
        f"{operation.name} {each.goal.key}": each.exchanges
        for operation in report.operations
        for each in operation.goals
        if each.exchanges
    }
    return reached | {claim.id: claim.count for claim in report.claims if claim.count}


def test_archive_is_counted(tmp_path: Path) -> None:
    found = read(tmp_path, {"log": {"entries": [an_entry(), an_entry()]}})
    order = an_exchange(ORDER, path="/billing/checkout", reply={})
    assert counts(found) == expected(order, order)


def test_exchanges_elsewhere_than_the_base_are_left_out(tmp_path: Path) -> None:
    entries = [
        an_entry("https://proxy.example/videodb/billing/checkout"),
        an_entry("https://proxy.example/videodb2/billing/checkout"),
        an_entry("https://shop.example/cart"),
    ]
    found = read(tmp_path, {"log": {"entries": entries}}, base="https://proxy.example/videodb/")
    assert (found.exchanges, found.outside) == (1, 0)


def test_query_form_and_encoded_content_of_an_archive_are_read(tmp_path: Path) -> None:
    listing = an_entry("https://api.videodb.io/billing/checkouts?limit=0", method="GET", postData=None)
    listing["response"]["content"] = {
        "mimeType": "application/json",
        "encoding": "base64",
        "text": base64.b64encode(b'{"data": [{"status": "expired"}]}').decode(),
    }
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "amount", "value": "50"}]}
    found = counts(read(tmp_path, {"log": {"entries": [listing, an_entry(postData=form)]}}))
    assert found["GET /billing/checkouts ('parameter', 'query limit', 'invalid')"] == 1
    assert found["POST /billing/checkout ('body', 'application/json', 'invalid')"] == 1


def test_request_without_an_answer_has_no_status(tmp_path: Path) -> None:
    entry = an_entry()
    entry["response"] = {"status": 0, "headers": [], "content": {}}
    found = counts(read(tmp_path, {"log": {"entries": [entry]}}))
    assert not any("'status'" in goal for goal in found)


def test_list_of_the_journal_is_counted_in_the_order_of_time(tmp_path: Path) -> None:
    replied = {"content-type": "application/json"}
    common = {"query": "", "truncated": False, "account": "acct_one", "response_headers": replied}
    order = {
        **common,
        **{"method": "POST", "path": "/billing/checkout", "body": ORDER, "status": 200, "response_body": {}},
        "headers": {"content-type": "application/json", "x-access-token": "[redacted]"},
    }
    listing = {
        **common,
        **{"method": "GET", "path": "/billing/checkouts", "body": None, "status": 200, "response_body": {"data": []}},
        "headers": {"x-access-token": "[redacted]"},
    }
    found = counts(read(tmp_path, {"requests": [listing, order]}))
    assert found["list-shows-every-session-with-its-status"] == 1, "the order came first"
    assert "key-begins-with-sk" not in found


def test_report_of_an_earlier_count_is_read_as_it_is(tmp_path: Path) -> None:
    report = counted(PAGE, an_exchange(ORDER, path="/billing/checkout"))
    assert read(tmp_path, report_json(report)) == report


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "it is not JSON"),
        ("[]", "a coverage report as JSON, an HTTP archive"),
        ("{}", "a coverage report as JSON, an HTTP archive"),
        ('{"log": {}}', "its exchanges are damaged"),
        ('{"log": {"entries": [{"request": 5}]}}', "its exchanges are damaged"),
        ('{"requests": [{}]}', "its exchanges are damaged"),
        ('{"operations": []}', "it is no coverage report"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_other_file_is_refused_in_a_sentence(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(NoCoverage, match=message):
        read(tmp_path, content)
