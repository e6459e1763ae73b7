"""A mock with a defect, asked as any other."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from mockserver_contracts.defects import Defect, settings_of, with_defects

from mockserver import Settings, create_app
from mockserver.asgi import ASGIApp
from tests.web.mock_client import HERE, InProcess, Mock, SettableWall


class Behind(InProcess):
    """Calls an application through its defects."""

    def __init__(self, app: ASGIApp, defects: Sequence[Defect], *, control_token: str | None) -> None:
        super().__init__(app)
        wrapped: Any = with_defects(app, defects, control_token=control_token)
        self._inner = httpx.ASGITransport(wrapped)

    @property
    def inner(self) -> httpx.ASGITransport:
        """A caller of the application, on the running loop."""
        return self._inner

    def run(self, work: Coroutine[Any, Any, list[int]]) -> list[int]:
        """Do some work on the application's own loop."""
        return self._runner.run(work)


@contextmanager
def a_mock_with(*defects: Defect, **overrides: object) -> Iterator[Mock]:
    """A mock in this process with these defects, by a wall that stands still."""
    wall = SettableWall()
    settings = Settings().having(**{**overrides, **settings_of(defects)})
    transport = Behind(create_app(settings, real_time=wall), defects, control_token=settings.control_token)
    with httpx.Client(transport=transport, base_url=HERE) as client:
        yield Mock(client, wall, is_audited=not defects)
