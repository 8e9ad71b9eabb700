"""The templates of the letters: every value is escaped and marked as given, and a missing one is an error.

What stands in a template is our own words; what comes from the facts is put between ``<span class="given">``. So the
reading grade of our own words can be measured, and a reader on the screen can see what was filled in.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from priorauth.letters import days

if TYPE_CHECKING:
    from jinja2 import Environment

ROOM: Final = Path(__file__).parent
FOLDER: Final = ROOM / "templates"
FONTS: Final = ROOM / "fonts"


def _given(value: object) -> object:
    """Mark a value as given; what is markup already, or explicitly bare, stays as it is."""
    from markupsafe import Markup

    if isinstance(value, Markup) or value == "":
        return value
    return Markup('<span class="given">{}</span>').format(value)


def _bare(value: object) -> object:
    """Return a value for an attribute: escaped and not marked."""
    from markupsafe import Markup, escape

    return Markup(escape(value))  # noqa: S704 - it is escaped on this line


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_given,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"bare": _bare, "day": days.plain, "written": days.written, "moment": days.moment}
    return made


def render(template: str, **values: object) -> str:
    """Return a template filled in; raises jinja2.UndefinedError for a value that it names and was not given."""
    return _environment().get_template(template).render(values)


def files() -> tuple[Path, ...]:
    """Return everything that the look and the words of a letter come from, in a fixed order."""
    data = (ROOM / name for name in ("elements.yaml", "lines.yaml", "wording.yaml"))
    return (*sorted((*FOLDER.rglob("*.html"), *FOLDER.glob("*.css"), *FONTS.glob("*.ttf"))), *data)


@cache
def version() -> str:
    """Return the version of the templates: the sha256 of all their files, each with its name."""
    digest = sha256()
    for path in files():
        digest.update(f"{path.relative_to(ROOM).as_posix()}\0".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()
