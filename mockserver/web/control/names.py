"""Names that people give: to accounts and to checkpoints."""

from __future__ import annotations

from typing import Final

from mockserver.journal.redaction import redact_text
from mockserver.web.control.fields import Fields

LONGEST_NAME: Final = 80


def read_name(fields: Fields) -> str:
    """The text of the field `name`, without blanks around it. Raises InvalidRequest."""
    fields.required("name")
    name = fields.text("name") or ""
    if not (len(name) <= LONGEST_NAME and name.isprintable() and name.strip()):
        message = f"name is {name[:60]!r}; 1 to {LONGEST_NAME} printable characters are needed"
        raise fields.error("name", message, code="length")
    if redact_text(name) != name:
        raise fields.error("name", "name has an API key or a card number; names are shown and saved", code="secret")
    return name.strip()
