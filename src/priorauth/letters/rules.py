"""What makes a letter impossible: each rule a function that yields what is wrong, with its place and what was expected.

:func:`refusals` returns faults as values, so that a page can show them beside the fields; ``make`` raises them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from priorauth.errors import Fault, PriorAuthError
from priorauth.letters import answering, decided, forms
from priorauth.letters.facts import Facts
from priorauth.letters.kinds import (
    Adverse,
    AppealDecision,
    AppealInformation,
    AppealReceived,
    Approval,
    Extension,
    HearingRequest,
    Information,
    Kind,
    MissedClock,
    OralNotice,
    ReviewWorksheet,
    kind_of,
)
from priorauth.letters.lines import Owed, owed

HEARINGS: Final = ("masshealth", "husky", "medicaid-managed-care")
"""The lines whose members may ask a state for a hearing."""
DRAFTS: Final[frozenset[Kind]] = frozenset(
    (
        *("necessity", "request-form", "claim-sheet", "quote", "review-worksheet", "checklist", "fax-cover"),
        *("representative", "hearing-request"),
    )
)
"""What is printed for somebody to complete; it tells no decision."""


class LetterRefused(PriorAuthError):
    """A letter that may not be made, with every rule that it breaks."""


def refusals(facts: Facts) -> tuple[Fault, ...]:
    """Return what stands against making a letter, in the order of its parts; nothing where it can be made."""
    return tuple(Fault(None, place, message) for place, message in _refusals(facts))


def _refusals(facts: Facts) -> Iterator[decided.Against]:
    right = owed(facts.sender.line, facts.sender.state)
    yield from _common(facts)
    yield from _reached(facts, right)
    yield from _of_kind(facts, right)


def _of_kind(facts: Facts, right: Owed) -> Iterator[decided.Against]:
    match facts.says:
        case Approval() as says:
            yield from _approval(facts, says)
        case Information() as says:
            yield from _information(facts, says, right)
        case AppealInformation() as says:
            yield from _information(facts, says, right)
            yield from _appeal_received(facts, says)
        case Adverse() as says:
            yield from _adverse(facts, says, right)
        case OralNotice() as says:
            yield from _oral(facts, says, right)
        case AppealReceived() as says:
            yield from _appeal_received(facts, says)
        case AppealDecision() as says:
            yield from _appeal_decision(facts, says)
        case Extension() as says:
            yield from _extension(facts, says, right)
        case MissedClock() as says:
            yield from _missed(facts, says, right)
        case HearingRequest():
            yield from _hearing(facts)
        case ReviewWorksheet():
            yield from _worksheet(facts)
        case _:
            pass


def _common(facts: Facts) -> Iterator[decided.Against]:
    for place, value in (("case", facts.case), ("member.name", facts.member.name), ("member.id", facts.member.id)):
        if not value.strip():
            yield place, "expected it to be filled in"
    if not facts.items:
        yield "items", "expected at least one item"
    product = facts.determination.request.product
    if facts.items and product and product not in {item.hcpcs for item in facts.items}:
        yield "items", f"expected the item of the determination, {product}"
    if facts.determination.check and kind_of(facts.says) not in DRAFTS:
        yield "determination", "it is a check before sending: nothing was decided"


def _reached(facts: Facts, right: Owed) -> Iterator[decided.Against]:
    kind, reached = kind_of(facts.says), {facts.to, *facts.copies}
    if "representative" in reached and facts.member.representative is None:
        yield "to", "no representative is on file"
    if kind in right.tells:
        if not reached & {"member", "representative"}:
            yield "to", f"{kind} goes to the member too"
        if "prescriber" not in reached:
            yield "copies", f"{kind} goes to the prescriber too"
    if kind == "information" and facts.sender.line == "masshealth" and reached & {"member", "representative"}:
        yield "to", "MassHealth tells the provider alone that a request waits for facts"


# ---- by kind


def _approval(facts: Facts, says: Approval) -> Iterator[decided.Against]:
    if says.by is None and facts.determination.outcome != "approve":
        yield "says.by", f"the rules did not approve ({facts.determination.outcome}): name the person who did"
    yield from decided.grant("says.grant", says.grant)


def _information(facts: Facts, says: Information | AppealInformation, right: Owed) -> Iterator[decided.Against]:
    clock = facts.clock
    if not facts.determination.questions:
        yield "determination.questions", "nothing is asked: a letter asks only what the determination asks"
    if clock is None:
        yield "clock", "expected the clock that binds"
        return
    if clock.asking == "runs on" and says.answer_by > clock.due:
        yield "says.answer_by", "it lies after the clock, which asking does not stop"
    least = answering.answer_by(right, clock, says.asked)
    if right.answer is not None and says.answer_by < least:
        yield "says.answer_by", f"the law gives until {least.isoformat()} at least ({right.answer.cite})"


def _adverse(facts: Facts, says: Adverse, right: Owed) -> Iterator[decided.Against]:
    yield from decided.adverse(facts, says, right, "says")
    if right.form and (why := forms.refused(right.form, says.form, facts.mailing.on)):
        yield "says.form", why


def _oral(facts: Facts, says: OralNotice, right: Owed) -> Iterator[decided.Against]:
    yield from decided.adverse(facts, says.adverse, right, "says.adverse")
    for place, value in (("spoke", says.spoke), ("to", says.to), ("number", says.number)):
        if not value.strip():
            yield f"says.{place}", "expected who spoke to whom, on which number"


def _appeal_received(facts: Facts, says: AppealReceived | AppealInformation) -> Iterator[decided.Against]:
    yield from decided.another(says.reviewer, says.first, "says.reviewer")
    yield from decided.clinician(says.reviewer, facts.mailing.on, "says.reviewer")


def _appeal_decision(facts: Facts, says: AppealDecision) -> Iterator[decided.Against]:
    before, after = says.first.policy, facts.determination.policy
    if (before and before.sha256) != (after and after.sha256):
        yield "determination.policy", "an appeal is decided under the policy version of the first decision"
    if says.by is None:
        yield "says.by", "expected the clinician who decided the appeal"
    else:
        yield from decided.another(says.by, says.first_by, "says.by")
        yield from decided.clinician(says.by, facts.mailing.on, "says.by")
    if says.outcome != "overturned":
        yield from decided.reasons(says.reasons, says.by, facts.determination, "says")
        if facts.sender.line == "uhc-ma" and says.sent_outside is None:
            yield "says.sent_outside", "a Medicare appeal that is not won whole goes to the independent entity"
    if says.outcome != "upheld":
        if says.grant is None:
            yield "says.grant", "expected what is approved now"
        else:
            yield from decided.grant("says.grant", says.grant)


def _extension(facts: Facts, says: Extension, right: Owed) -> Iterator[decided.Against]:
    if right.extension is None:
        yield "says", f"{facts.sender.line} in {facts.sender.state} has no extension"
        return
    if says.ground not in right.extension.grounds:
        yield "says.ground", f"expected one of {', '.join(right.extension.grounds)} ({right.extension.cite})"
    most = dt.timedelta(days=right.extension.days or 0)
    if not says.was < says.until <= says.was + most:
        yield "says.until", f"expected at most {most.days} days after the clock it extends ({right.extension.cite})"
    if facts.mailing.on > says.was.date():
        yield "mailing", "an extension is told before the clock that it extends runs out"
    if not says.why.strip():
        yield "says.why", "expected the reason in a sentence"
    if says.ground == "missing" and not facts.determination.questions:
        yield "determination.questions", "the notice names what is missing, and nothing is"


def _missed(facts: Facts, says: MissedClock, right: Owed) -> Iterator[decided.Against]:
    if not says.acted_by.strip() or not says.acted_as.strip():
        yield "says.acted_by", "expected the person who acted on the alert, and her role"
    if facts.clock is None:
        yield "clock", "expected the clock that was missed"
    elif facts.mailing.on < facts.clock.due.date():
        yield "clock", "it has not run out on the day of mailing"
    if right.missed.means == "law" and says.grant is None:
        yield "says.grant", f"the law authorizes the item ({right.missed.cite}): expected the authorization"
    if right.form and (why := forms.refused(right.form, says.form, facts.mailing.on)):
        yield "says.form", why


def _hearing(facts: Facts) -> Iterator[decided.Against]:
    if facts.sender.line not in HEARINGS:
        yield "says", f"a member of {facts.sender.line} has no state hearing: the way is an appeal to the plan"
    if facts.sender.hearings is None:
        yield "sender.hearings", "expected the hearing office"


def _worksheet(facts: Facts) -> Iterator[decided.Against]:
    policy = facts.determination.policy
    if policy is None or policy.id != "masshealth/insulin-pumps" or facts.determination.pathway is None:
        yield "determination", "the worksheet is that of MassHealth's policy for insulin pumps"
