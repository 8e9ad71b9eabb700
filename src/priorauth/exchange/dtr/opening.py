"""What a form is opened by: what CRD left of an order, or the case of a request of which more is asked (PAS).

Both are known by an id: of an order the coverage-assertion-id, of a request the trace number of its item, which stands
beside the code that asks for a form. Only who was told of it finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from priorauth.exchange.call import Call
from priorauth.exchange.wire import Json, listed
from priorauth.ledger import compose, runs, traffic
from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.allowed import states
from priorauth.ledger.work import Refusal, look

REQUEST: Final = "pas"
"""Stands for the hook where a request has led to the form."""
LONGEST: Final = 64


class Opening(NamedTuple):
    """What a form is about: its Bundle, and of the order, coverage and patient the references.

    ``words`` are judgments beside the Bundle. ``sequence`` is the item of the request, None where an order is the one.
    """

    name: str
    bundle: bytes
    data: Mapping[str, Any]
    words: tuple[bytes, ...] = ()
    sequence: int | None = None

    @property
    def requested(self) -> bool:
        """Whether a request has led to the form."""
        return self.sequence is not None


def opening_of(call: Call, name: str) -> Opening | None:
    """Return what is known by an id that the client was told; None where nothing is, or where its time is over."""
    named = name[:LONGEST]
    for row in traffic.found(call.store, call.tenant, t.context, context=named):
        if row["client"] != call.client or row["ends_at"] <= call.now:
            return None
        if (case := row["data"].get("case")) is None:
            return Opening(named, row["bundle"], row["data"])
        return _of_case(call, str(case), named, int(row["data"]["item"]), row["data"])
    for row in traffic.cases_of(call.store, call.tenant, named):
        if row["kind"] == "trace" and (found := _of_case(call, str(row["case_no"]), named, int(row["item"]))):
            return found
    return None


def _of_case(
    call: Call, case_no: str, name: str, sequence: int, known: Mapping[str, Any] | None = None
) -> Opening | None:
    """Return a case as it stands; None where another client sent it, or nobody may be asked any more."""
    for case in traffic.found(call.store, call.tenant, t.cases, case_no=case_no):
        if case["about"].get("client") != call.client or not states().states[case["state"]].open:
            return None
        try:
            with look(call.store, Repeat(case=case_no), call.who, call.now) as work:
                found = compose.compose(runs.inputs_of(work), work.content)
        except Refusal:
            return None
        claim = compose.claim_of(found.bundle, "request", str(case["about"]["claim"]))
        about = {**_about(claim), **{part: said for part, said in (known or {}).items() if said is not None}}
        return Opening(name, found.bundle, about, found.judgments, sequence)
    return None


def _about(claim: Json) -> dict[str, Any]:
    insured = [one["coverage"] for one in listed(claim, "insurance") if isinstance(one.get("coverage"), dict)]
    coverage = insured[0].get("reference") if insured else None
    patient = claim.get("patient")
    return {
        "order": None,
        "coverage": coverage,
        "patient": patient.get("reference") if isinstance(patient, dict) else None,
        "hook": REQUEST,
        "pathway": None,
    }


def bundle_of(opening: Opening) -> Json:
    """Return the Bundle of what a form is opened by."""
    found: Json = msgspec.json.decode(opening.bundle)
    return found
