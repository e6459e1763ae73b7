"""Requests that are under way at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from tests.contracts.defects.defective_mock import Behind
from tests.web.mock_client import HERE, KEY, Mock


def paid_together(mock: Mock, name: str, *, times: int) -> list[int]:
    """The statuses of some payments of one session, all begun before one has ended."""
    return paid_side_by_side(mock, [name] * times)


def paid_side_by_side(mock: Mock, names: list[str]) -> list[int]:
    """The statuses of payments of some sessions, all begun before one has ended."""
    transport = mock.client._transport
    assert isinstance(transport, Behind)

    async def paid() -> list[int]:
        async with httpx.AsyncClient(transport=transport.inner, base_url=HERE) as client:
            payments = [client.post(f"/_mock/sessions/{name}/pay", json={}) for name in names]
            return [answer.status_code for answer in await asyncio.gather(*payments)]

    return transport.run(paid())


def read_together(mock: Mock, path: str, keys: Sequence[str]) -> list[Any]:
    """The bodies of some reads by different keys, sent at the same time."""
    transport = mock.client._transport
    assert isinstance(transport, Behind)
    bodies: list[Any] = []

    async def read() -> list[int]:
        async with httpx.AsyncClient(transport=transport.inner, base_url=HERE) as client:
            asked = [client.get(path, headers={"x-access-token": key}) for key in keys]
            bodies.extend(answer.json() for answer in await asyncio.gather(*asked))
        return []

    transport.run(read())
    return bodies


def listed_together(mock: Mock, keys: list[str]) -> list[int]:
    """The lengths of the lists of some accounts, asked for at the same time."""
    return [len(body["data"]) for body in read_together(mock, "/billing/checkouts", keys)]


def ordered_together(mock: Mock, *, amounts: Sequence[int]) -> list[int]:
    """The statuses of some orders of one account, sent at the same time."""
    transport = mock.client._transport
    assert isinstance(transport, Behind)

    async def ordered() -> list[int]:
        async with httpx.AsyncClient(transport=transport.inner, base_url=HERE) as client:
            headers = {"x-access-token": KEY}
            orders = [client.post("/billing/checkout", json={"amount": each}, headers=headers) for each in amounts]
            return [answer.status_code for answer in await asyncio.gather(*orders)]

    return transport.run(ordered())


def answers_together(mock: Mock, posts: Sequence[tuple[str, dict[str, Any]]]) -> list[httpx.Response]:
    """The answers to some posts, sent at the same time."""
    transport = mock.client._transport
    assert isinstance(transport, Behind)
    answers: list[httpx.Response] = []

    async def posted() -> list[int]:
        async with httpx.AsyncClient(transport=transport.inner, base_url=HERE) as client:
            answers.extend(await asyncio.gather(*[client.post(path, **parts) for path, parts in posts]))
        return [answer.status_code for answer in answers]

    transport.run(posted())
    return answers
