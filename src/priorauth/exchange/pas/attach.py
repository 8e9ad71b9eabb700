"""``$submit-attachment`` (CDex): what is sent after a request is filed with its case, which is determined anew.

The request is found by the id under which it is tracked and by its member; for whoever may not add to it, or names
another member, it is not there. The same bytes again are filed once and answered alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from priorauth.errors import InputRefused
from priorauth.exchange.call import Call, Told
from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas import access, attachment, request
from priorauth.exchange.pas.attachment import Attached
from priorauth.exchange.pas.inquire import numbered, traced
from priorauth.exchange.pas.model import Answer
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.wire import Fault, Json, issue, outcome
from priorauth.ledger import compose, runs, traffic
from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.intake import Answer as Answering
from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.allowed import states
from priorauth.ledger.compose import Input
from priorauth.ledger.work import Done, Refusal, look

OPERATION: Final = "$submit-attachment"
_KINDS: Final = ("trace", "administration", "authorization", "case", "claim")
_LATE: Final = "the request is decided: what came is kept with it and changes nothing; appeal, or ask anew"


def attach(call: Call) -> Told:
    """File what was sent after a request; raises Fault where it cannot be, and then nothing of it is filed."""
    sha = traffic.key_of(OPERATION, call.version, call.raw)
    if (before := traffic.answered(call.store, call.tenant, call.client, sha)) is not None:
        return Told(before.answer, before.status)
    sent = attachment.read(call.body, call.settings.get("log_zone"))
    answer = _tracked(call, sent)
    case_no, is_open = _case(call, answer)
    if is_open:
        _readable(call, case_no, sent)
    said = list(_filed(call, case_no, sent, f"attach {call.client} {sha}", is_open=is_open))
    data = msgspec.json.encode(outcome(*said))
    row = {
        "client": call.client, "sha256": sha, "operation": OPERATION, "version": call.version, "at": call.now,
        "case_no": answer.case, "status": 200, "answer": data,
    }  # fmt: skip
    traffic.keep(call.store, call.tenant, t.ask, row)
    return Told(data)


def _tracked(call: Call, sent: Attached) -> Answer:
    """Return how the request stands that is tracked, of this member; raises Fault where there is none for who calls."""
    value = str(sent.tracking["value"])
    found = traced(call, {value, str(request.token(sent.tracking))}, _KINDS)
    for case_no in (*found, *numbered(call, [value])):
        answer = standing(call.store, call.tenant, case_no)
        if answer is not None and _may(call, sent, answer):
            return answer
    raise Fault(404, "not-found", "nothing is known under this tracking id for this member")


def _may(call: Call, sent: Attached, answer: Answer) -> bool:
    """Whether who calls may add to a request: its member is the one named, and it sent it or is its provider."""
    held = SentBundle(answer.bundle, "request")
    claim = held.claim(answer.claim)
    if not any(_same(sent.member, one) for one in request.members(held, claim)):
        return False
    return access.is_own(call, answer) or access.provides(call, held, claim, frozenset(call.partner.npis))


def _same(member: Json, known: str) -> bool:
    """Whether an id is that of a member; where either names no system, its value says it."""
    system, _, value = known.rpartition("|")
    named = member.get("system")
    return value == member["value"] and (not system or not named or system == named)


def _case(call: Call, answer: Answer) -> tuple[str, bool]:
    """Return the newest case of a request that is open, and that it is; else the newest."""
    rows = [traffic.found(call.store, call.tenant, t.cases, case_no=one)[0] for one in answer.cases]
    asked = [one for one in rows if one["kind"] != "appeal"]
    still = [one["case_no"] for one in asked if states().states[one["state"]].open]
    return (still[-1], True) if still else (asked[-1]["case_no"], False)


def _readable(call: Call, case_no: str, sent: Attached) -> None:
    """See that a run can read the answers, before anything is filed; raises Fault."""
    if not sent.answers:
        return
    kept = {f"answers {place}": one for place, one in enumerate(sent.answers)}
    try:
        with look(call.store, Repeat(case=case_no), call.who, call.now) as work:
            inputs = [*runs.inputs_of(work), *(Input("answers", name, name) for name in kept)]
            content = compose.compose(inputs, lambda sha: kept[sha] if sha in kept else work.content(sha))
            runs.its_own(work, runs.ran(content, work.settings))
    except InputRefused as refused:
        places = [one.place for one in refused.faults if one.place]
        raise Fault(422, "invalid", f"the answers cannot be read: {refused.faults[0].message}", *places) from None
    except Refusal as refusal:
        raise Fault(409, "conflict", refusal.refused.reason) from None


def _filed(call: Call, case_no: str, sent: Attached, key: str, *, is_open: bool) -> Iterator[Json]:
    """File the answers and the files, each in an act of its own; yield what is said of each."""
    forms = sent.answers if is_open else ()
    for place, form in enumerate(forms):
        act = Answering(case=case_no, response=form, channel="api", key=f"{key} a{place}"[:200])
        call.service.do(act, call.who)
        yield issue("information", "informational", f"answers {place + 1}: taken up")
    late = () if is_open else tuple(_as_file(one) for one in sent.answers)
    for place, file in enumerate((*late, *sent.files)):
        done = call.service.do(FileDocument(case=case_no, file=file, key=f"{key} f{place}"[:200]), call.who)
        yield _said(done, file)
    if not is_open:
        yield issue("warning", "business-rule", _LATE)
    elif not sent.final:
        yield issue("information", "informational", "more is awaited, as was said")


def _as_file(form: bytes) -> File:
    return File(title="answers", media=runs.FHIR, content=form, kind=attachment.RESOURCES)


def _said(done: Done, file: File) -> Json:
    """Return what is said of a file: its number in the case, and where it was kept as a paper, why."""
    number, unread = done.more["document"], done.more.get("unread")
    if unread:
        said = f"document {number}: kept as a paper for people, for it could not be read: {unread}"
        return issue("warning", "informational", said)
    return issue("information", "informational", f"document {number}: filed as {file.kind}")
