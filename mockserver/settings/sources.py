"""Where settings come from: flags, then `MOCKSERVER_*`, then `mockserver.toml` or `[tool.mockserver]`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mockserver.settings.settings import Settings, default_store
from mockserver.settings.table import BY_NAME, FIELDS, SETTINGS, SettingError

FILE: Final = "mockserver.toml"
_PYPROJECT: Final = "pyproject.toml"


def from_sources(*, flags: Mapping[str, object], environ: Mapping[str, str], folder: Path) -> Settings:
    """The settings that flags (by setting name; None: not given), the environment and a file of `folder` make.

    Raises SettingError.
    """
    fields: dict[str, Any] = {}
    in_file, file = _table_of(folder)
    for name in in_file:
        if name not in BY_NAME:
            raise SettingError(f"{file} sets {name!r}, which is no setting; there are: {', '.join(BY_NAME)}")
    for setting in SETTINGS:
        field = FIELDS.get(setting.name, setting.name)
        if (given := flags.get(setting.name)) is not None:
            fields[field] = setting.read(given, source=setting.option or setting.name)
        elif setting.variable in environ:
            fields[field] = setting.read(environ[setting.variable], source=setting.variable)
        elif setting.name in in_file:
            fields[field] = setting.read(in_file[setting.name], source=f"{setting.name} in {file}")
    fields.setdefault("store", default_store())
    return Settings(**fields)


def _table_of(folder: Path) -> tuple[Mapping[str, object], str]:
    if (path := folder / FILE).is_file():
        return _toml(path), FILE
    if (path := folder / _PYPROJECT).is_file():
        table = _toml(path).get("tool", {}).get("mockserver", {})
        return table, f"[tool.mockserver] of {_PYPROJECT}"
    return {}, FILE


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # most starts have no file to read

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{path.name} cannot be read: {error}") from None
