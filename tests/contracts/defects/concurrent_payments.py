"""Payments that are under way at the same time."""

from __future__ import annotations

import asyncio

import httpx

from tests.contracts.defects.defective_mock import Behind
from tests.web.mock_client import HERE, Mock


def paid_together(mock: Mock, name: str, *, times: int) -> list[int]:
    """The statuses of some payments of one session, all begun before one has ended."""
    transport = mock.client._transport
    assert isinstance(transport, Behind)

    async def paid() -> list[int]:
        async with httpx.AsyncClient(transport=transport.inner, base_url=HERE) as client:
            payments = [client.post(f"/_mock/sessions/{name}/pay", json={}) for _ in range(times)]
            return [answer.status_code for answer in await asyncio.gather(*payments)]

    return transport.run(paid())
