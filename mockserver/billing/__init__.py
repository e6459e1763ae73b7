"""The use cases. Each one reads, changes and stores state in one transaction; none knows HTTP."""

from mockserver.billing.accounts import Accounts
from mockserver.billing.auto_recharge import AutoRecharges
from mockserver.billing.checkout import Checkout
from mockserver.billing.clocks import Clocks
from mockserver.billing.committed import committed
from mockserver.billing.credit import Credit
from mockserver.billing.events import EventBus
from mockserver.billing.faults import Faults
from mockserver.billing.invoices import Invoices
from mockserver.billing.system_clock import SystemClock, TimeSource

__all__ = [
    "Accounts",
    "AutoRecharges",
    "Checkout",
    "Clocks",
    "Credit",
    "EventBus",
    "Faults",
    "Invoices",
    "SystemClock",
    "TimeSource",
    "committed",
]
