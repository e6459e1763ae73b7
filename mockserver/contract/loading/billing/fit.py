"""The fit of a document's operation: it is VideoDB's if its request and its reply fit the endpoint with state.

Rule 1: the document decides by what it says. A path alone says nothing: other products have POST /billing/checkout too.
Rule 2: a reason is a sentence about the document, and never about a file of the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockserver.contract.loading.billing.operations import BillingOperation
from mockserver.contract.media import is_json
from mockserver.contract.pointer import dereference
from mockserver.contract.profile.profile import Profile
from mockserver.contract.request.security import Security
from mockserver.contract.schema.explanation.explain import explain
from mockserver.contract.schema.structure import items_of, properties_of
from mockserver.contract.schema.validators import compile_validator

KEY_HEADER: Final = "x-access-token"
_PARAMETERS: Final = frozenset({"limit", "offset"})
_STATUSES: Final = ("200", "2XX", "DEFAULT")


def misfit(
    operation: BillingOperation, item: Mapping[str, Any], document: Mapping[str, Any], profiles: Iterable[Profile]
) -> str | None:
    """The reason why the endpoint does not fit the operation of a path item; None if it fits.

    It fits if the document accepts a reply in the words of one of the profiles.
    """
    data = item[operation.method.lower()]
    security = Security.of(data, document)
    if not security.is_open and not security.asks_only_for(KEY_HEADER):
        return f"it asks for another credential than an API key in {KEY_HEADER}"
    for parameter in _parameters(item, data, document):
        name = parameter.get("name")
        is_key = parameter.get("in") == "header" and str(name).lower() == KEY_HEADER
        if parameter.get("required") is True and name not in _PARAMETERS and not is_key:
            return f"it requires the parameter {name}"
    return _misfit_of_request(operation, data, document) or _misfit_of_reply(operation, data, document, profiles)


def _misfit_of_request(operation: BillingOperation, data: Mapping[str, Any], document: Mapping[str, Any]) -> str | None:
    body = dereference(document, data.get("requestBody"))
    if not operation.orders:
        return "it takes a body" if body is not None and body.get("required") is True else None
    schema = _json_schema(body)
    if schema is None:
        return "it takes no JSON body"
    known = {name for order in operation.orders for name in order}
    declared = properties_of(schema, document)
    if declared and not declared.keys() & known:
        return f"its body has none of the members {', '.join(sorted(known))}"
    reasons = [_refusal(schema, document, order, "request") for order in operation.orders]
    return None if None in reasons else f"its body refuses the order of a checkout: {reasons[0]}"


def _misfit_of_reply(
    operation: BillingOperation, data: Mapping[str, Any], document: Mapping[str, Any], profiles: Iterable[Profile]
) -> str | None:
    declared = {str(status).upper(): each for status, each in (data.get("responses") or {}).items()}
    status = next((status for status in _STATUSES if status in declared), None)
    if status is None:
        return f"it declares {', '.join(map(str.lower, declared)) or 'no response'}, and no 200"
    schema = _json_schema(dereference(document, declared[status]))
    if schema is None:
        return f"its {status.lower()} response is not JSON"
    reasons = []
    for profile in profiles:
        reply = operation.reply(profile)
        refusal = _refusal(schema, document, reply, "response")
        if refusal is None and not _shares_members(schema, document, reply):
            refusal = f"it has none of the members {', '.join(sorted(reply))}"
        reasons.append(refusal)
    return None if None in reasons else f"its {status.lower()} response is another: {reasons[-1]}"


def _shares_members(schema: Any, document: Mapping[str, Any], value: Any) -> bool:
    """The value has some of the members that the schema names, if it names any, and these share theirs."""
    if isinstance(value, list):
        return not value or _shares_members(items_of(schema, document), document, value[0])
    if not isinstance(value, Mapping):
        return True
    declared = properties_of(schema, document)
    common = declared.keys() & value.keys()
    return not declared or (
        bool(common) and all(_shares_members(declared[name], document, value[name]) for name in common)
    )


def _refusal(schema: Any, document: Mapping[str, Any], value: Any, direction: Any) -> str | None:
    """The first violation of a value, in words; None if the schema accepts it."""
    validator = compile_validator(schema, document, direction)
    if validator.is_valid(value):
        return None
    found = explain(schema, document, direction, value).violations
    return found[0].message if found else "the schema refuses it"


def _json_schema(holder: Any) -> Any:
    """The schema of the JSON content of a body or a response; the empty schema if it has none of its own."""
    content = (holder or {}).get("content") or {}
    for media_type, each in content.items():
        if is_json(media_type):
            return (each or {}).get("schema", {})
    return None


def _parameters(
    item: Mapping[str, Any], data: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterable[Mapping[str, Any]]:
    for each in (*(item.get("parameters") or ()), *(data.get("parameters") or ())):
        parameter = dereference(document, each)
        if isinstance(parameter, Mapping):
            yield parameter
