"""The file of the setting `state`: a mock starts from it, and may leave its state there when it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.contract.errors import MalformedJson
from mockserver.contract.strict_json import parse_json_file
from mockserver.domain.errors import InvalidRequest
from mockserver.store import StoreUnusable
from mockserver.web.shapes.state_json import read_state, state_json
from mockserver.whole_file import write_whole

if TYPE_CHECKING:
    from mockserver.billing.snapshots import MockState
    from mockserver.settings import Settings


def starting_state(settings: Settings) -> MockState | None:
    """The state to start from; None if the file is yet to be written. Raises StoreUnusable."""
    file = settings.state
    if file is None:
        raise StoreUnusable("state_on_exit needs state, the file to write")
    if not settings.store.startswith("memory"):
        raise StoreUnusable(
            f"the state {file} replaces everything in a store, and {settings.store} keeps it; give --store memory"
        )
    if not file.exists() and settings.state_on_exit:
        return None
    try:
        return read_state(parse_json_file(file.read_bytes()))
    except OSError as error:
        raise StoreUnusable(f"the state {file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except MalformedJson as error:
        reason = str(error).removeprefix("the body ")
        raise StoreUnusable(f"the state {file} {reason}; mockserver state save writes JSON") from None
    except InvalidRequest as error:
        raise StoreUnusable(f"{file}: {error.message}") from None


def write_state(state: MockState, file: Path) -> None:
    """Write the whole file, or leave it as it was. Raises OSError."""
    write_whole(file, json.dumps(state_json(state), indent=1, ensure_ascii=False) + "\n")
