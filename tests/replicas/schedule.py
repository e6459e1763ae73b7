"""The plan of a run, all of it from its seed: the kills, the restarts of the database, and their moments."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

REPLICAS: Final = 3
MODES: Final = ("fast", "immediate")


class Kill(NamedTuple):
    """The end of a mock; `number` counts from 1."""

    at: float
    number: int


class Restart(NamedTuple):
    """A stop of the database, which is `away` for some seconds."""

    at: float
    mode: str
    away: float


class Form(NamedTuple):
    """The size of a run."""

    clients: int
    pause: float
    """The mean pause of a client between two requests."""
    seconds: float
    kills: int
    restarts: int
    away: float
    """The mean absence of the database."""


SHORT: Final = Form(clients=30, pause=0.1, seconds=5.0, kills=2, restarts=1, away=0.6)
FULL: Final = Form(clients=500, pause=4.0, seconds=60.0, kills=20, restarts=2, away=2.0)


def schedule(form: Form, seed: int) -> list[Kill | Restart]:
    """The events of a run, in order."""
    random = Random(seed)
    kills = [Kill(random.uniform(0.1, 0.9) * form.seconds, random.randint(1, REPLICAS)) for _ in range(form.kills)]
    modes = random.sample(MODES, k=form.restarts)
    share = form.seconds / (form.restarts + 1)
    restarts = [
        Restart(share * (place + random.uniform(0.8, 1.2)), mode, form.away * random.uniform(0.7, 1.3))
        for place, mode in enumerate(modes)
    ]
    return sorted([*kills, *restarts], key=lambda event: event.at)
