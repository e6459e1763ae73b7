"""The paths of VideoDB's billing operations."""

from __future__ import annotations

from typing import Final

CHECKOUT: Final = "/billing/checkout"
CHECKOUTS: Final = "/billing/checkouts"
USAGE: Final = "/billing/usage"
INVOICES: Final = "/billing/invoices"
TOPUP: Final = "/billing/topup"
AUTO_RECHARGE: Final = "/billing/auto_recharge"
