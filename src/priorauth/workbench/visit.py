"""One visit to a page: who is here, in which role, at which moment; and the handlers of every page and form.

A handler takes a :class:`Visit`, of a form what was typed too, and returns an answer. Before it runs it is settled that
somebody is signed in, that her role may be here, and that a form came from a page of ours.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.readings import held
from priorauth.ledger.store import Store
from priorauth.ledger.work import Act, Done
from priorauth.server.api.shapes import own_key
from priorauth.server.problem import Problem
from priorauth.server.service import Service
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import csrf
from priorauth.workbench.signin.sessions import Session

KEY: Final = "key"
"""The hidden field of a form that makes its act once only: the same page sent twice gives the first answer again."""
VERSION: Final = "version"
_VERSION: Final = re.compile(r"[0-9]{1,9}")
_SEE_OTHER: Final = 303

Answer = Callable[["Visit"], Response]
FormAnswer = Callable[["Visit", Form], Response]
PAGES: Final[dict[str, Answer]] = {}
FORMS: Final[dict[str, FormAnswer]] = {}
ANYBODY: Final[dict[str, Callable[[], Response]]] = {}
"""What answers a page to somebody who is not signed in; the others lead her to where she does."""


@dataclass(frozen=True)
class Visit:
    """Who is here. ``reads``: her role looks at this page and finds no form on it."""

    request: Request
    service: Service
    session: Session
    page: str
    reads: bool = False

    @property
    def store(self) -> Store:
        """The ledger of her plan."""
        return self.service.stores[self.session.tenant]

    @property
    def who(self) -> Who:
        """Who acts."""
        return self.session.who

    @property
    def role(self) -> str:
        """The role in which she is here."""
        return self.session.role

    @cached_property
    def now(self) -> datetime:
        """The moment of this visit: one for all that the page says."""
        return self.service.clock()

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """The row of her plan: its name, zone and settings."""
        one = t.tenant
        with self.store.reading(self.session.tenant) as connection:
            query = select(one).where(one.c.tenant == self.session.tenant)
            return dict(connection.execute(query).mappings().one())

    @property
    def settings(self) -> Mapping[str, Any]:
        """The plan's settings as a run of today takes them: with the readings that are published by now."""
        return held(self.plan["settings"], self.now.astimezone(self.zone).date())

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the plan's days begin and end."""
        return ZoneInfo(self.plan["zone"])

    @property
    def name(self) -> str:
        """Her name."""
        return self.session.name

    def path(self, name: str) -> str:
        """Return a part of the address, as ``case`` of ``/c/{case}``."""
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        """Return what the address asks for after the ``?``."""
        return self.request.query_params.get(name, default)

    @cached_property
    def fresh_key(self) -> str:
        """A key for the forms of this page."""
        return secrets.token_urlsafe(12)

    def key(self, form: Form) -> str | None:
        """Return the key of a form as the ledger keeps it."""
        return own_key(self.who, form.said(KEY) or None)

    def version(self, form: Form) -> int:
        """Return the version of the case that the page showed; raises Problem where it names none."""
        found = form.said(VERSION)
        if not _VERSION.fullmatch(found):
            raise Problem("version", "the form does not say which version of the case it saw; open the page again")
        return int(found)

    def do(self, act: Act, behalf: str | None = None) -> Done:
        """Do an act, on ``behalf`` of a clinic where it is entered for one; raises Problem where it is refused."""
        return self.service.do(act, self.who._replace(behalf=behalf))

    def see(self, address: str, said: str = "") -> Response:
        """Return the answer that sends the browser on, with what was done as a word of ``words.SAID``."""
        joined = "&" if "?" in address else "?"
        return RedirectResponse(f"{address}{joined}said={quote(said)}" if said else address, _SEE_OTHER)


def page(name: str) -> Callable[[Answer], Answer]:
    """Register what answers a page of ``data/pages.yaml``."""

    def made(answer: Answer) -> Answer:
        assert name not in PAGES, name  # noqa: S101 - two answers for one page are a fault of the program
        PAGES[name] = answer
        return answer

    return made


def form(name: str) -> Callable[[FormAnswer], FormAnswer]:
    """Register what answers a form of ``data/pages.yaml``."""

    def made(answer: FormAnswer) -> FormAnswer:
        assert name not in FORMS, name  # noqa: S101 - as above
        FORMS[name] = answer
        return answer

    return made


def anybody(name: str) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
    """Register what answers a page to somebody who is not signed in."""

    def made(answer: Callable[[], Response]) -> Callable[[], Response]:
        assert name not in ANYBODY, name  # noqa: S101 - as above
        ANYBODY[name] = answer
        return answer

    return made


def from_our_page(session: Session, form: Form) -> bool:
    """Whether a form bears the token of the session."""
    return csrf.same(form.said(csrf.FIELD), session.csrf)
