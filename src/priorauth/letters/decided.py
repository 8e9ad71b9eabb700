"""Rules about what a person decided: an adverse decision has a licensed clinician's name and whole reasons under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import walk
from priorauth.letters import reasons as four
from priorauth.letters import wording
from priorauth.letters.facts import Facts
from priorauth.letters.kinds import Adverse, Clinician, Grant, Reason
from priorauth.letters.lines import Owed

Against = tuple[str, str]
"""A place in the facts, and what is wrong there."""
CHILD: Final = 21
"""Under this age Medicaid owes the wider test (EPSDT, 42 U.S.C. 1396d(r)(5))."""


def clinician(by: Clinician | None, on: dt.date, place: str) -> Iterator[Against]:
    """Yield what a clinician's name lacks: name, credential, specialty, a licence that is good on the day."""
    if by is None:
        yield place, "expected the licensed clinician who decided: software decides nothing against a member"
        return
    for part in ("name", "credential", "specialty"):
        if not str(getattr(by, part)).strip():
            yield f"{place}.{part}", f"expected the clinician's {part}"
    if by.licence is None or not by.licence.number.strip() or not by.licence.kind.strip():
        yield f"{place}.licence", "expected the clinician's licence: kind, state, number"
    elif by.licence.until < by.at.date():
        yield f"{place}.licence", "the licence had run out when she signed"
    if by.at.date() > on:
        yield f"{place}.at", "it was signed after the day of mailing"


def another(by: Clinician, first: Clinician, place: str) -> Iterator[Against]:
    """Yield a fault where an appeal is reviewed by the person who decided first."""
    numbers = {one.licence.number for one in (by, first) if one.licence}
    if by.name == first.name or (by.licence and first.licence and len(numbers) == 1):
        yield place, "an appeal is reviewed by somebody who did not decide first"


def reasons(given: tuple[Reason, ...], by: Clinician | None, found: Determination, place: str) -> Iterator[Against]:
    """Yield what reasons lack: there is one, each has four parts, the signer confirmed it, its paragraph exists.

    Where other criteria than the policy's decided, the paragraph is one of theirs, and is not known here.
    """
    if not given:
        yield f"{place}.reasons", "expected a reason for each criterion that is named"
    known = {one.id for one in walk(found.criteria) if one.id} | {one.criterion for one in found.reasons}
    for number, one in enumerate(given):
        here = f"{place}.reasons[{number}]"
        for part in four.lacking(one):
            yield here, f"a reason has four parts; missing is {part}"
        if one.criterion not in known and found.outcome != "other-criteria":
            yield here, "its paragraph is none of the determination's"
        if by is not None and one.confirmed_by != by.name:
            yield here, "the clinician who signs has not confirmed it"
        for text in (one.title, one.asks, one.found, one.why_not, one.would):
            for word in wording.found(text):
                yield here, f"a letter does not say {word!r}: say what was asked and what was found"


def grant(place: str, given: Grant) -> Iterator[Against]:
    """Yield what an authorization lacks: its number, and its end by a day or an event."""
    if not given.number.strip():
        yield f"{place}.number", "expected the authorization number"
    if given.last is None and not given.event.strip():
        yield place, "expected the day or the event with which it ends"
    if given.last is not None and given.last < given.first:
        yield place, "it ends before it begins"
    if given.trial and given.last is None:
        yield place, "a trial ends on a day"


def adverse(facts: Facts, says: Adverse, right: Owed, place: str) -> Iterator[Against]:
    """Yield what stands against an adverse letter."""
    yield from clinician(says.by, facts.mailing.on, f"{place}.by")
    yield from reasons(says.reasons, says.by, facts.determination, place)
    if says.action == "whole" and facts.determination.outcome == "approve":
        yield f"{place}.action", "the determination says approve"
    if says.action != "whole" and not says.refused:
        yield f"{place}.refused", "expected which part of the request was not approved"
    if says.call_by.date() < facts.mailing.on:
        yield f"{place}.call_by", "the call between clinicians could be had only before the letter was mailed"
    ahead = right.ahead
    if says.action == "reduction" and ahead and says.effective < facts.mailing.on + dt.timedelta(days=ahead.days or 0):
        yield f"{place}.effective", f"a cut is mailed at least {ahead.days} days before its day ({ahead.cite})"
    yield from _of_line(facts, says, place)


def _of_line(facts: Facts, says: Adverse, place: str) -> Iterator[Against]:
    line, age = facts.sender.line, facts.determination.request.age
    if line == "uhc-ma" and not says.relies:
        yield f"{place}.relies", "expected the Medicare rule or the plan's provision"
    if line == "husky" and (age is None or age < CHILD) and not says.epsdt.strip():
        yield f"{place}.epsdt", "under 21 the letter says how the EPSDT test was applied"
    if says.epsdt.strip() and age is not None and age >= CHILD:
        yield f"{place}.epsdt", "the member is 21 or older: the EPSDT test is for the young"
    if line == "husky" and facts.determination.outcome == "other-criteria" and not says.subset.strip():
        yield f"{place}.subset", "expected the name, subset and version of the criteria that decided"
    if facts.sender.state == "IN" and line in ("caresource-qhp", "anthem-insured") and not says.alternatives:
        yield f"{place}.alternatives", "Indiana asks for suggested alternatives (Ind. Code 27-1-37.5)"
    if line in ("caresource-qhp", "anthem-insured") and (facts.sender.outside is None or not facts.sender.outside_form):
        yield "sender.outside", "expected who reviews outside the plan, and by which form"
