from __future__ import annotations

from mockserver.billing.entropy import Entropy


def test_portions_have_their_size_and_are_never_alike() -> None:
    entropy = Entropy(16)
    portions = [entropy.take() for _ in range(3 * Entropy.PORTIONS)]
    assert {len(portion) for portion in portions} == {16}
    assert len(set(portions)) == len(portions)
