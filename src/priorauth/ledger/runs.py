"""Runs: ``determine`` over a case as it stands, kept with all that is needed to do it again bit for bit.

A run is made in the transaction that files what changed; where the plan says so, an approval by rule follows at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import select

import priorauth
from priorauth.decide.determination import Determination
from priorauth.decide.determine import Decided, decided
from priorauth.errors import Fault, InputRefused, LogRefused
from priorauth.facts.vocabulary import Vocabulary
from priorauth.ledger import compose, documented
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import BY_OUTCOME, KEPT, states
from priorauth.ledger.compose import Composed, Input, Json
from priorauth.ledger.work import Work, move
from priorauth.policy.catalog import Catalog

if TYPE_CHECKING:
    from priorauth.glucose.logbook import Logbook

ENGINE: Final = f"priorauth {priorauth.__version__}"
FHIR: Final = "application/fhir+json"
LOG_KIND: Final = "glucose-log"
_WORSE: Final = ("clinical-review", "request-information", "not-yet", "approve")
"""Of several items the first of these decides where the case goes; what is sent elsewhere decides nothing."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run found: a determination and its rows for each item, the bytes that are kept, and how long it took."""

    found: tuple[Decided, ...]
    determinations: bytes
    rows: bytes
    sha256: str
    microseconds: int

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome by item."""
        return {str(one.determination.item): one.determination.outcome for one in self.found}

    @property
    def pins(self) -> Json:
        """What the result rests on beside the inputs: policy, vocabulary, readings, by item."""
        return {str(one.determination.item): one.determination.receipt for one in self.found}


def logbook_of(composed: Composed, settings: Mapping[str, Any]) -> Logbook | None:
    """Return the glucose logs of what was put together, in a tenant's zone; None where there are none.

    Raises InputRefused.
    """
    if not composed.logs:
        return None
    from priorauth.glucose import logbook

    try:
        return logbook.read(composed.logs, zone=settings.get("log_zone"))
    except LogRefused as fault:
        raise InputRefused(*fault.faults) from None


def ran(composed: Composed, settings: Mapping[str, Any], names: Sequence[str] = ("request", "words")) -> Ran:
    """Decide what was put together, under a tenant's settings (folders of policies, readings); raises InputRefused."""
    begun = perf_counter_ns()
    found = tuple(
        decided(
            composed.bundle,
            judgments=composed.judgments or None,
            policies=tuple(Path(one) for one in settings.get("policies", ())),
            readings=settings.get("readings") or None,
            documents=composed.documents,
            logbook=logbook_of(composed, settings),
            name=names[0],
            judgments_name=names[1],
        )
    )
    determinations = msgspec.json.encode([one.determination for one in found])
    rows = msgspec.json.encode([{fact: list(of) for fact, of in sorted(one.case.rows.items())} for one in found])
    spent = (perf_counter_ns() - begun) // 1000
    return Ran(found, determinations, rows, hashlib.sha256(determinations).hexdigest(), spent)


def inputs_of(work: Work) -> list[Input]:
    """Return what a run of the case reads, in the order it came; words and approvals are written out and kept."""
    sent = work.rows(t.submission)
    newest = max(row["number"] for row in sent if row["kind"] == "request")  # it takes the place of those before it
    listed = [
        Input(_part(row["kind"]), f"submission {row['number']}", row["sha256"])
        for row in sorted(sent, key=lambda row: (row["kind"] != "request", row["number"]))
        if row["kind"] == "answers" or row["number"] == newest
    ]
    wrong = {row["document"] for row in work.rows(t.filed_in_error)}
    listed += [
        Input(part, f"document {row['number']}", row["sha256"])
        for row in work.rows(t.document)
        if row["number"] not in wrong and (part := part_of(row["kind"], row["media"]))
    ]
    listed += _approvals(work, compose.requested(listed))
    return [*listed, *_documents(work), *_words(work)]


def _documents(work: Work) -> list[Input]:
    """Return what the documents of the case propose, and what people said of that: neither file nor reader is needed
    to run it again.
    """
    proposed = documented.proposed_of(work)
    return [] if proposed is None else [Input("documents", "documents", work.keep(proposed))]


def _part(kind: str) -> compose.Part:
    return "request" if kind == "request" else "answers"


def is_data(kind: str, media: str) -> bool:
    """Whether a document is data for programs, or meant to be: it is never read as a document for people is."""
    return kind == LOG_KIND or media == FHIR


def part_of(kind: str, media: str) -> compose.Part | None:
    """Return the part that a document plays in a run; None for a paper, which people read."""
    if kind == LOG_KIND:
        return "log"
    return "resources" if media == FHIR and kind != "paper" else None


def _approvals(work: Work, request: Input) -> list[Input]:
    """Return the approvals that the ledger knows of this member, of earlier cases."""
    before = work.case["about"].get("bases", ())
    if not before:
        return []
    claim = compose.claim_of(work.content(request.sha256), request.name, work.case["about"]["claim"])
    found: list[Input] = []
    for case_no in before:
        made = {row["number"]: row["on_day"] for row in work.rows(t.decision, case_no=case_no)}
        for row in work.rows(t.approval, case_no=case_no):
            ended = next(iter(work.rows(t.approval_end, approval=row["number"])), None)
            if ended and ended["why"] == "filed-in-error":
                continue
            days = [day for day in (row["valid_until"], ended and ended["ends"]) if day]
            span = (made[row["decision"]], row["valid_from"], min(days, default=None))
            content = compose.approval_of(claim, row["number"], row["product"], *span)
            found.append(Input("approval", f"approval {row['number']}", work.keep(content)))
    return found


def _words(work: Work) -> list[Input]:
    """Return what clinicians of the payer have said, each in a questionnaire of her own."""
    said = standing(work.rows(t.word))
    people = {row["person"]: row["name"] for row in work.rows(t.person)} if said else {}
    found: list[Input] = []
    for person in sorted({row["person"] for row in said.values()}):
        own = {subject: row for subject, row in said.items() if row["person"] == person}
        who = compose.Clinician(person, people[person], f"urn:priorauth:person:{work.who.tenant}")
        plain = {subject: (bool(row["value"]), str(row["why"])) for subject, row in own.items()}
        at = max(row["at"] for row in own.values())
        content = compose.words_of(who, work.case["about"]["claim"], plain, at)
        found.append(Input("words", f"words of {person}", work.keep(content)))
    return found


def standing(words: Iterable[Json]) -> dict[str, Json]:
    """Return the words that stand, by subject: the newest of each that was not taken back; proposals settle nothing."""
    said: dict[str, list[Json]] = {}
    for row in words:
        if row["kind"] == "proposal":
            continue
        before = said.setdefault(row["subject"], [])
        if row["kind"] == "withdrawal":
            before[:] = [one for one in before if one["person"] != row["person"]]
        else:
            before.append(row)
    return {subject: rows[-1] for subject, rows in said.items() if rows}


def make(work: Work, cause: str, done: Ran | None = None) -> Ran:
    """Run the case as it stands, keep it, and put the case where the outcome sends it; raises InputRefused.

    ``done`` is a run that was already made of the same inputs.
    """
    inputs = inputs_of(work)
    result = done or ran(compose.compose(inputs, work.content), work.settings)
    its_own(work, result)
    number = work.case["runs"] + 1
    work.write(
        t.run,
        received=work.case["received"],
        case_no=work.case_no,
        number=number,
        at=work.now,
        cause=cause,
        engine=ENGINE,
        pins=result.pins,
        inputs=[one._asdict() for one in inputs],
        rows=result.rows,
        determinations=result.determinations,
        sha256=result.sha256,
        outcomes=result.outcomes,
        microseconds=result.microseconds,
    )
    work.set_case(runs=number)
    for one in result.found:
        made = one.determination
        work.set(t.item, case_no=work.case_no, item=made.item, outcome=made.outcome, pathway=made.pathway)
    work.set_case(**documented.to_confirm(work, [one.determination for one in result.found]))
    before = last_outcomes(work, number - 1)
    work.more = {**work.more, "run": number, "outcomes": result.outcomes, "receipts": _seals(result)}
    _moved(work, where(result, work))
    work.event("ran", run=number, cause=cause, outcomes=result.outcomes, before=before, sha256=result.sha256)
    return result


def _moved(work: Work, state: str) -> None:
    """Put the case where a run sends it; one that is kept leaves only where its request is decided elsewhere."""
    if work.state == BY_OUTCOME or (work.state == KEPT and not states().states[state].open):
        move(work, state)


def its_own(work: Work, result: Ran) -> None:
    """See that a run decides the request of the case and no other that came in a document; raises InputRefused."""
    for one in result.found:
        if one.determination.claim != work.case["about"]["claim"]:
            said = f"{one.determination.claim} is another request: send it as one of its own"
            raise InputRefused(Fault("documents", None, said))


def _seals(result: Ran) -> dict[str, str]:
    return {item: str(pin.get("sha256")) for item, pin in result.pins.items()}


def last_outcomes(work: Work, number: int) -> Json | None:
    """Return the outcomes of an earlier run; None where there is none."""
    if not number:
        return None
    one = t.run.c
    query = select(one.outcomes).where(one.tenant == work.who.tenant, one.case_no == work.case_no, one.number == number)
    found: Json | None = work.connection.execute(query).scalar()
    return found


def where(result: Ran, work: Work) -> str:
    """Return the state into which the outcomes of a run put the case; items that are already decided say nothing."""
    settled = {str(row["item"]) for row in work.rows(t.item) if row["status"] != "open"}
    outcomes = {outcome for item, outcome in result.outcomes.items() if item not in settled}
    for outcome in _WORSE:
        if outcome in outcomes:
            return states().outcomes[outcome]
    return states().outcomes[min(outcomes)] if outcomes else work.case["state"]


def determinations_of(work: Work, number: int | None = None) -> list[Determination]:
    """Return the determinations of a run of the case, the newest where none is named."""
    rows = work.rows(t.run, number=number or work.case["runs"])
    return read_determinations(rows[0]["determinations"]) if rows else []


def read_determinations(data: bytes) -> list[Determination]:
    """Return the determinations that a run keeps."""
    return msgspec.json.decode(data, type=list[Determination])


def vocabulary(work: Work) -> Vocabulary:
    """Return the vocabulary of the tenant."""
    return catalog(work.settings).vocabulary


def catalog(settings: Mapping[str, Any]) -> Catalog:
    """Return the policies of a tenant."""
    from priorauth.policy.catalog import open_catalog

    return open_catalog(*(Path(one) for one in settings.get("policies", ())))
