"""The header of the key is the one that the document names."""

from __future__ import annotations

from mockserver_contracts.document.key_header import key_header

from tests.contracts.runs import document


def test_key_header_is_the_one_of_the_security_scheme() -> None:
    assert key_header(document()) == "x-access-token"
    named = {"components": {"securitySchemes": {"K": {"type": "apiKey", "in": "header", "name": "x-key"}}}}
    assert key_header(named) == "x-key"
