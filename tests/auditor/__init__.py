"""An auditor of money, apart from all product code, and a recorder that feeds it."""

from tests.auditor.auditor import audit
from tests.auditor.contradiction import Contradiction, Report
from tests.auditor.exchange import FOREVER, Exchange
from tests.auditor.recorder import Recorder
from tests.auditor.rules import Rules

__all__ = ["FOREVER", "Contradiction", "Exchange", "Recorder", "Report", "Rules", "audit"]
