"""Acts by which the payer writes: questions to the clinic, letters made, checked, and handed to post."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal

from priorauth.ledger import clocking, runs
from priorauth.ledger.work import CaseAct, Refusal, Work, go, handles


class AskClinic(CaseAct, frozen=True, kw_only=True):
    """Ask the clinic what the last run asks, or some of it by fact; nothing else. ``until``: the day to answer."""

    name: ClassVar[str] = "ask"
    facts: tuple[str, ...] | None = None
    until: datetime | None = None


@handles(AskClinic)
def _ask(act: AskClinic, work: Work) -> None:
    asked = {one.fact: one for made in runs.determinations_of(work) for one in made.questions}
    if act.facts is not None and (unknown := [fact for fact in act.facts if fact not in asked]):
        raise Refusal("invalid", f"the last run does not ask {unknown[0][:60]}")
    chosen = [asked[fact] for fact in (asked if act.facts is None else act.facts)]
    if not chosen:
        raise Refusal("invalid", "the last run asks nothing")
    go(work)
    until = clocking.asked(work, act.until)
    work.event("asked", act.why, facts=[one.fact for one in chosen], until=until)
    work.send(
        f"organisation:{work.case['organisation']}", "asked", case=work.case_no, facts=[one.fact for one in chosen]
    )


Channel = Literal["post", "fax", "portal", "hand"]
