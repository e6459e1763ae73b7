"""The comparison of three mocks with one."""

from __future__ import annotations

import psycopg

from benchmarks.replicas import Cost, replicas_sentence, writing_transactions
from tests.store.postgres_server import server_address

ONE, THREE = Cost(100e-6, 0.1, 6_000), Cost(120e-6, 0.1, 9_000)


def test_sentence_has_the_ratios_of_three_mocks_to_one() -> None:
    assert replicas_sentence([(ONE, THREE), (ONE, ONE), (ONE, ONE)]) == (
        "Three mocks on one PostgreSQL, each with a load of its own, took 1.00 (1.00 to 1.20) times the processor time"
        " of a request, 1.00 (1.00 to 1.00) times the writing transactions, 0.100 a request, and served 1.00 (1.00 to"
        " 1.50) times as many requests a second as one of them."
    )


def test_system_without_processor_times_compares_the_rest() -> None:
    unknown = Cost(None, 0.1, 6_000)
    assert "each with a load of its own, took 1.00 (1.00 to 1.00) times the writing" in replicas_sentence(
        [(unknown, unknown)]
    )


def test_transactions_that_write_are_counted_and_others_are_not() -> None:
    with psycopg.connect(server_address(), autocommit=True) as connection:
        before = writing_transactions(server_address())
        for _ in range(50):
            connection.execute("SELECT 1")
        between = writing_transactions(server_address())
        for _ in range(50):
            connection.execute("SELECT pg_current_xact_id()")
        after = writing_transactions(server_address())
    # other tests may write to this server meanwhile
    assert after - between >= 50
    assert before <= between
