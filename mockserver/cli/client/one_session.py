"""What is printed of one session, once something was done to it."""

from __future__ import annotations

from typing import Any

from mockserver.cli.client.output import print_json


def print_session(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print what became of the session."""
    if as_json:
        print_json(answer)
        return
    session = answer["session"]
    print(f"{session['id']} is {session['status']}")
    if answer.get("redirect_url"):
        print(f"the buyer goes to {answer['redirect_url']}")
