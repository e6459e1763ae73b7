"""The JSON of a checkpoint in the control API."""

from __future__ import annotations

from typing import Any

from mockserver.domain.instant import rfc3339
from mockserver.store.summary import CheckpointSummary


def checkpoint_json(checkpoint: CheckpointSummary) -> dict[str, Any]:
    """The checkpoint as JSON, without its document."""
    return {**checkpoint._asdict(), "saved_at": rfc3339(checkpoint.saved_at)}
