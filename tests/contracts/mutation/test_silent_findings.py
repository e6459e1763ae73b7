"""Every finding of a check is brought about by a defect, but for those below; `make test-long` runs them all."""

from __future__ import annotations

from typing import Final

from mockserver_contracts.defects import DEFECTS

from tests.contracts.mutation.silent_findings import silent_findings
from tests.matrix import IS_LONG

# The beginning of each place, and why no defect of a mock leads there.
SILENT: Final = {
    "billing/auto_recharge.py auto_recharge_charges_once: yield context.violation( usage, title,": "a mock recharges",
    "billing/payment_invoices.py invoice_for_each_payment: yield context.violation( foreign.first,": "so is known",
    "replies.py url_is_on_stripe: ": "no profile promises it",
    "servers.py production_server: ": "the target is another server",
    "servers.py staging_server: ": "the target is another server",
    "sessions/expiry.py session_expires_after_24_hours: yield from expect_lifetime(": "a mock has a clock",
    "sessions/expiry.py times_agree: yield from _expect_universal_time(": "a mock has a clock of its own",
    "sessions/expiry.py _expect_universal_time: ": "a mock has a clock of its own",
    'sessions/expiry.py expired_stays_expired: yield context.violation(answer, "a pending': "it is the control API's",
    'sessions/unique_sessions.py find_repeated_sessions: yield _violation(session, "the URL of': "it repeats one",
    'soundness/robustness.py answers_are_whole: yield context.violation( answer, "length"': "ASGI keeps it right",
}

if IS_LONG:  # it runs every defect

    def test_every_finding_has_a_defect_that_brings_it_about() -> None:
        silent = silent_findings(DEFECTS.values())
        assert {next((known for known in SILENT if name.startswith(known)), name) for name in silent} == SILENT.keys()


def test_findings_are_silent_without_a_defect() -> None:
    silent = silent_findings([DEFECTS["credited-in-cents"]])
    assert all(any(name.startswith(known) for name in silent) for known in SILENT)
    assert not any("credits_as_sold" in name and '"for a plan"' in name for name in silent)
