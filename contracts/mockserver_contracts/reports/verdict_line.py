"""The verdicts of a run in one line, which agrees with its findings and its exit code."""

from __future__ import annotations

from collections import Counter

from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.text import count


def verdict_line(record: RunRecord) -> str:
    """The counts of the verdicts, and the exit code.

    A violated claim that the profile does not promise is counted apart: it fails no run.
    """
    if not record.claims:
        return f"no claim decided; exit {record.end.exit_code}"
    unpromised = sum(claim.verdict == "violated" and not claim.promised for claim in record.claims)
    verdicts = Counter(claim.verdict for claim in record.claims)
    counts = [
        f"{count(verdicts['upheld'], 'claim')} upheld",
        f"{verdicts['violated'] - unpromised} violated",
        f"{verdicts['undecided']} undecided",
    ]
    counts += [f"{verdicts['failed']} failed to run"] if verdicts["failed"] else []
    aside = f"; {unpromised} of the unpromised violated" if unpromised else ""
    return f"{', '.join(counts)}{aside}; exit {record.end.exit_code}"
