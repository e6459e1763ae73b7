"""The settings of a mock, as validated values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from mockserver.domain.money import MICRO
from mockserver.domain.order import BASIC, DEFAULT_PLAN, Plan
from mockserver.domain.usage.price_card import OBSERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one mock; `table` describes each. None means: take the value of the profile or the request."""

    host: str = "127.0.0.1"
    port: int = 8765
    store: str = "memory"
    profile: str = "page"
    spec: Path | None = None
    overlays: tuple[Path, ...] = ()
    billing: Literal["auto", "on", "off"] = "auto"
    session_ttl: timedelta | None = None
    checkout_base: str | None = None
    merchant_name: str | None = None
    allow_hosts: frozenset[str] = frozenset()
    api_keys: frozenset[str] = frozenset()
    microcredits_per_dollar: int = MICRO
    plans: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({DEFAULT_PLAN: BASIC}))
    prices: Mapping[str, int] = field(default_factory=lambda: OBSERVED)
    body_limit: int = 1024 * 1024
    strict_null: bool = False
    seed: int | None = None
    state: Path | None = None
    state_on_exit: bool = False
    journal_bytes: int = 64_000_000
    coverage: bool = False
    control_token: str | None = field(default=None, repr=False)
    workers: int = 1
    watch: bool = False
    http: Literal["own", "uvicorn"] = "own"
    open_browser: bool = False
    quiet: bool = False
    json_lines: bool = False

    def having(self, **overrides: object) -> Settings:
        """A copy with some settings replaced. Texts are parsed as flags are. Raises SettingError."""
        from mockserver.settings.table import parse_overrides

        return replace(self, **parse_overrides(overrides))  # type: ignore[arg-type]  # parsed by the table
