"""What a run may send to a server that is neither loopback nor a mock: a part of the corpus."""

from __future__ import annotations

from mockserver_contracts.corpus.corpus import Corpus
from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.target.client import CHECKOUT
from mockserver_contracts.target.gate import Gate, RawRequest
from mockserver_contracts.target.target import Target, spends_more_than_a_dollar


def allowed(corpus: Corpus, target: Target, gate: Gate, *, times: int = 1) -> tuple[CorpusEntry, ...]:
    """The entries of the corpus that may be sent to the target, each so many times."""
    if not target.on_rails:
        return corpus.entries
    left = len(corpus.entries) if target.limits.requests is None else target.limits.requests - gate.requests_sent
    modest = Corpus(corpus.recipe, tuple(filter(is_modest, corpus.entries)), corpus.trouble)
    return modest.sample(is_declared=True, most=max(left, 0) // times)


def is_modest(entry: CorpusEntry) -> bool:
    """Whether the entry changes nothing but what an unpaid session of a dollar changes."""
    is_checkout = entry.method == "POST" and entry.path == CHECKOUT
    if (entry.method != "GET" and not is_checkout) or entry.expected is Expected.REFUSED_BY_LIMIT:
        return False
    path, _, query = entry.target.partition("?")
    return not spends_more_than_a_dollar(RawRequest(entry.method, path.encode(), query.encode(), [], entry.body))
