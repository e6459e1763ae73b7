"""The billing operations of a document: which of them the mock serves with state, and the overlays of these."""

from typing import Literal

Billing = Literal["auto", "on", "off"]
"""Which billing operations are served with state: those that fit, all that are declared, or none."""
