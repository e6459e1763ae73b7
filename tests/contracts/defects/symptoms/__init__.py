"""The symptom of each defect; importing a family's module registers its symptoms."""

from __future__ import annotations

from tests.contracts.defects.symptoms import (
    acceptance,
    authentication,
    billing_family,
    consumption,
    crediting,
    effects,
    fragment,
    observed,
    payment_page,
    privacy,
    purchases,
    response_shape,
    sessions,
    soundness,
    timing,
    transport,
)
from tests.contracts.defects.symptoms.symptom import SYMPTOMS

FAMILIES = (
    response_shape,
    acceptance,
    authentication,
    sessions,
    effects,
    crediting,
    timing,
    transport,
    billing_family,
    consumption,
    observed,
    fragment,
    soundness,
    privacy,
    payment_page,
    purchases,
)

__all__ = ["FAMILIES", "SYMPTOMS"]
