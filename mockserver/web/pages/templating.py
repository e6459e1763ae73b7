"""Templates, read when the first page is asked for: an API test never opens one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


class Templates:
    """Renders the templates of this package, autoescape on."""

    def render(self, name: str, **values: object) -> str:
        """The text that a template makes of these values; an undefined one is an error."""
        return self._environment.get_template(name).render(values)

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, PackageLoader, StrictUndefined

        return Environment(
            loader=PackageLoader("mockserver.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
