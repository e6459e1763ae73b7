"""What a buyer looks for on the checkout page."""

from __future__ import annotations

import re
from typing import Final

PAY: Final = re.compile(r"^Pay \$")
"""The name of the button that pays with what stands in the form; each test card has one of its own."""
