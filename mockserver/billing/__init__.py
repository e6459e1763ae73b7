"""The use cases: find, change, keep, in one transaction; no HTTP word."""

from mockserver.billing.accounts import Accounts
from mockserver.billing.auto_recharge import Recharging
from mockserver.billing.checkout import Checkout
from mockserver.billing.clocks import Clocks
from mockserver.billing.credit import Credit
from mockserver.billing.events import News
from mockserver.billing.faults import Faults
from mockserver.billing.invoices import Invoices
from mockserver.billing.system_clock import SystemWall, Wall

__all__ = [
    "Accounts",
    "Checkout",
    "Clocks",
    "Credit",
    "Faults",
    "Invoices",
    "News",
    "Recharging",
    "SystemWall",
    "Wall",
]
