"""The acts of who asked on what is decided already: to take items back, and to ask for them anew, changed."""

from __future__ import annotations

from typing import ClassVar, Final

from priorauth.ledger import clocking, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import intake, ruled
from priorauth.ledger.acts.intake import Channel
from priorauth.ledger.events import Json
from priorauth.ledger.work import CaseAct, Refusal, Work, handles

CANCELLED: Final = "cancelled"
"""In ``about`` of an item the day on which who asked took it back, after it was decided."""


class Cancel(CaseAct, frozen=True, kw_only=True):
    """Take items back, all where none is named, open or decided: an approval of one ends today.

    ``bundle`` is what was sent to say so; it is kept, and no run reads it.
    """

    name: ClassVar[str] = "cancel"
    items: tuple[int, ...] | None = None
    bundle: bytes | None = None
    channel: Channel = "api"


class Revise(CaseAct, frozen=True, kw_only=True):
    """Ask for items of a closed case anew, changed, or for new ones beside them: a case of its own that rests on it.

    ``bundle`` asks for these items alone; what is decided of the others stands.
    """

    name: ClassVar[str] = "revise"
    bundle: bytes
    channel: Channel = "api"
    notes: tuple[str, ...] = ()


@handles(Cancel)
def _cancel(act: Cancel, work: Work) -> None:
    number = None if act.bundle is None else intake.submit(work, "cancelled", act.channel, act.bundle)
    rows = ruled.items(work)
    chosen = [row for row in rows if act.items is None or row["item"] in act.items]
    if act.items is not None and (unknown := set(act.items) - {row["item"] for row in rows}):
        raise Refusal("not-found", f"no item {min(unknown)}")
    was_open = any(row["status"] == "open" for row in rows)
    _close(work, [row["item"] for row in chosen if row["status"] == "open"], whole=act.items is None, why=act.why)
    for row in chosen:
        if row["status"] != "open":
            _end(work, row)
    said = {"submission": number} if number else {}
    listed = [row["item"] for row in chosen]
    left = any(row["status"] == "open" for row in ruled.items(work))
    if was_open and not left:
        ruled.ended(work, "withdrawn")
        clocking.ended(work)
        work.event("withdrawn", act.why, item=listed, **said)
    else:
        work.event("cancelled", act.why, item=listed, **said)
        if left:
            ruled.settled(work, runs.make(work, "items cancelled"))
    work.send(f"organisation:{work.case['organisation']}", "withdrawn", case=work.case_no, items=listed)


def _close(work: Work, named: list[int], *, whole: bool, why: str | None) -> None:
    """Close items that are open."""
    if named:
        ruled.close_items(work, "withdrawn" if whole else "cancelled", why or "cancelled by who asked", named)


def _end(work: Work, row: Json) -> None:
    """Mark a decided item as taken back, and end today what was approved of it."""
    if row["about"].get(CANCELLED) or row["status"] in ("withdrawn", "cancelled"):
        return
    today = work.today()
    work.set(
        t.item,
        case_no=work.case_no,
        item=row["item"],
        about={**row["about"], CANCELLED: today.isoformat()},
    )
    for approval in work.rows(t.approval):
        if approval["item"] != row["item"] or work.rows(t.approval_end, approval=approval["number"]):
            continue
        ends = max(today, approval["valid_from"])
        if approval["valid_until"] is None or ends <= approval["valid_until"]:
            work.write(t.approval_end, approval=approval["number"], ends=ends, at=work.now, why="asked")


@handles(Revise)
def _revise(act: Revise, work: Work) -> None:
    base = dict(work.case)
    done = runs.ran(intake.first(act.bundle), work.settings)
    work.event("revised", act.why)
    about = {name: base["about"][name] for name in ("client", "bases") if name in base["about"]}
    if act.notes:
        about["notes"] = list(act.notes)
    its = {"kind": "request", "base": base["case_no"], "about": about, "organisation": base["organisation"]}
    intake.new_case(work, act.bundle, act.channel, done, **its)
    ruled.settled(work, runs.make(work, "received"))
