"""The symptoms of the defects that show in profile openapi."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import SYMPTOMS, refuses

SYMPTOMS.update(
    {
        "an-amount-is-required": refuses({}),
        "amounts-must-be-whole": refuses({"amount": 10.5}),
    }
)
