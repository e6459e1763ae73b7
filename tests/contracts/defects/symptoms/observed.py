"""The symptoms of the defects that show in profile observed."""

from __future__ import annotations

from typing import Any

from tests.contracts.defects.symptoms.symptom import symptom
from tests.web.mock_client import KEY, Mock


def consumed(mock: Mock) -> dict[str, Any]:
    """Consume units, and return the usage statistics."""
    mock.post("/_mock/credits", {"key": KEY, "credits": 10})
    mock.post("/_mock/usage", {"key": KEY, "resource": "transcription", "units": 120})
    usage: dict[str, Any] = mock.usage()
    return usage


@symptom("no-units-in-data")
def _(mock: Mock) -> bool:
    return "transcription" not in consumed(mock)


@symptom("units-of-one-resource")
def _(mock: Mock) -> bool:
    return bool(consumed(mock)["llm"] == 1)


@symptom("no-cost-metric")
def _(mock: Mock) -> bool:
    return "cost_metric" not in consumed(mock)


@symptom("prices-are-doubled")
def _(mock: Mock) -> bool:
    return bool(consumed(mock)["cost_metric"]["transcription"] == 0.02)


@symptom("overdrafts-are-refused")
def _(mock: Mock) -> bool:
    return mock.consume(1).status_code == 402


@symptom("prices-in-quotes")
def _(mock: Mock) -> bool:
    return isinstance(consumed(mock)["cost_metric"]["transcription"], str)


@symptom("overdrafts-show-zero")
def _(mock: Mock) -> bool:
    mock.consume(1)
    return mock.balance() == 0
