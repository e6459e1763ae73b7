"""The contract: document, overlays and profile."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.cli.doctor.diagnosis import Diagnosis
from mockserver.settings import Settings


def check_document(settings: Settings) -> Iterator[Diagnosis]:
    """Load the contract as `serve` does, without its cache."""
    from mockserver.contract import ContractError, load

    try:
        contract, profile = load(
            settings.profile,
            spec=settings.spec,
            overlays=settings.overlays,
            billing=settings.billing,
            writes_cache=False,
        )
    except ContractError as error:
        yield Diagnosis("document", "wrong", str(error))
        return
    shown = str(settings.spec or "the bundled document")
    yield Diagnosis("document", "ok", f"{shown} can be served with the profile {profile.name}")
    for deviation in contract.deviations:
        yield Diagnosis("document", "note", deviation, "the document is served all the same")
    if contract.stateless:
        shown = "; ".join(contract.stateless)
        yield Diagnosis(
            "document", "note", f"answered from the document: {shown}", "--billing on serves all with state"
        )
