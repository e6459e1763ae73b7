"""A target may have a base path, which is no part of the document's paths."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from mockserver_contracts.target.target import open_target

from tests.contracts.runs import document, run_on
from tests.contracts.servers.independent import Other, Receive, Send
from tests.contracts.servers.local import serving


def test_right_server_behind_a_base_path_has_no_finding() -> None:
    behind = Other()

    async def prefixed(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/api/v1/"):
            scope = {**scope, "path": scope["path"].removeprefix("/api/v1")}
        await behind(scope, receive, send)

    with serving(prefixed) as url:
        target = open_target(f"{url}/api/v1", document(), {"VIDEO_DB_API_KEY": "sk-tests"}, token_env=None)
        run = run_on(target, max_examples=3)
    assert run.findings == ()
    assert len(behind.seen) > 100
