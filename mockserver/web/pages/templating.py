"""Templates of the pages. Jinja is imported when the first page is rendered: an API test never needs it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


class Templates:
    """Render the templates of this package, with autoescape on."""

    def render(self, name: str, **values: object) -> str:
        """Render a template; an undefined value is an error."""
        return _environment().get_template(name).render(values)

    def render_part(self, name: str, **values: object) -> Markup:
        """Render a template that others show as it is."""
        from markupsafe import Markup

        return Markup(self.render(name, **values))


@cache
def _environment() -> Environment:
    """The compiled templates, which all mocks of a process share."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("mockserver.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
