"""The contract: VideoDB's page as a document, and the verdict on a request or a response.

Importing this package costs as much as importing jsonschema-rs. YAML, overlays and openapi-core are imported on use.
"""

from __future__ import annotations

from mockserver.contract.contract import Contract, PathItem
from mockserver.contract.errors import ContractError, MalformedForm, MalformedJson
from mockserver.contract.loading.bundled import bundled_profiles, spec_folder
from mockserver.contract.loading.load import load
from mockserver.contract.operation import Operation
from mockserver.contract.profile.profile import Profile
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json, parse_json

__all__ = [
    "Contract",
    "ContractError",
    "Json",
    "MalformedForm",
    "MalformedJson",
    "Operation",
    "PathItem",
    "Profile",
    "Violation",
    "bundled_profiles",
    "load",
    "parse_json",
    "spec_folder",
]
