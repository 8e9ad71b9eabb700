"""Acts by which something comes: a request, answers, a repeated run; and by which it is taken back."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from priorauth.decide.determination import Determination
from priorauth.ledger import clocking, compose, runs, statements
from priorauth.ledger import tables as t
from priorauth.ledger.acts import ruled
from priorauth.ledger.acts.files import File, file_all, file_held
from priorauth.ledger.compose import Composed
from priorauth.ledger.events import FIRST, Chain
from priorauth.ledger.runs import Ran
from priorauth.ledger.work import Act, CaseAct, Refusal, Work, handles

Channel = Literal["api", "portal", "fax", "phone", "mail", "import"]


class Receive(Act, frozen=True, kw_only=True):
    """Take a request: a FHIR Bundle with a Claim, and files beside it.

    ``client`` is the system that sent it, where one did; ``notes`` are what was seen of it then, in plain words.
    """

    name: ClassVar[str] = "receive"
    bundle: bytes
    channel: Channel = "api"
    files: tuple[File, ...] = ()
    why: str | None = None
    client: str | None = None
    notes: tuple[str, ...] = ()


class Answer(CaseAct, frozen=True, kw_only=True):
    """Answer questions: a QuestionnaireResponse (FHIR JSON) whose items are named by facts."""

    name: ClassVar[str] = "answer"
    response: bytes
    channel: Channel = "portal"


class Repeat(CaseAct, frozen=True, kw_only=True):
    """Run a case again: a policy was corrected, a coverage changed."""

    name: ClassVar[str] = "run"


class Withdraw(CaseAct, frozen=True, kw_only=True):
    """Take the request back."""

    name: ClassVar[str] = "withdraw"


class CancelItem(CaseAct, frozen=True, kw_only=True):
    """Take one item of the request back."""

    name: ClassVar[str] = "cancel-item"
    item: int


class UpdateItem(CaseAct, frozen=True, kw_only=True):
    """Send the request anew, changed: a Bundle that takes the place of the one before; both are kept."""

    name: ClassVar[str] = "update-item"
    bundle: bytes
    channel: Channel = "api"


class Close(CaseAct, frozen=True, kw_only=True):
    """Close a case that is a second copy of another (``of``)."""

    name: ClassVar[str] = "close-duplicate"
    of: str


class CloseNotOurs(CaseAct, frozen=True, kw_only=True):
    """Close a case whose member is not ours; ``why`` says where it belongs."""

    name: ClassVar[str] = "close-not-ours"


class CloseInError(CaseAct, frozen=True, kw_only=True):
    """Close a case that was filed in error."""

    name: ClassVar[str] = "close-in-error"


@handles(Receive)
def _receive(act: Receive, work: Work) -> None:
    done = runs.ran(first(act.bundle), work.settings, ("request", "words"))
    about: dict[str, Any] = {"client": act.client} if act.client else {}
    if act.notes:
        about["notes"] = list(act.notes)
    new_case(work, act.bundle, act.channel, done, about=about)
    read = file_all(work, act.files)
    ruled.settled(work, runs.make(work, "received", None if read else done))


def first(bundle: bytes) -> Composed:
    """Return what the first run reads, so that a request that cannot be read is refused before anything is written."""
    return Composed(bundle, (), ())


def new_case(work: Work, bundle: bytes, channel: str, done: Ran, **more: Any) -> None:  # noqa: ANN401 - columns
    """Begin a case with the request as its first submission."""
    made = done.found[0].determination
    number = _case_number(work)
    claim = compose.claim_of(bundle, "request", made.claim)
    about = {"claim": made.claim, "identifiers": claim.get("identifier", []), **more.pop("about", {})}
    clinic = more.pop("organisation", None)
    work.case = {"case_no": number, "received": work.today(), "version": 1, "runs": 0, "queue": None, "kind": "request"}
    work.end, work.version, work.state = Chain(0, FIRST), 0, "by-outcome"
    work.pending.begin(number)
    work.set_case(
        received=work.case["received"],
        kind=more.pop("kind", "request"),
        base=more.pop("base", None),
        state="with-nurse",
        version=1,
        organisation=clinic or work.who.behalf or work.who.organisation,
        member=made.request.member,
        about=about,
        received_at=work.now,
        runs=0,
        **{**_named(made), **more},
    )
    for one in done.found:
        found = one.determination
        quantity = _quantity(claim, found.sequence)
        work.set(
            t.item,
            case_no=number,
            item=found.item,
            product=found.request.product,
            quantity=quantity,
            status="open",
            about={"sequence": found.sequence, "claim": found.claim},
        )
    submit(work, "request", channel, bundle)
    clocking.begin(work, done)
    work.event("received", channel=channel, items=len(done.found), expedited=made.request.expedited)
    file_held(work, bundle)
    work.send(f"organisation:{work.case['organisation']}", "received", case=number)


def _named(made: Determination) -> dict[str, Any]:
    """Return what a request says of the case: its urgency, payer and policy."""
    return {
        "priority": "expedited" if made.request.expedited else "standard",
        "payer": made.policy.id.partition("/")[0] if made.policy else None,
        "policy": made.policy.id if made.policy else None,
    }


def _quantity(claim: compose.Json, sequence: int) -> int | None:
    for item in claim.get("item", ()):
        if item.get("sequence") == sequence:
            value = item.get("quantity", {}).get("value")
            return int(value) if isinstance(value, int | float) else None
    return None


def _case_number(work: Work) -> str:
    """Return the next number of the year: ``26-0117``."""
    year = work.today().year
    connection = work.connection
    first = {"tenant": work.who.tenant, "year": year, "next": 2}
    found = connection.execute(statements.counted(connection.dialect.name), first).scalar_one()
    return f"{year % 100:02}-{found - 1:04}"


def submit(work: Work, kind: str, channel: str, content: bytes) -> int:
    """Keep what was sent as the next submission of the case; return its number."""
    number = work.next_number(t.submission)
    work.write(
        t.submission,
        received=work.case["received"],
        case_no=work.case_no,
        number=number,
        received_at=work.now,
        kind=kind,
        channel=channel,
        sender=work.who.behalf or work.who.organisation,
        sha256=work.keep(content),
    )
    return number


@handles(Answer)
def _answer(act: Answer, work: Work) -> None:
    form = compose.read(act.response, "answers")
    if form.get("resourceType") != "QuestionnaireResponse":
        raise Refusal("invalid", "expected a QuestionnaireResponse")
    number = submit(work, "answers", act.channel, act.response)
    clocking.answered(work)
    work.event("answered", submission=number, channel=act.channel, behalf=work.who.behalf)
    file_held(work, act.response)
    ruled.settled(work, runs.make(work, "answers"))


@handles(Repeat)
def _repeat(act: Repeat, work: Work) -> None:
    del act
    work.event("repeated")
    ruled.settled(work, runs.make(work, "repeated"))


@handles(Withdraw)
def _withdraw(act: Withdraw, work: Work) -> None:
    ruled.close_items(work, "withdrawn", act.why or "withdrawn by who asked")
    ruled.ended(work, str(work.state))
    clocking.ended(work)
    work.event("withdrawn", act.why)
    work.send(f"organisation:{work.case['organisation']}", "withdrawn", case=work.case_no)


@handles(CancelItem)
def _cancel_item(act: CancelItem, work: Work) -> None:
    ruled.close_items(work, "cancelled", act.why or "cancelled by who asked", (act.item,))
    if any(row["status"] == "open" for row in ruled.items(work)):
        work.event("cancelled", act.why, item=act.item)
        ruled.settled(work, runs.make(work, f"item {act.item} cancelled"))
        return
    ruled.ended(work, "withdrawn")
    clocking.ended(work)
    work.event("withdrawn", act.why, item=act.item)


@handles(UpdateItem)
def _update_item(act: UpdateItem, work: Work) -> None:
    done = runs.ran(first(act.bundle), work.settings)
    made = done.found[0].determination
    if made.request.member != work.case["member"]:
        raise Refusal("invalid", "the request is of another member")
    _items_anew(work, act.bundle, done)
    work.set_case(about={**work.case["about"], "claim": made.claim}, **_named(made))
    number = submit(work, "request", act.channel, act.bundle)
    work.event("updated", act.why, submission=number)
    file_held(work, act.bundle)
    ruled.settled(work, runs.make(work, "request updated"))


def _items_anew(work: Work, bundle: bytes, done: Ran) -> None:
    """Let the items be those of the new request; one that is decided stays, one that is gone is cancelled."""
    known = {row["item"]: row for row in ruled.items(work)}
    asked = {one.determination.item: one.determination for one in done.found}
    claim = compose.claim_of(bundle, "request", done.found[0].determination.claim)
    for number, found in asked.items():
        quantity = _quantity(claim, found.sequence)
        was = known.get(number)
        if was is not None and was["status"] != "open":
            if (was["product"], was["quantity"]) != (found.request.product, quantity):
                raise Refusal("invalid", f"item {number} is decided: ask for the change anew")
            continue
        about = {"sequence": found.sequence, "claim": found.claim}
        row = {"product": found.request.product, "quantity": quantity, "status": "open", "about": about}
        work.set(t.item, case_no=work.case_no, item=number, **row)
    gone = [number for number, row in known.items() if number not in asked and row["status"] == "open"]
    if gone:
        ruled.close_items(work, "cancelled", "no longer asked", gone)


@handles(Close)
def _close(act: Close, work: Work) -> None:
    if act.of == work.case_no or not work.rows(t.cases, case_no=act.of):
        raise Refusal("not-found", f"no other case {act.of[:32]}")
    ruled.close_items(work, "duplicate", f"a copy of {act.of}")
    ruled.ended(work, str(work.state))
    clocking.ended(work)
    work.event("closed", act.why, of=act.of)


@handles(CloseNotOurs)
def _close_not_ours(act: CloseNotOurs, work: Work) -> None:
    if not act.why:
        raise Refusal("invalid", "expected why: where the member belongs")
    ruled.close_items(work, "not-ours", act.why)
    ruled.ended(work, str(work.state))
    clocking.ended(work)
    work.event("closed", act.why)


@handles(CloseInError)
def _close_in_error(act: CloseInError, work: Work) -> None:
    if not act.why:
        raise Refusal("invalid", "expected why")
    ruled.close_items(work, "withdrawn", act.why)
    ruled.ended(work, str(work.state))
    clocking.ended(work)
    work.event("closed", act.why)
