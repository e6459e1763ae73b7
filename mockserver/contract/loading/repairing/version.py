"""The version of OpenAPI that a document names."""

from __future__ import annotations

import re
from typing import Any, Final

from mockserver.contract.loading.reading.source import Source

MOST_SHOWN: Final = 40
"""The characters of a version that a message repeats."""
_VERSION: Final = re.compile(r"\s*v?(3\.[012])(?:\.([0-9]+))?(-[^\s]+)?\s*")
_LATEST: Final = {"3.0": "3.0.4", "3.1": "3.1.1", "3.2": "3.1.1"}
"""The complete version for one without a patch. OpenAPI 3.2 only adds to 3.1, and is read as that."""


def openapi_of(source: Source) -> tuple[dict[str, Any], str | None]:
    """The document of a file with a complete version, and the version as given if it is another one.

    Raises ContractError for a document that is not in OpenAPI 3.0, 3.1 or 3.2.
    """
    document = source.mapping("an OpenAPI document")
    given = document.get("openapi")
    found = _VERSION.fullmatch(str(given)) if isinstance(given, str | float) else None
    if found is not None:
        is_complete = found[2] is not None and found[1] != "3.2"
        complete = f"{found[1]}.{found[2]}{found[3] or ''}" if is_complete else _LATEST[found[1]]
        return ({**document, "openapi": complete}, None if complete == given else str(given))
    if "swagger" in document and given is None:
        convert = "`npx swagger2openapi FILE` or the Swagger Editor converts it"
        reason = f"this one is Swagger {str(document['swagger'])[:MOST_SHOWN]} and has no openapi: 3.x; {convert}"
        raise source.error("/openapi", f"a document in OpenAPI 3.0, 3.1 or 3.2 is needed; {reason}")
    reason = "has no openapi: 3.x" if given is None else f"has openapi: {repr(given)[:MOST_SHOWN]}"
    raise source.error("/openapi", f"a document in OpenAPI 3.0, 3.1 or 3.2 is needed; this one {reason}")
