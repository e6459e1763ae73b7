"""Near misses of parameters and forms: no right server fails at one, and a careless one is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.corpus.form_misses import MULTIPART, URLENCODED
from mockserver_contracts.corpus.near_misses import near_misses

from tests.contracts.corpus.documents import KEY_HEADER

ANSWERS = {"200": {"description": "ok"}, "422": {"description": "no"}}
DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"name": "f", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                    {"$ref": "#/components/parameters/nowhere"},
                ],
                "responses": ANSWERS,
            },
        },
        "/forms": {
            "post": {
                "requestBody": {
                    "content": {
                        URLENCODED: {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
                        MULTIPART: {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
                    }
                },
                "responses": ANSWERS,
            }
        },
    },
}


def made(operation: str) -> list[CorpusEntry]:
    entries = near_misses(DOCUMENT, key_header=KEY_HEADER, most=100)
    return [entry for entry in entries if entry.operation == operation]


def causes(operation: str) -> set[str]:
    return {entry.miss.cause for entry in made(operation) if entry.miss is not None}


@pytest.mark.parametrize("place", ["query limit", "query f", "path id", "header X-Trace"])
def test_each_parameter_has_near_misses(place: str) -> None:
    assert len([cause for cause in causes("GET /things/{id}") if cause.startswith(f"{place}: ")]) >= 3


def test_other_parameters_keep_a_value() -> None:
    paths = {entry.target.partition("?")[0] for entry in made("GET /things/{id}")}
    assert not [path for path in paths if "{" in path]
    assert "/things/%00" in paths


def test_both_kinds_of_form_have_near_misses() -> None:
    types = [dict(entry.headers)["content-type"].partition(";")[0] for entry in made("POST /forms")]
    assert {types.count(URLENCODED) >= 8, types.count(MULTIPART) >= 8} == {True}


def test_none_is_wrong_to_take_or_to_refuse() -> None:
    assert {entry.expected for entry in made("GET /things/{id}") + made("POST /forms")} == {Expected.EITHER}
