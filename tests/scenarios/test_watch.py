"""`serve --watch`: an edit applies at once, state is kept, and an invalid edit is ignored."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
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
