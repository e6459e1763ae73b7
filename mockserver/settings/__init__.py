"""What can be set, and where it is read from."""

from mockserver.settings.settings import Settings
from mockserver.settings.sources import from_sources
from mockserver.settings.table import SETTINGS, Setting, SettingError

__all__ = ["SETTINGS", "Setting", "SettingError", "Settings", "from_sources"]
