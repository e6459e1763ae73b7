"""Work on large states in a thread: other requests are answered meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from mockserver.billing.snapshots import MockState

LARGE_BYTES: Final = 500_000
"""The size of a document from which the hop into a thread is worth it."""
_LARGE_SESSIONS: Final = 1_000
_Result = TypeVar("_Result")


async def worked(work: Callable[[], _Result], *, is_large: bool) -> _Result:
    """The result of the work, which touches nothing that others change."""
    return await asyncio.to_thread(work) if is_large else work()


def has_many_sessions(state: MockState) -> bool:
    """The state is so large that work on it belongs into a thread."""
    return sum(len(each.sessions) for each in state.accounts) > _LARGE_SESSIONS
