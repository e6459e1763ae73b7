"""`mockserver check --spec`, of documents that are not VideoDB's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.cli import main

JSON = "application/json"


def responses(schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
    return {
        "200": {"description": "", "content": {JSON: {"schema": schema}}},
        "4XX": {"description": "", "content": {"application/problem+json": {"schema": problem}}},
    }


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        # Schemathesis can't read a tuple's schema
        "/tuple": {"get": {"responses": responses({"type": "array", "prefixItems": [{"type": "integer"}]})}},
        # and is not told which of two media types a request without any was meant to be
        "/either": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        JSON: {"schema": {"type": "object", "required": ["a"]}},
                        "text/plain": {"schema": {"type": "string", "minLength": 1}},
                    },
                },
                "responses": responses({"type": "boolean"}),
            }
        },
    },
}


def test_unreadable_schema_is_reported_and_the_rest_is_checked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(DOCUMENT))
    code = main(["check", "--spec", str(file), "--max-examples", "5"])
    said = capsys.readouterr()
    assert (code, said.err.count("Traceback")) == (0, 0), said.out
    assert "Nothing found" in said.out or "nothing found" in said.out
    assert "response_schema_conformance says nothing about GET /tuple" in caplog.text
