"""`serve --watch`: an edit applies at once, state is kept, and an invalid edit is ignored."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx
import pytest

import mockserver
from mockserver.contract import spec_folder
from tests.scenarios.process import PATIENCE
from tests.web.mock_client import Mock

OVERLAY = """overlay: 1.0.0
info: {title: mine, version: '1'}
actions:
  - target: $.paths['/billing/checkout'].post.requestBody.content['application/json'].schema.properties.amount
    update: {maximum: MOST}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A document and an overlay of the user."""
    document, overlay = tmp_path / "videodb.yaml", tmp_path / "mine.yaml"
    document.write_bytes((spec_folder() / "videodb.yaml").read_bytes())
    overlay.write_text(OVERLAY.replace("MOST", "100"), "utf-8")
    return document, overlay


@pytest.fixture
def mock(files: tuple[Path, Path]) -> Iterator[Mock]:
    document, overlay = files
    with (
        mockserver.running(store="memory", spec=str(document), overlays=[str(overlay)], watch=True) as running,
        httpx.Client(base_url=running.url) as client,
    ):
        yield Mock(client)


def until(is_so: Callable[[], bool]) -> None:
    """Repeat a check until it passes or the time is up."""
    end = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < end, "nothing happened"


def takes(mock: Mock, amount: int) -> bool:
    return mock.checkout({"amount": amount}).status_code == 200


def put(file: Path, text: str) -> None:
    """Replace a file by a new one, as editors do."""
    scratch = file.with_suffix(".scratch")
    scratch.write_text(text, "utf-8")
    os.replace(scratch, file)


def test_edit_applies_at_once_and_keeps_the_state(mock: Mock, files: tuple[Path, Path]) -> None:
    name = mock.create(amount=50)
    assert not takes(mock, 101)
    mock.advance("1h")
    put(files[1], OVERLAY.replace("MOST", "200"))
    until(lambda: takes(mock, 101))
    assert mock.session(name)["status"] == "pending"
    mock.pay(name)
    assert mock.balance() == 50
    assert mock.get("/_mock/clock").json()["offset_seconds"] == 3_600
    assert "maximum: 200" in mock.get("/_mock/contract.yaml").text


def test_added_path_is_answered(mock: Mock, files: tuple[Path, Path]) -> None:
    assert mock.get("/more").status_code == 404
    more = "  /more:\n    get:\n      security: []\n      responses:\n        '200': {description: more}\n"
    text = files[0].read_text("utf-8")
    assert "\npaths:\n" in text
    put(files[0], text.replace("\npaths:\n", f"\npaths:\n{more}"))
    until(lambda: mock.get("/more").status_code != 404)


@pytest.mark.parametrize(
    ("broken", "said"),
    [("actions: [", "is no YAML"), (OVERLAY.replace("$.paths", "$.path"), "matches nothing"), (None, "can't be read")],
)
def test_broken_edit_keeps_the_contract_and_is_reported(
    mock: Mock, files: tuple[Path, Path], broken: str | None, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        if broken is None:
            files[1].unlink()
        else:
            put(files[1], broken)
        until(lambda: said in caplog.text)
    assert "mine.yaml" in caplog.text
    assert "the contract stays as it was" in caplog.text
    assert takes(mock, 100)
    assert not takes(mock, 101)
    put(files[1], OVERLAY.replace("MOST", "300"))
    until(lambda: takes(mock, 300))


def test_files_are_not_watched_by_default(files: tuple[Path, Path]) -> None:
    settings = {"store": "memory", "spec": str(files[0]), "overlays": [str(files[1])]}
    with mockserver.running(**settings) as running, httpx.Client(base_url=running.url) as client:  # type: ignore[arg-type]  # by name
        put(files[1], "actions: [")
        assert takes(Mock(client), 100)


ANSWER = """openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {get: {responses: {200: {description: ok, content: {application/json: CONTENT}}}}}
"""


@contextmanager
def watched(spec: Path) -> Iterator[httpx.Client]:
    """A client of a mock that watches a document."""
    with (
        mockserver.running(store="memory", spec=str(spec), watch=True) as running,
        httpx.Client(base_url=running.url) as client,
    ):
        yield client


def answering(content: str) -> str:
    return ANSWER.replace("CONTENT", content)


def test_edit_of_the_target_of_a_link_applies(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "api.yaml", tmp_path / "link.yaml"
    target.write_text(answering("{example: 1}"), "utf-8")
    link.symlink_to("real/api.yaml")
    with watched(link) as client:
        assert client.get("/a").json() == 1
        put(target, answering("{example: 2}"))
        until(lambda: client.get("/a").json() == 2)


def test_swapped_folder_link_applies(tmp_path: Path) -> None:
    """A ConfigMap of Kubernetes is changed by a new target for the link `..data`."""
    for number in (1, 2):
        (tmp_path / f"v{number}").mkdir()
        (tmp_path / f"v{number}" / "api.yaml").write_text(answering("{schema: {$ref: value.yaml}}"), "utf-8")
        (tmp_path / f"v{number}" / "value.yaml").write_text(f"const: {number}", "utf-8")
    (tmp_path / "..data").symlink_to("v1")
    (tmp_path / "api.yaml").symlink_to("..data/api.yaml")
    (tmp_path / "value.yaml").symlink_to("..data/value.yaml")
    with watched(tmp_path / "api.yaml") as client:
        assert client.get("/a").json() == 1
        (tmp_path / "..new").symlink_to("v2")
        os.replace(tmp_path / "..new", tmp_path / "..data")
        until(lambda: client.get("/a").json() == 2)


@pytest.mark.parametrize("name", ["value.yaml", "folder/value.yaml"])
def test_file_that_an_edit_names_applies_when_it_is_made(name: str, tmp_path: Path) -> None:
    spec = tmp_path / "api.yaml"
    spec.write_text(answering("{example: 1}"), "utf-8")
    with watched(spec) as client:
        put(spec, answering(f"{{schema: {{$ref: {name}}}}}"))
        until(lambda: client.get("/a").json() != 1)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("const: 44", "utf-8")
        until(lambda: client.get("/a").json() == 44)


def test_file_that_a_refused_edit_names_applies_when_it_is_made(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spec = tmp_path / "api.yaml"
    spec.write_text(answering("{example: 1}"), "utf-8")
    with watched(spec) as client:
        put(spec, answering("{example: 1}").partition("/a:")[0] + "/a: {$ref: a.yaml}\n")
        until(lambda: "the contract stays as it was" in caplog.text)
        assert client.get("/a").json() == 1
        content = "{application/json: {example: 3}}"
        (tmp_path / "a.yaml").write_text(
            f"get: {{responses: {{200: {{description: ok, content: {content}}}}}}}", "utf-8"
        )
        until(lambda: client.get("/a").json() == 3)
