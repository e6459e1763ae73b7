"""Settings, their table and their sources."""

from mockserver.settings.settings import Settings
from mockserver.settings.sources import read_settings
from mockserver.settings.table import SETTINGS, Setting, SettingError

__all__ = ["SETTINGS", "Setting", "SettingError", "Settings", "read_settings"]
