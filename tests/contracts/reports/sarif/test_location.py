"""The place of a finding is the line of its operation in the OpenAPI document."""

from __future__ import annotations

from pathlib import Path

import pytest
from mockserver_contracts.document.source_file import SourceFile
from mockserver_contracts.reports.sarif.location import OperationLocations
from mockserver_contracts.results.events import FindingReported

from mockserver.contract import spec_folder
from tests.contracts.reports.runs import a_finding
from tests.contracts.reports.sarif.logs import a_run

DOCUMENT = """\
openapi: 3.1.0
x-paths:
  /b: {get: {}}
paths:
  /a:
    summary: Things
    get:
      operationId: list
  "/b/{id}":
    $ref: other.yaml#/b
"""


def place_of(operation: str, source: SourceFile) -> tuple[str, int]:
    physical = OperationLocations(source).location(operation)["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


@pytest.mark.parametrize(
    ("operation", "line"),
    [("GET /a", 7), ("GET /a?limit=2", 7), ("DELETE /a", 5), ("GET /b/{id}", 9), ("GET /b", 1), ("any refusal", 1)],
)
def test_line_is_that_of_the_operation_or_of_its_path(operation: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "my api.yaml").write_text(DOCUMENT, "utf-8")
    source = SourceFile.given(tmp_path / "api" / "my api.yaml", tmp_path)
    assert place_of(operation, source) == ("api/my%20api.yaml", line)


def test_published_document_has_the_lines_of_its_operations() -> None:
    uri, line = place_of("POST /billing/checkout", SourceFile.published())
    assert uri == "spec/videodb.yaml"
    lines = (spec_folder() / "videodb.yaml").read_text("utf-8").splitlines()
    assert (lines[line - 2].strip(), lines[line - 1].strip()) == ("/billing/checkout:", "post:")


def test_document_outside_of_the_repository_has_its_name_alone(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    assert SourceFile.given(tmp_path / "openapi.yaml", root).uri == "openapi.yaml"
    assert SourceFile.given(root / ".." / "openapi.yaml", root).uri == "openapi.yaml"


@pytest.mark.parametrize("text", ["[", "- a", "", "paths: [1]", "paths: {/a: {[1]: 2}}", "\x00", "a: &a [*a]"])
def test_unreadable_document_has_no_lines(text: str, tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(text, "utf-8")
    assert place_of("GET /a", SourceFile.given(file, tmp_path)) == ("openapi.yaml", 1)
    file.unlink()
    assert place_of("GET /a", SourceFile.given(file, tmp_path)) == ("openapi.yaml", 1)


def test_result_has_its_operation_as_a_logical_location(tmp_path: Path) -> None:
    finding = a_finding(operation="POST /billing/checkout", pointer="/data/url")
    [result] = a_run(FindingReported(finding, "curl x"), source=SourceFile.published())["results"]
    [location] = result["locations"]
    assert location["logicalLocations"] == [
        {
            "name": "POST /billing/checkout",
            "fullyQualifiedName": "POST /billing/checkout#/data/url",
            "kind": "function",
        }
    ]
    assert location["physicalLocation"]["region"]["startLine"] > 50
