"""The startup message of `serve`: address, settings, and how to point a client at the mock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from mockserver._version import __version__
from mockserver.settings import Settings
from mockserver.store.opening import without_password

KEY: Final = "sk-demo"


def print_startup(url: str, settings: Settings, *, defects: Sequence[str] = ()) -> None:
    """Print the startup message as text or JSON, and open the dashboard if the settings ask for it."""
    if settings.json_lines:
        print(json.dumps(_as_json(url, settings, defects)), flush=True)
    elif settings.quiet:
        print(url, flush=True)
    else:
        print(_as_text(url, settings, defects), flush=True)
    if settings.open_browser:
        import webbrowser  # few starts open a browser

        webbrowser.open(f"{url}/_mock/")


def _as_json(url: str, settings: Settings, defects: Sequence[str]) -> dict[str, str | list[str]]:
    return {
        "event": "started",
        "url": url,
        "profile": settings.profile,
        "store": without_password(settings.store),
        "control": f"{url}/_mock/",
        "version": __version__,
        **({"defects": list(defects)} if defects else {}),
    }


def _as_text(url: str, settings: Settings, defects: Sequence[str]) -> str:
    warning = f"\n  DEFECTS   {', '.join(defects)}: this server has deliberate defects" if defects else ""
    return f"""\
VideoDB billing mock {__version__}

  address   {url}
  profile   {settings.profile}
  store     {without_password(settings.store)}
  control   {url}/_mock/{warning}

Point a client at it (each key of the form sk-... has its own account):

  python   videodb.connect(api_key="{KEY}", base_url="{url}")
  node     connect("{KEY}", "{url}")
  curl     curl {url}/billing/checkout -H 'x-access-token: {KEY}' \\
                -H 'content-type: application/json' -d '{{"amount": 50}}'

Press Ctrl-C to stop."""
