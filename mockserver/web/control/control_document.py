"""The control API's own OpenAPI document. It comes with the product as a file; tests hold the mock to it."""

from __future__ import annotations

from functools import cache

from mockserver._version import __version__
from mockserver.contract import Contract, spec_folder
from mockserver.contract.loading.bundled import CONTROL_DOCUMENT


@cache
def control_contract() -> Contract:
    """The document with the product's version. Read once, when a client first asks for it."""
    from mockserver.contract.loading.reading.source import read_bytes, read_source  # imports YAML

    file = spec_folder() / CONTROL_DOCUMENT
    document = read_source(file, read_bytes(file)).mapping("an OpenAPI document")
    return Contract({**document, "info": {**document["info"], "version": __version__}})
