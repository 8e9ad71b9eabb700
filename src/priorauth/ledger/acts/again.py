"""Acts by which a case is begun on the ground of another: an appeal, and the request for continued use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from sqlalchemy import select

from priorauth.ledger import clocking, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import files, intake, ruled
from priorauth.ledger.acts.files import File
from priorauth.ledger.acts.intake import Channel
from priorauth.ledger.events import Json
from priorauth.ledger.work import CaseAct, Refusal, Work, handles, move


class Appeal(CaseAct, frozen=True, kw_only=True):
    """Appeal a decision: a case of its own on the enlarged record, with a reviewer who was not there."""

    name: ClassVar[str] = "appeal"
    fast: bool = False
    filed_by: Literal["member", "representative", "prescriber", "supplier"] = "member"
    files: tuple[File, ...] = ()


class Reauthorize(CaseAct, frozen=True, kw_only=True):
    """Ask for the continued use of what a case approved: a new case, to which the old approval is known."""

    name: ClassVar[str] = "reauthorize"
    bundle: bytes
    channel: Channel = "api"


@handles(Appeal)
def _appeal(act: Appeal, work: Work) -> None:
    base = dict(work.case)
    _one_at_a_time(work)
    first = work.rows(t.submission)
    documents, readings, said = work.rows(t.document), work.rows(t.reading), work.rows(t.proposal_word)
    wrong = {row["document"] for row in work.rows(t.filed_in_error)}
    latest = [row for row in first if row["kind"] == "request"][-1]
    content = work.content(latest["sha256"])
    done = runs.ran(intake.first(content), work.settings)
    work.event("appealed", act.why, filed_by=act.filed_by, fast=act.fast)
    level = base["about"].get(clocking.LEVEL, 0) + 1
    about = {"fast": act.fast, "filed_by": act.filed_by, "bases": base["about"].get("bases", []), clocking.LEVEL: level}
    urgent = {"priority": "expedited"} if act.fast else {}
    its = {"kind": "appeal", "base": base["case_no"], "about": about, "organisation": base["organisation"], **urgent}
    intake.new_case(work, content, "appeal", done, **its)
    for row in first:
        if row["kind"] == "answers":
            intake.submit(work, "answers", "appeal", work.content(row["sha256"]))
    _documents(work, [row for row in documents if row["number"] not in wrong], readings, said)
    files.file_all(work, act.files)
    work.event("record taken over", base=base["case_no"], documents=len(documents), new=len(act.files))
    runs.make(work, "appeal")
    move(work, "with-director")
    work.set_case(queue="appeals")
    work.event("routed", queue="appeals")


def _documents(work: Work, documents: Sequence[Json], readings: Sequence[Json], said: Sequence[Json]) -> None:
    """Take documents over from another case, with what was read in them and what people said of that."""
    there = {row["sha256"]: row["number"] for row in work.rows(t.document)}
    numbers: dict[int, int] = {}
    for row in documents:
        if row["sha256"] not in there or row["kind"] != files.PAPER:
            there[row["sha256"]] = work.next_number(t.document)
            work.write(t.document, **{**row, "case_no": work.case_no, "number": there[row["sha256"]]})
        numbers[row["number"]] = there[row["sha256"]]
    places: dict[tuple[int, int | None], int] = {}
    for row in readings:
        if (number := numbers.get(row["document"])) is not None:
            place = work.next_number(t.reading, document=number)
            places[row["document"], row["number"]] = place
            work.write(t.reading, **{**row, "case_no": work.case_no, "document": number, "number": place})
    for row in said:
        if (number := numbers.get(row["document"])) is not None:
            its = {"case_no": work.case_no, "document": number, "number": work.next_number(t.proposal_word), "run": 1}
            work.write(t.proposal_word, **{**row, **its, "reading": places.get((row["document"], row["reading"]))})


def _one_at_a_time(work: Work) -> None:
    """Refuse an appeal of a case while another one of it is open."""
    one = t.cases.c
    its = select(one.case_no).where(one.tenant == work.who.tenant, one.kind == "appeal", one.base == work.case_no)
    found = work.connection.execute(its.where(one.closed_at.is_(None))).scalar()
    if found is not None:
        raise Refusal("invalid", f"an appeal of case {work.case_no} is open: {found}; file there what is new")


@handles(Reauthorize)
def _reauthorize(act: Reauthorize, work: Work) -> None:
    base = dict(work.case)
    done = runs.ran(intake.first(act.bundle), work.settings)
    if done.found[0].determination.request.member != base["member"]:
        raise Refusal("invalid", "the request is of another member")
    work.event("asked anew", act.why)
    about = {"bases": [*base["about"].get("bases", []), base["case_no"]]}
    its = {"kind": "reauthorization", "base": base["case_no"], "about": about, "organisation": base["organisation"]}
    intake.new_case(work, act.bundle, act.channel, done, **its)
    ruled.settled(work, runs.make(work, "received"))
