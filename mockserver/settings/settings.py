"""All settings of a mock, as values that are right by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from mockserver.domain.money import MICRO
from mockserver.domain.order import BASIC, DEFAULT_PLAN, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one mock; the table says what each means. None: as the profile or the request has it."""

    host: str = "127.0.0.1"
    port: int = 8765
    store: str = "memory"
    profile: str = "page"
    spec: Path | None = None
    overlays: tuple[Path, ...] = ()
    session_ttl: timedelta | None = None
    checkout_base: str | None = None
    allow_hosts: frozenset[str] = frozenset()
    api_keys: frozenset[str] = frozenset()
    microcredits_per_dollar: int = MICRO
    plans: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({DEFAULT_PLAN: BASIC}))
    body_limit: int = 1024 * 1024
    control_token: str | None = field(default=None, repr=False)
    watch: bool = False
    open_browser: bool = False
    quiet: bool = False
    json_lines: bool = False

    def having(self, **overrides: object) -> Settings:
        """The same settings but for some; texts are read as a flag's would be. Raises SettingError."""
        from mockserver.settings.table import parsed_overrides

        return replace(self, **parsed_overrides(overrides))  # type: ignore[arg-type]  # parsed by the table


def default_store() -> str:
    """The store `serve` uses unless told otherwise: a file in the user's data directory."""
    from platformdirs import user_data_path  # loaded where it is needed: a set store needs no such folder

    return f"sqlite:///{user_data_path('videodb-mockserver', appauthor=False) / 'mock.db'}"
