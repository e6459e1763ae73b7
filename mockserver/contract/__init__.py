"""The contract: what VideoDB's page says, as a document, and the verdict on a request or a response.

Importing this costs what jsonschema-rs costs; YAML, overlays and openapi-core come in only where they are needed.
"""

from __future__ import annotations

from mockserver.contract.contract import Contract, PathItem
from mockserver.contract.errors import ContractError, InvalidJson, NotAForm
from mockserver.contract.loading.bundled import spec_folder
from mockserver.contract.loading.load import bundled_profiles, load
from mockserver.contract.operation import Operation
from mockserver.contract.profile.profile import Profile
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json, parse_json

__all__ = [
    "Contract",
    "ContractError",
    "InvalidJson",
    "Json",
    "NotAForm",
    "Operation",
    "PathItem",
    "Profile",
    "Violation",
    "bundled_profiles",
    "load",
    "parse_json",
    "spec_folder",
]
