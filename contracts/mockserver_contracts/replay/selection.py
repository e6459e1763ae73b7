"""The part of the corpus that may be sent to a target on rails."""

from __future__ import annotations

from dataclasses import replace

from mockserver_contracts.corpus.corpus import Corpus
from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.document.operations import CHECKOUT
from mockserver_contracts.target.gate import Gate
from mockserver_contracts.target.rails.spending import may_cost_more_than_a_dollar
from mockserver_contracts.target.target import Target


def select_entries(corpus: Corpus, target: Target, gate: Gate, *, times: int = 1) -> tuple[CorpusEntry, ...]:
    """The entries that may be sent to the target, each this many times."""
    if not target.on_rails:
        return corpus.entries
    left = len(corpus.entries) if target.limits.requests is None else target.limits.requests - gate.requests_sent
    modest = replace(corpus, entries=tuple(filter(is_modest, corpus.entries)))
    return modest.sample(is_declared=True, most=max(left, 0) // times)


def is_modest(entry: CorpusEntry) -> bool:
    """If it were accepted, the entry would change no more than an unpaid session of a dollar does."""
    is_checkout = entry.method == "POST" and entry.path == CHECKOUT
    if (entry.method != "GET" and not is_checkout) or entry.expected is Expected.REFUSED_BY_LIMIT:
        return False
    return not may_cost_more_than_a_dollar(entry.body, entry.target.partition("?")[2])
