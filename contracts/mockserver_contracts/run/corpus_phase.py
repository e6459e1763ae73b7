"""The start of a phase that sends the corpus: the fuzz phase and the drift phase begin alike."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.corpus.storage import is_stored, load_or_generate
from mockserver_contracts.document.credentials import Credentials
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.replay.corpus_loop import CorpusLoop
from mockserver_contracts.replay.replay import Replay
from mockserver_contracts.replay.selection import select_entries
from mockserver_contracts.replay.side_effects import SideEffects
from mockserver_contracts.results.events import RunEvent, RunFailure, RunNote
from mockserver_contracts.run.context import RunContext


@dataclass(frozen=True, slots=True)
class CorpusRun:
    """The loop over the corpus, and the replay that sends its entries to the target."""

    loop: CorpusLoop
    replay: Replay
    # The reason if a part of the corpus could not be made.
    trouble: str | None

    def close(self) -> None:
        """Close the replay."""
        self.replay.close()

    def failure(self) -> RunFailure | None:
        """The failure if every valid request was refused, or if a part of the corpus is missing."""
        return self.loop.failure() or (RunFailure("engine", self.trouble) if self.trouble else None)


def begin_corpus(
    context: RunContext, *, times: int = 1, tolerates_missing: bool, skips_repeats: bool = False
) -> Generator[RunEvent, None, CorpusRun | None]:
    """Prepare to send each entry of the corpus this many times; None if the time budget ends before it is made.

    `skips_repeats` leaves out entries that an earlier subject was sent, but for those that the profile decides.
    """
    subject, plan, target = context.subject, context.plan, context.target
    limits = {"seed": plan.seed, "max_examples": plan.max_examples}
    if not is_stored(subject.document, **limits):
        yield RunNote(f"Making the requests of seed {plan.seed}, once; they are kept for the next run.")
    corpus = load_or_generate(subject.document, **limits, key_header=subject.key_header, deadline=context.deadline)
    if corpus is None:
        context.gate.stop("the time budget is spent")
        return None
    for operation, reason in corpus.untested:
        yield RunNote(f"{operation} is not tested with all of its bodies: {reason[:1].lower()}{reason[1:]}.")
    entries = select_entries(corpus, target, context.gate, times=times)
    if plan.origins is not None:
        entries = tuple(entry for entry in entries if entry.origin in plan.origins)
    if plan.operations is not None:
        entries = tuple(entry for entry in entries if entry.operation in plan.operations)
    if skips_repeats:
        replayed = context.results.replayed
        entries = tuple(entry for entry in entries if _depends_on_profile(entry) or entry.id not in replayed)
        replayed.update(entry.id for entry in entries)
    replay = Replay(context.gate, key=target.key.value, credentials=Credentials(subject.document))
    watches_list = subject.is_videodb and not target.on_rails
    side_effects = SideEffects(context.account, replay) if watches_list else None
    loop = CorpusLoop(entries, context.gate, tolerates_missing=tolerates_missing, side_effects=side_effects)
    return CorpusRun(loop, replay, corpus.trouble)


def _depends_on_profile(entry: CorpusEntry) -> bool:
    """The outcome is the profile's: of the checkout's entries, but for what the parser alone decides or nobody."""
    return entry.path == CHECKOUT and entry.expected not in (Expected.REFUSED_BY_LIMIT, Expected.EITHER)
