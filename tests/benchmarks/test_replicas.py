"""The comparison of three mocks of one state with three apart, and with one."""

from __future__ import annotations

import psycopg

from benchmarks.replicas import APART, ONE, SHARING, Cost, Round, replicas_sentence, writing_transactions
from tests.store.postgres_server import server_address

ALONE, THREE = Cost(100e-6, 0.1, 6_000), Cost(120e-6, 0.1, 9_000)


def a_round(one: Cost, sharing: Cost, apart: Cost) -> Round:
    return {ONE: one, SHARING: sharing, APART: apart}


def test_sentences_have_the_ratios_to_mocks_apart_and_to_one_alone() -> None:
    same = a_round(THREE, THREE, THREE)
    assert replicas_sentence([a_round(ALONE, THREE, ALONE), same, same]) == (
        "Three mocks of one PostgreSQL schema, each with a load of its own, had 1.00 (1.00 to 1.20) times the processor"
        " time of a request, 1.00 (1.00 to 1.00) times the writing transactions and 1.00 (1.00 to 1.50) times the"
        " requests a second of three mocks with a schema each, with 0.100 transactions a request; and 1.00 (1.00 to"
        " 1.20) times the processor time of a request, 1.00 (1.00 to 1.00) times the writing transactions and 1.00"
        " (1.00 to 1.50) times the requests a second of one mock alone."
    )


def test_system_without_processor_times_compares_the_rest() -> None:
    unknown = Cost(None, 0.1, 6_000)
    assert "each with a load of its own, had 1.00 (1.00 to 1.00) times the writing" in replicas_sentence(
        [a_round(unknown, unknown, unknown)]
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
