"""Documents, files and bodies for the tests of the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mockserver.contract import Contract, Operation, load

A_SESSION_ID = "cs_test_" + "a1" * 29
A_TIME = "2030-01-01T00:00:00.000Z"


def the_operation(profile: str, method: str, path: str) -> Operation:
    """An operation of a bundled profile's contract."""
    return operation_of(load(profile)[0], method, path)


def operation_of(contract: Contract, method: str, path: str) -> Operation:
    """An operation of the contract."""
    item = contract.path(path)
    assert item is not None
    operation = item.operation(method)
    assert operation is not None
    return operation


def a_document(
    schema: dict[str, Any],
    *,
    version: str = "3.0.3",
    components: dict[str, Any] | None = None,
    **operation: Any,
) -> dict[str, Any]:
    """A document with one operation, POST /thing, whose body and response have a schema."""
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": version,
        "info": {"title": "thing", "version": "1"},
        "servers": [{"url": "https://thing.example/v1"}],
        "paths": {
            "/thing": {
                "post": {
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "thing", "content": content}},
                    **operation,
                }
            }
        },
        "components": components or {},
    }


def the_thing(document: dict[str, Any]) -> Operation:
    """The operation of `a_document`."""
    return operation_of(Contract(document), "POST", "/thing")


def taking_body(**content: Any) -> Operation:
    """An operation that takes a body of the media types."""
    return the_thing(a_document({}, version="3.1.0", requestBody={"content": content}))


def a_checkout(**changes: Any) -> dict[str, Any]:
    """The values of a checkout reply."""
    values = {
        "url": f"http://127.0.0.1:8765/c/pay/{A_SESSION_ID}",
        "id": A_SESSION_ID,
        "expires_at": "2030-01-02T00:00:00.000Z",
        "created_at": A_TIME,
        "amount": 50,
        "currency": "usd",
        "status": "pending",
        "mode": "payment",
        "plan_id": None,
    }
    return values | changes


def a_usage() -> dict[str, Any]:
    """The values of a usage reply."""
    return {
        "credit_balance": 100.5,
        "usage_this_month": 25.75,
        "breakdown": {"indexing": 20.25, "search": 5.5},
        "plan_id": "plan-basic",
        "email": "developer@example.com",
        "credit_used": 120.25,
    }


def a_file(folder: Path, text: str, name: str = "file.yaml") -> Path:
    """A file with a text in it."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
