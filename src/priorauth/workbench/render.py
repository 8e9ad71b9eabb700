"""Pages from templates: everything escaped, days and moments in the plan's zone, words from one glossary."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

import priorauth
from priorauth.workbench import rights, words
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import preferences
from priorauth.workbench.visit import Visit

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
MEDIA: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_PAGES: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
NO_FORM: Final = Form()


@cache
def files() -> Mapping[str, tuple[str, bytes]]:
    """Return by name the files of pages: of each the first digits of its sha256, and its bytes."""
    found = {one.name: one.read_bytes() for one in sorted(STATIC.iterdir()) if one.suffix in MEDIA}
    return {name: (hashlib.sha256(content).hexdigest()[:12], content) for name, content in found.items()}


def static(name: str) -> str:
    """Return the address of a file of ours, which changes when the file does, so that browsers may keep it."""
    return f"/static/{files()[name][0]}/{name}"


def page(visit: Visit, template: str, status: int = 200, **more: Any) -> Response:  # noqa: ANN401 - what it shows
    """Return a page to somebody who is here; ``form``: what she typed, where the page is shown again for that."""
    context: dict[str, Any] = {
        "visit": visit,
        "who": visit.who,
        "role": visit.role,
        "now": visit.now,
        "plan": visit.plan["name"],
        "csrf": visit.session.csrf,
        "key": visit.fresh_key,
        "roles": words.ROLE,
        "said": words.SAID.get(visit.asked("said"), ""),
        "may": may(visit.role),
        "nav": nav(visit.role),
        "form": NO_FORM,
        "open_to_all": visit.service.open,
        "likes": preferences.of(visit.store, visit.session.tenant, visit.session.person),
        "day": day,
        "moment": lambda value, *, zone=True: moment(value, visit.zone, zone=zone),
        "left": lambda value: words.left(value, visit.now, visit.zone),
    }
    return HTMLResponse(_made(template, {**context, **more}), status)


def plain(template: str, status: int = 200, **more: Any) -> Response:  # noqa: ANN401 - as above
    """Return a page to somebody who is not signed in."""
    return HTMLResponse(_made(template, {"form": NO_FORM, "said": "", "nav": (), **more}), status)


def _made(template: str, context: Mapping[str, Any]) -> str:
    known = {"static": static, "word": words.status, "version": priorauth.__version__, "visit": None}
    return _PAGES.get_template(template).render(known | dict(context))


def may(role: str) -> Any:  # noqa: ANN401 - a function of a template
    """Return what a template asks: whether this role opens a page or sends a form; of a name that is none, no."""

    def asked(name: str) -> bool:
        found = rights.table()
        if name in found.pages:
            return rights.may_open(found.pages[name], role) is not None
        return name in found.forms and rights.may_send(found.forms[name], role)

    return asked


def nav(role: str) -> tuple[tuple[str, str], ...]:
    """Return the pages that stand in the head of every page, by role: address and name."""
    found = rights.table().pages
    return tuple(
        (found[name].at, title) for name, title in words.NAV if name in found and rights.may_open(found[name], role)
    )


def day(value: date | str | None) -> str:
    """Return a day as pages write it: ``27 Nov 2026``; empty where there is none."""
    return words.day(value)


def moment(value: datetime | None, visit_zone: ZoneInfo, *, zone: bool = True) -> str:
    """Return a moment as pages write it: ``Fri 27 Nov 2026 16:10 EST``; empty where there is none."""
    return words.moment(value, visit_zone, named=zone)
