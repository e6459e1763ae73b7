"""Elements of the checkout page."""

from __future__ import annotations

import re
from typing import Final

PAY: Final = re.compile(r"^Pay \$")
"""The name of the button that pays with the card of the form; each test card has its own button."""
