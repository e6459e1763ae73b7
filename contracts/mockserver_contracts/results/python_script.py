"""A finding of state as a Python script: its requests in order, with the status that each got.

Rule 1: the script needs nothing but Python. It reads the API key from the environment and holds no secret.
Rule 2: it takes ids from the answers that it gets, so it runs on any server.
Rule 3: what was sent at the same time is sent at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import indent
from typing import Final

from mockserver_contracts.exchange import Exchange, Turn
from mockserver_contracts.results.captures import Capture, find_captures
from mockserver_contracts.results.curl import SET_BY_CLIENT, ApiKey
from mockserver_contracts.results.finding import Finding

_HEAD: Final = '''\
#!/usr/bin/env python3
"""Send the requests that led to a finding, and print the status of each beside the one that was seen.

Usage: {variable}=... python {id}.py [URL of the target]
"""

import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

TARGET = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else {target}
KEY = {key}


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer: nothing is sent elsewhere."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(Stay)


def send(method, path, headers, body, *, seen):
    """Send a request, and return the JSON of its answer."""
    url = path if "://" in path else TARGET + path
    request = urllib.request.Request(url, body.encode("latin-1") or None, headers, method=method)
    try:
        answer = OPENER.open(request)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read()
    print(f"{{answer.status}} (seen: {{seen}})  {{method}} {{path}}\\n", end="")
    try:
        return json.loads(text)
    except ValueError:
        return text.decode("utf-8", "replace")


def at_once(*calls):
    """Send requests at the same time."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda call: call(), calls))


'''
_TAIL: Final = """
print(json.dumps(answer, indent=2))
print({expected})
print({actual})
"""


def python_script(finding: Finding, target: str, key: ApiKey) -> str:
    """The script of a finding with steps, for the target at this URL."""
    writer = _Writer(target.rstrip("/"), key, find_captures(finding.steps))
    head = _HEAD.format(id=finding.id, variable=key.variable, target=ascii(target), key=_key(key))
    tail = _TAIL.format(expected=ascii(f"expected: {finding.expected}"), actual=ascii(f"seen:     {finding.actual}"))
    return "".join((head, *(f"{line}\n" for line in writer.lines(finding.steps)), tail))


class _Writer:
    """Writes the steps as statements."""

    def __init__(self, target: str, key: ApiKey, captures: Sequence[Capture]) -> None:
        self._target = target
        self._captures = captures
        names = {key.value: "KEY"} if key.value else {}
        names |= {capture.value: capture.name for capture in captures}
        # A longer text first: another may be a part of it.
        self._names = dict(sorted(names.items(), key=lambda named: -len(named[0])))

    def lines(self, steps: Sequence[Turn]) -> Iterator[str]:
        """The statements, with a loop for the same one many times in a row."""
        for (statement, *captures), repeats in groupby(self._statements(number, t) for number, t in enumerate(steps)):
            times = len(list(repeats))
            yield statement if times == 1 else f"for _ in range({times}):\n{indent(statement, '    ')}"
            yield from captures

    def _statements(self, number: int, turn: Turn) -> tuple[str, ...]:
        captures = [capture for capture in self._captures if capture.turn == number]
        if len(turn) == 1:
            return f"answer = {self._call(turn[0])}", *(f"{each.name} = answer{_path(each)}" for each in captures)
        calls = "".join(f"    lambda: {self._call(each)},\n" for each in turn)
        taken = (f"{each.name} = answers[{each.answer}]{_path(each)}" for each in captures)
        return f"answers = at_once(\n{calls})\nanswer = answers[-1]", *taken

    def _call(self, step: Exchange) -> str:
        request = step.request
        lines = [(name, value) for name, value in request.headers.items() if name.lower() not in SET_BY_CLIENT]
        headers = ", ".join(f"{name!a}: {self._text(value)}" for name, value in lines)
        body = self._text(request.body.decode("latin-1"))
        path = self._text(request.url.removeprefix(self._target))
        return f"send({request.method!a}, {path}, {{{headers}}}, {body}, seen={step.status})"

    def _text(self, text: str) -> str:
        """The text as an expression, with variables for the key and for what earlier answers named."""
        for value, name in self._names.items():
            if value in text:
                parts = [self._text(part) if part else "" for part in text.split(value)]
                pieces = [piece for part in parts for piece in (part, name)][:-1]
                return " + ".join(filter(None, pieces))
        return ascii(text)


def _path(capture: Capture) -> str:
    return "".join(f"[{part!r}]" for part in capture.path)


def _key(key: ApiKey) -> str:
    # On a mock each run of the script gets accounts of its own.
    fresh = f'f"{key.stand_in}-{{secrets.token_hex(4)}}"'
    return f"os.environ.get({key.variable!r}) or {fresh}" if key.stand_in else f"os.environ[{key.variable!r}]"
