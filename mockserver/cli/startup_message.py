"""What `serve` says once it can answer: where it is, what it runs with, and how to point a client at it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from mockserver._version import __version__
from mockserver.settings import Settings

KEY: Final = "sk-demo"


def announce(url: str, settings: Settings, *, defects: Sequence[str] = ()) -> None:
    """Print the start, as text or as JSON, and open the browser if that was asked for."""
    if settings.json_lines:
        print(json.dumps(_facts(url, settings, defects)), flush=True)
    elif settings.quiet:
        print(url, flush=True)
    else:
        print(_text(url, settings, defects), flush=True)
    if settings.open_browser:
        import webbrowser  # few starts open one

        webbrowser.open(f"{url}/_mock/")


def _facts(url: str, settings: Settings, defects: Sequence[str]) -> dict[str, str | list[str]]:
    return {
        "event": "started",
        "url": url,
        "profile": settings.profile,
        "store": settings.store,
        "control": f"{url}/_mock/",
        "version": __version__,
        **({"defects": list(defects)} if defects else {}),
    }


def _text(url: str, settings: Settings, defects: Sequence[str]) -> str:
    wrong = f"\n  DEFECTS   {', '.join(defects)}: this server is wrong on purpose" if defects else ""
    return f"""\
VideoDB billing mock {__version__}

  address   {url}
  profile   {settings.profile}
  store     {settings.store}
  control   {url}/_mock/{wrong}

Point a client at it (any key of the form sk-... opens an account of its own):

  environment   export VIDEO_DB_BASE_URL={url} VIDEO_DB_API_KEY={KEY}
  python        videodb.connect(api_key="{KEY}", base_url="{url}")
  node          connect("{KEY}", "{url}")
  curl          curl {url}/billing/checkout -H 'x-access-token: {KEY}' \\
                     -H 'content-type: application/json' -d '{{"amount": 50}}'

Ctrl-C ends it."""
