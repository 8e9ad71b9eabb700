"""``$next-question``: an adaptive form grows by what its answers leave open, until nothing is left to ask.

Nothing is remembered between calls: all is in the answers, in the form that they carry with them, and in the context
that CRD left. What is asked is what ``determine`` asks of the case with these answers in it; so the answers mean here
what they will mean in the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from priorauth.exchange.call import Call, Told
from priorauth.exchange.crd.known import today
from priorauth.exchange.dtr.carried import contained_in, form_of, values_of
from priorauth.exchange.dtr.filled import Sheet, Wrong
from priorauth.exchange.dtr.ground import ground
from priorauth.exchange.dtr.turn import Turn
from priorauth.exchange.wire import outcome, resource_of
from priorauth.ledger import runs

MOST: Final = 100
"""How many faults are told at once."""


def asked_next(call: Call) -> Told:
    """Return the answers with what is asked next, or completed; 400 with what the form's own rules find wrong."""
    response = resource_of(call.body, "QuestionnaireResponse")
    contained = contained_in(response)
    catalog = runs.catalog(call.settings)
    form = form_of(contained, catalog)
    sheet = Sheet(contained, response, lambda canonical: values_of(canonical, catalog, call.fhir))
    if wrong := sheet.wrong(lambda _: False):
        return _refused(wrong)
    day = today(call)
    on = ground(call, form, response, contained, day)
    found = Turn(call, catalog, form, response, contained, sheet, on, day).taken()
    return _refused(found) if isinstance(found, list) else Told(found)


def _refused(wrong: Iterable[Wrong]) -> Told:
    return Told(outcome(*(one.issue() for one in list(wrong)[:MOST])), 400)
