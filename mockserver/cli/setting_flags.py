"""The flags of the settings, for each command that takes the settings of `serve`."""

from __future__ import annotations

import argparse
from collections.abc import Collection

from mockserver.settings import SETTINGS, Setting


def add_setting_flags(parser: argparse.ArgumentParser, *, but: Collection[str] = ()) -> None:
    """Declare a flag for each setting that has one, except for the settings named in `but`."""
    for setting in SETTINGS:
        if setting.option is not None and setting.name not in but:
            _add_flag(parser, setting)


def _add_flag(parser: argparse.ArgumentParser, setting: Setting) -> None:
    text = f"{setting.help} [env: {setting.variable}; default: {setting.default}]".replace("%", "%%")
    assert setting.option is not None
    if not setting.metavar:
        parser.add_argument(setting.option, dest=setting.name, action="store_true", default=None, help=text)
    elif setting.many:
        parser.add_argument(setting.option, dest=setting.name, action="append", metavar=setting.metavar, help=text)
    else:
        parser.add_argument(setting.option, dest=setting.name, metavar=setting.metavar, help=text)
