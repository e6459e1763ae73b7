"""Reload the document when one of its files changes. The state stays; an invalid edit is reported and ignored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from mockserver.contract import Contract, ContractError, Profile, load
from mockserver.contract.loading.watching import wait_for_change
from mockserver.settings import Settings


async def reload_on_change(
    settings: Settings,
    inputs: Callable[[], Iterable[Path]],
    use_contract: Callable[[Contract, Profile], None],
    *,
    stop: asyncio.Event,
) -> None:
    """Reload the document at each change of its `inputs` until `stop` is set."""
    log = logging.getLogger(__name__)
    of_error: tuple[Path, ...] = ()
    while await wait_for_change({*inputs(), *of_error}, stop=stop):
        of_error = ()
        try:
            contract, profile = await asyncio.to_thread(
                load,
                settings.profile,
                spec=settings.spec,
                overlays=settings.overlays,
                billing=settings.billing,
            )
        except ContractError as error:
            log.error("%s; the contract stays as it was", error)
            of_error = error.inputs
            continue
        use_contract(contract, profile)
