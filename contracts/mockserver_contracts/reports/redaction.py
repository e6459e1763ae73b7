"""Keys never leave a run: every text that does is cleaned here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

MARK: Final = "[redacted]"


class Redaction:
    """Replaces every occurrence of the secrets it was given, plain or percent-encoded."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        # Longest first: a secret that begins with another must not leave its tail behind.
        self._forms = sorted(forms, key=lambda form: (-len(form), form))

    def text(self, text: str) -> str:
        """The text without any secret."""
        for form in self._forms:
            text = text.replace(form, MARK)
        return text

    def bytes(self, data: bytes) -> bytes:
        """The bytes without any secret."""
        for form in self._forms:
            data = data.replace(form.encode("utf-8", "surrogateescape"), MARK.encode())
        return data

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers without any secret."""
        return {self.text(name): self.text(value) for name, value in headers.items()}
