"""What is said of coverage at the end of a form, and the number of an authorization where it is asked for.

A number comes from the ledger alone, by the rule that approves. A form that is completed anew takes the place of the
completion before it: the same number where the answers still show all, and no number where they do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from priorauth.decide.determination import Determination
from priorauth.exchange.call import Call
from priorauth.exchange.crd import coverage, meaning
from priorauth.exchange.crd.known import ORDER
from priorauth.exchange.crd.meaning import Approved, Known
from priorauth.exchange.dtr.ending import Ended
from priorauth.exchange.dtr.ground import Ground
from priorauth.exchange.dtr.opening import Opening
from priorauth.exchange.wire import FHIR, Json
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.intake import Receive
from priorauth.server.problem import Problem

TRACED: Final = "trace"
UNATTESTED: Final = "the answers were not confirmed by who gave them"
DAYS: Final = 30
"""For how many days what is said of coverage holds."""


def offered(call: Call, on: Ground, made: Determination) -> bool:
    """Whether the last question is whether to issue the number: all is shown, and CRD was asked before any request."""
    by_rule = bool(call.settings.get("approve_by_rule", True))
    if on.opening is None or not (on.hooked and call.plan.unsolicited and by_rule and made.outcome == "approve"):
        return False
    return bool(_before(on).get("number")) or not _cases(call, on.opening)


def _before(on: Ground) -> Mapping[str, Any]:
    """Return what the context keeps of the completion before."""
    found: Mapping[str, Any] = {} if on.opening is None else on.opening.data.get("completed") or {}
    return found


def _cases(call: Call, opening: Opening) -> list[str]:
    """Return the cases that are known by a context, or by its order."""
    order = opening.data.get("identity")
    values = [opening.name, *([str(order)] if order else [])]
    rows = [row for one in values for row in traffic.cases_of(call.store, call.tenant, one)]
    return list(dict.fromkeys(str(row["case_no"]) for row in rows))


def concluded(  # noqa: PLR0913, PLR0917 - what a form ends with
    call: Call, on: Ground, made: Determination, said: Ended, case: bytes, today: date
) -> Json | None:
    """Return what is said of coverage as an extension; None where CRD was not asked first, who alone may ask for it."""
    if on.opening is None or not on.hooked:
        return None
    opening = on.opening
    shown = made.outcome == "approve" and bool(said.attested)
    known = Known()
    if shown and said.offered and said.issue:
        known = Known(issued(call, opening, case, today))
    _replaced(call, on, opening, _done(call, made, known, said), case)
    found = meaning.said(made, known, meaning.Asking())
    if made.outcome == "approve" and not said.attested:
        found = coverage.Said(covered="covered", pa="auth-needed", reasons=(coverage.Reason(UNATTESTED),))
    about = opening.data.get("coverage")
    reference = about if isinstance(about, dict) else {"reference": str(about)}
    signed = coverage.Signed(reference, today, opening.name, today + timedelta(days=DAYS))
    return coverage.extension(found, signed, call.version)


def issued(call: Call, opening: Opening, case: bytes, today: date) -> Approved | None:
    """Return the authorization of a context: the one that holds already, else a new one by the rule that approves."""
    for case_no in _cases(call, opening):
        if (found := _approved(call, case_no, today)) is not None:
            return found
    try:
        done = call.service.do(Receive(bundle=case, key=f"dtr:{opening.name}:{call.request}"), call.who)
    except Problem:
        return None
    if done.case is None:
        return None
    numbers = [("authorization", str(one), 1) for one in done.more.get("approvals") or ()]
    order = opening.data.get("identity")
    named = [(TRACED, opening.name, 1), *([(ORDER, str(order), 1)] if order else [])]
    traffic.trace(call.store, call.tenant, done.case, [*named, *numbers])
    return _approved(call, done.case, today)


def _approved(call: Call, case: str, today: date) -> Approved | None:
    with call.store.reading(call.tenant) as connection:
        for row in traffic.rows(connection, call.tenant, t.approval, case_no=case):
            ended = traffic.rows(connection, call.tenant, t.approval_end, approval=row["number"])
            over = row["valid_until"] is not None and row["valid_until"] < today
            if not over and not any(one["ends"] <= today for one in ended):
                return Approved(row["number"], row["quantity"], row["valid_from"], row["valid_until"])
    return None


def _done(call: Call, made: Determination, known: Known, said: Ended) -> dict[str, Any]:
    """Return what is kept of a completion: nothing that was answered."""
    return {
        "at": call.now.isoformat(),
        "outcome": made.outcome,
        "receipt": made.receipt.get("sha256"),
        "attested": bool(said.attested),
        "number": None if known.approved is None else known.approved.number,
    }


def _replaced(call: Call, on: Ground, opening: Opening, done: dict[str, Any], case: bytes) -> None:
    """Let this completion take the place of the one before it.

    Where that one gave a number and this one shows less, what was answered now is filed in the case: a person looks at
    it, for no rule ends an authorization.
    """
    before = _before(on).get("number")
    if before and done["number"] is None and done["outcome"] != "approve":
        done["number"] = before
        for case_no in _cases(call, opening):
            file = File(title="The form was completed anew", media=FHIR, content=case)
            call.service.do(FileDocument(case=case_no, file=file), call.who)
    data = {**opening.data, "completed": done}
    traffic.change(call.store, call.tenant, t.context, {"context": opening.name}, {"data": data})
