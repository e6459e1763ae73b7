"""Read settings from flags, then `MOCKSERVER_*`, then `mockserver.toml` or `[tool.mockserver]`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mockserver.settings.settings import Settings
from mockserver.settings.table import BY_NAME, FIELDS, SETTINGS, SettingError
from mockserver.user_folders import data_folder

FILE: Final = "mockserver.toml"
_PYPROJECT: Final = "pyproject.toml"


def read_settings(*, flags: Mapping[str, object], environ: Mapping[str, str], folder: Path) -> Settings:
    """Read the settings from flags, the environment and a file in `folder`. A flag of None is not given.

    Raises SettingError.
    """
    fields: dict[str, Any] = {}
    in_file, file = _find_table(folder)
    for name in in_file:
        if name not in BY_NAME:
            raise SettingError(f"{file} sets {name!r}, which is not a setting; the settings are: {', '.join(BY_NAME)}")
    for setting in SETTINGS:
        field = FIELDS.get(setting.name, setting.name)
        if (given := flags.get(setting.name)) is not None:
            fields[field] = setting.read(given, source=setting.option or setting.name)
        elif setting.variable in environ:
            fields[field] = setting.read(environ[setting.variable], source=setting.variable)
        elif setting.name in in_file:
            fields[field] = setting.read(in_file[setting.name], source=f"{setting.name} in {file}")
    if "store" not in fields:
        fields["store"] = _default_store()
    return Settings(**fields)


def _default_store() -> str:
    """The default store: a file in the user's data folder."""
    return f"sqlite:///{data_folder() / 'mock.db'}"


def _find_table(folder: Path) -> tuple[Mapping[str, object], str]:
    if (path := folder / FILE).is_file():
        return _read_toml(path), FILE
    if (path := folder / _PYPROJECT).is_file():
        table = _read_toml(path, only_with="mockserver").get("tool", {}).get("mockserver", {})
        return table, f"[tool.mockserver] of {_PYPROJECT}"
    return {}, FILE


def _read_toml(path: Path, *, only_with: str = "") -> dict[str, Any]:
    """The content of a file; nothing of one without a word, which is not even parsed: it belongs to others."""
    try:
        text = path.read_text("utf-8")
        if only_with not in text:
            return {}
        import tomllib  # most starts have no settings to read

        return tomllib.loads(text)
    except (OSError, ValueError) as error:  # of the encoding, or of TOML
        raise SettingError(f"{path.name} cannot be read: {error}") from None
