"""Redact the given secrets in texts, bytes and JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockserver_contracts.reports.redaction.secret_pattern import secret_pattern

MARK: Final = "[redacted]"


class Redaction:
    """Replaces every occurrence of the given secrets, in any spelling."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Longest first: a secret that begins with another must not leave its tail behind.
        longest_first = sorted({*secrets} - {""}, key=lambda secret: (-len(secret), secret))
        self._patterns = [secret_pattern(secret) for secret in longest_first]

    def text(self, text: str) -> str:
        """The text without any secret."""
        for pattern in self._patterns:
            text = pattern.sub(MARK, text)
        return text

    def bytes(self, data: bytes) -> bytes:
        """The bytes without any secret."""
        return self.text(data.decode("latin-1")).encode("latin-1")

    def value(self, value: Any) -> Any:
        """The JSON value without any secret in its texts and member names."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.value(name): self.value(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one) for one in value]
        return value
