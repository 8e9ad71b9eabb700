"""The templates of the page, loaded for the first page: every value is escaped, and a missing one is an error."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("priorauth.glucose.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"tenths": "{:.1f}".format, "whole": "{:.0f}".format, "thousands": "{:,}".format}
    return made


def render(template: str, **values: object) -> str:
    """Return a template filled in; raises jinja2.UndefinedError for a value that it names and was not given."""
    return _environment().get_template(template).render(values)
