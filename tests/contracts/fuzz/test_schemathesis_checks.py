"""Schemathesis' checks judge what the target answered, and nothing else."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import pytest
from mockserver_contracts.corpus import DEFAULT_EXAMPLES, DEFAULT_SEED
from mockserver_contracts.corpus.entry import CorpusEntry, Expected
from mockserver_contracts.corpus.storage import load_or_generate
from mockserver_contracts.fuzz.schemathesis_checks import SchemathesisChecks
from mockserver_contracts.replay.replay import Replay
from mockserver_contracts.target.gate import Gate, Limits
from mockserver_contracts.target.transport.asgi_transport import AsgiTransport

from tests.contracts.runs import KEY, document
from tests.contracts.servers.independent import Other

HEADER: Final = "x-access-token"


def first_accepted_entries() -> list[CorpusEntry]:
    corpus = load_or_generate(document(), seed=DEFAULT_SEED, max_examples=DEFAULT_EXAMPLES, key_header=HEADER)
    assert corpus is not None
    return list(
        {
            entry.operation: entry
            for entry in corpus.entries
            if entry.expected is Expected.ACCEPTED and entry.case is not None
        }.values()
    )


@pytest.mark.parametrize("entry", first_accepted_entries(), ids=lambda entry: entry.operation)
@pytest.mark.parametrize("requests", [1, 2, None])
def test_probe_that_may_not_be_sent_shows_no_fault(entry: CorpusEntry, requests: int | None) -> None:
    gate = Gate(AsgiTransport(Other(), "http://127.0.0.1:1"), Limits(requests=requests))
    with (
        closing(Replay(gate, key=KEY)) as replay,
        closing(SchemathesisChecks(document(), gate, key_header=HEADER, key=KEY)) as checks,
    ):
        exchange = replay.send(entry)
        assert exchange is not None
        assert exchange.is_accepted
        assert list(checks.failures(exchange)) == []
    assert requests is None or gate.requests_sent == requests
