"""A document with every feature of OpenAPI is served without a violation that an independent tool finds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

import mockserver
from tests.documents.everything import everything
from tests.documents.validation import response_errors
from tests.matrix import IS_LONG

VERSIONS: Final = ("3.0.3", "3.1.0")
CREDENTIALS: Final = {"x-key": "abc", "authorization": "Bearer abc"}
COMMAND: Final = (str(Path(sys.executable).with_name("schemathesis")), "run", "--no-color")
# The versions differ in few keywords, and a phase takes seconds: `make test` sends each path the phases of one version,
# `make test-long` runs all phases for both.
PHASES: Final = {"3.0.3": "coverage", "3.1.0": "examples,fuzzing"}
CHECKS: Final = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "positive_data_acceptance"),
)


@pytest.fixture(scope="module", params=VERSIONS)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, dict[str, Any]]]:
    document = everything(request.param)
    file = tmp_path_factory.mktemp("everything") / "openapi.json"
    file.write_text(json.dumps(document))
    with mockserver.running(spec=file) as mock, httpx.Client(base_url=mock.url, headers=CREDENTIALS) as client:
        yield client, document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_document_has_more_than_a_hundred_operations() -> None:
    assert all(len(list(operations(everything(version)))) > 100 for version in VERSIONS)


def test_every_declared_status_is_answered_as_declared(
    served: tuple[httpx.Client, dict[str, Any]],
) -> None:
    client, document = served
    wrong = []
    for method, path, operation in operations(document):
        if "requestBody" in operation or "parameters" in operation:
            continue  # Schemathesis generates the valid requests of these
        for code in operation["responses"]:
            status = {"default": "418"}.get(code, code.replace("XX", "18"))
            for preferred in (f"code={status}", f"code={status}, dynamic=true", ""):
                answer = client.request(method, path, headers={"prefer": preferred})
                wrong += [
                    (method, path, preferred, fault)
                    for fault in response_errors(document, operation["responses"], answer)
                ]
                if preferred:
                    assert answer.status_code == int(status)
    assert wrong == []


def test_journal_has_no_response_violation(served: tuple[httpx.Client, dict[str, Any]]) -> None:
    client, _ = served
    client.get("/schemas/0")
    kept = client.get("/_mock/requests?limit=1000").json()["requests"]
    assert [one for one in kept if one["contract"]["response"] and one["status"] < 400] == []


def test_schemathesis_finds_nothing(served: tuple[httpx.Client, dict[str, Any]], tmp_path: Path) -> None:
    client, document = served
    # Schemathesis reads prefixItems as the older items, and calls valid tuples invalid
    readable = {path: item for path, item in document["paths"].items() if "prefixItems" not in json.dumps(item)}
    part = slice(None) if IS_LONG else slice(VERSIONS.index(document["openapi"]), None, 2 * len(VERSIONS))
    paths = dict(list(readable.items())[part])
    told = {**document, "servers": [{"url": str(client.base_url)}], "paths": paths}
    (tmp_path / "openapi.json").write_text(json.dumps(told))
    found = subprocess.run(
        [
            *COMMAND,
            "openapi.json",
            *("--url", str(client.base_url)),
            *("--checks", ",".join(CHECKS)),
            *("--mode", "all"),
            *("--phases", "examples,coverage,fuzzing" if IS_LONG else PHASES[document["openapi"]]),
            *("--max-examples", "10" if IS_LONG else "1"),
            *(part for name, value in CREDENTIALS.items() for part in ("-H", f"{name}: {value}")),
            *("--seed", "1"),
            "--continue-on-failure",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr
