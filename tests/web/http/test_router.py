from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.web.http.router import Router

calls: list[tuple[str, Mapping[str, str]]] = []


def called(name: str) -> ASGIApp:
    """An application that notes its name and the variables of the path."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        calls.append((name, scope["path_params"]))

    return app


ROUTER = Router(
    {name: called(name) for name in ("/", "/a", "/a/{id}", "/a/{id}/pay", "/a/{id}.pdf", "/files/one")},
    prefixes={name: called(name) for name in ("/files/", "/files/deep/", "/a/b/c/")},
    default=called("default"),
)


@pytest.mark.parametrize(
    ("path", "name", "variables"),
    [
        ("/", "/", {}),
        ("/a", "/a", {}),
        ("/a/7", "/a/{id}", {"id": "7"}),
        ("/a/7 %é", "/a/{id}", {"id": "7 %é"}),
        ("/a/7/pay", "/a/{id}/pay", {"id": "7"}),
        ("/a/7.pdf", "/a/{id}.pdf", {"id": "7"}),
        ("/files/one", "/files/one", {}),
        ("/files/", "/files/", {}),
        ("/files/two/of/them", "/files/", {}),
        ("/files/deep/two", "/files/deep/", {}),
        ("/files/deep", "/files/", {}),
        ("/a/", "default", {}),
        ("/a/7/", "default", {}),
        ("/a/7/8/9", "default", {}),
        ("/files", "default", {}),
        ("/b", "default", {}),
        ("", "default", {}),
        ("*", "default", {}),
    ],
)
def test_path_leads_to_its_most_concrete_application(path: str, name: str, variables: Mapping[str, str]) -> None:
    async def receive() -> dict[str, Any]:
        return {}

    async def send(_: Any) -> None:
        return None

    calls.clear()
    asyncio.run(ROUTER({"path": path}, receive, send))
    assert calls == [(name, variables)]
