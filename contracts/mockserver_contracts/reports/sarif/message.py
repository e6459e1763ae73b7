"""Messages of SARIF. Foreign text stays text in them.

Rule 1: a link needs `](`, and a placeholder a number in braces; neither comes from foreign text.
Rule 2: other braces stay single. The standard doubles them, but viewers show both, and a curl line would send another
body than the one that found the fault.
"""

from __future__ import annotations

import re
from typing import Final

from mockserver_contracts.reports.text import escape_lines

_PLACEHOLDER: Final = re.compile(r"\{(\d+)\}")


def message(text: str) -> dict[str, str]:
    """A plain text message."""
    return {"text": escape_message(text)}


def escape_message(text: str) -> str:
    """The text without links, placeholders and characters that do not print."""
    return _PLACEHOLDER.sub(r"{{\1}}", escape_lines(text)).replace("](", "] (")
