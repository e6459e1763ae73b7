"""A report as one HTML page without other files.

Rule 1: foreign text stays text: the templates escape every value and mark none as safe.
Rule 2: the page loads nothing and runs no script, and its content security policy forbids both.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from mockserver.printable import escape_lines


def render_page(
    package: str, page: str, style: str, /, *, filters: Mapping[str, Callable[..., object]], **values: object
) -> str:
    """Render a template of a package. It gets the values, and as `style_hash` its style sheet's hash for the policy."""
    templates = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_escape,
    )
    templates.filters.update(filters)
    digest = hashlib.sha256(templates.get_template(style).render().encode("utf-8")).digest()
    style_hash = f"sha256-{base64.b64encode(digest).decode('ascii')}"
    return templates.get_template(page).render(values, style_hash=style_hash)


def _escape(value: object) -> object:
    # Characters that do not print become escapes here, and Jinja escapes markup afterwards.
    # Only the results of the templates' own macros stay markup.
    return escape_lines(value) if type(value) is str else value
