"""The words of the pages, in one place: marks, acts, days and hours, and the glossary from which help is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from priorauth.decide.decided import Role
from priorauth.decide.page import words as decided
from priorauth.engines.python.finding import Status
from priorauth.ledger.clocks.words import WEEKDAYS
from priorauth.values.dates import MONTHS, spoken

NAV: Final = (
    ("clinic", "Requests"),
    ("clinic-check", "Check before sending"),
    ("queue", "Worklist"),
    ("policies", "Policies"),
    ("metrics", "Figures"),
    ("audit", "Audit"),
    ("admin", "Administration"),
)
"""What stands in the head, for whom may open it."""
SAID: Final[Mapping[str, str]] = {
    "judged": "Your answer is kept. The case was run again.",
    "needs-more": "Noted. Ask the clinic, or have a call between clinicians first.",
    "finding-noted": "Your finding is kept. What the record gives stands beside it now.",
    "word-taken-back": "Your word is taken back. The case was run again.",
    "word-confirmed": "Your word is confirmed on the record as it is now.",
    "decided-approved": "Approved. Make the letter now.",
    "signed": "Signed, and the letter is made. Another person checks it before it is sent.",
    "signed-no-letter": "Signed. The letter could not be made: make it here.",
    "signed-no-office": "Signed. No office that writes letters is set up for this payer: make the letter outside.",
    "letter-made": "The letter is made. Another person checks it before it is sent.",
    "letter-checked": "Checked. Send it, then write down how and when.",
    "letter-sent": "The mailing is on record. The time to appeal counts from its day.",
    "call-offered": "The times are offered to the clinic.",
    "call-booked": "The call is booked.",
    "call-recorded": "The call is on record.",
    "extended": "The clock is extended. Make the letter that tells it.",
    "by-law": "Authorized by law, in your name. Make the letter that tells it.",
    "taken": "The case is yours.",
    "handed": "The case was handed over.",
    "snoozed": "The case was put off.",
    "to-nurse": "The case went to the nurses.",
    "to-director": "The case went to the medical directors.",
    "approved": "Approved. The clinic has been told.",
    "read-first": "Note your own finding first. After that you see what the rules found.",
    "noted": "The note is kept. The clinic does not see it.",
    "asked": "The clinic was asked.",
    "settled": "Settled. The case was run again.",
    "proposed": "The proposal is kept for a medical director.",
    "taken-back": "What you said was taken back. The case was run again.",
    "elsewhere": "The request was sent elsewhere. The clinic has been told.",
    "duplicate": "The case is closed as a second copy.",
    "not-ours": "The case is closed: the member is not ours.",
    "in-error": "The case is closed: it was filed in error.",
    "last": "That was the last case of this worklist.",
    "first": "That was the first case of this worklist.",
    "entered": "Entered for the clinic, and marked so. The case was run again.",
    "kept-paper": "The document is kept as a paper. It is being read; what it states waits for a person's word.",
    "withdrawn": "The request was taken back for the clinic.",
    "cancelled": "The item was taken back for the clinic.",
    "repeated": "The case was run again.",
    "saved": "The filter is kept for you.",
    "forgotten": "The filter is gone.",
    "none-waits": "No case waits for somebody.",
    "person-added": "She is added. Give her a role, so that she can sign in.",
    "person-changed": "Changed.",
    "role-granted": "The role is granted.",
    "role-proposed": "The role is proposed. Another administrator has to grant it.",
    "role-ended": "The role ends with that day.",
    "proposal-closed": "The proposal is closed. No role was given.",
    "licence-entered": "The licence is entered.",
    "organisation-entered": "The organisation is entered.",
    "signing-set": "Such a licence may sign now.",
    "signing-removed": "Such a licence may sign no longer.",
    "day-closed": "The day does not count for the clocks.",
    "day-opened": "The day counts again.",
    "setting-changed": "The setting is changed.",
    "sent-again": "The message is sent again at once.",
    "dropped": "The message is dropped. It stays in the list of those that were.",
    "revoked": "The token is taken back.",
    "session-ended": "The session is over.",
    "draft-kept": "Kept for the practice. Every colleague finds it under Requests.",
    "draft-gone": "The draft was thrown away.",
    "sent": "Sent. The payer's clocks run from now.",
    "answers-sent": "Your answers were sent. The request was run again.",
    "answers-kept": "Your answers are kept for the practice. Nothing was sent.",
    "attached": "The document is with the case. The request was run again.",
    "attached-paper": "The document is with the case and is being read. What it states counts once confirmed.",
    "confirmed": "Confirmed, in your name. The case was run again.",
    "confirmed-seen": "Seen, in your name. The case was run again.",
    "rejected": "Rejected, in your name. It is kept, and counts for nothing.",
    "tied": "The words are tied to the fact, in your name. The case was run again.",
    "wrong-kept": "The document is kept, shown as filed in error, and no longer read.",
    "own-withdrawn": "You took the request back.",
    "own-cancelled": "You took the item back.",
    "appealed": "The appeal was sent. Another reviewer decides it.",
    "reading-proposed": "Proposed. A medical director publishes or refuses it.",
    "reading-published": "Published. Runs from its day on use it.",
    "reading-refused": "Refused. Nothing changed.",
    "reading-withdrawn": "Taken back. Nothing changed.",
}
"""What a page says first after a form was sent, by the word in its address."""
OUTCOME: Final[Mapping[str, str]] = {
    "approve": "Ready to approve",
    "request-information": "Something is missing",
    "clinical-review": "A clinician decides",
    "not-yet": "Time has to pass first",
    "not-required": "No authorization is needed",
    "not-applicable": "This policy does not decide it",
    "other-criteria": "Other criteria decide it",
}
KIND: Final[Mapping[str, str]] = {
    "request": "request",
    "appeal": "appeal",
    "reauthorization": "request for more time",
}
NOT_NEEDED: Final = "not needed"
"""What is said of a part of a criterion that is shown without it."""
CLOSE: Final = (
    ("elsewhere", "It is decided elsewhere"),
    ("duplicate", "It is a second copy of another case"),
    ("not-ours", "The member is not ours"),
    ("in-error", "It was filed in error"),
)
"""Why a case ends without a decision, as a choice."""
DECIDED: Final[Mapping[str, str]] = {
    "approve-by-rule": "approved by rule",
    "approve": "approved",
    "part": "approved in part",
    "adverse": "decided adversely",
    "by-law": "authorized by law, for its clock was missed",
    "elsewhere": "sent elsewhere",
    "withdrawn": "taken back",
    "duplicate": "closed as a second copy",
    "not-ours": "closed: the member is not ours",
    "cancelled": "taken back",
}
"""What was decided of an item."""
STATE: Final[Mapping[str, str]] = {
    "with-clinic": "With the clinic",
    "waiting": "Waiting for a day",
    "with-nurse": "With a nurse",
    "with-director": "With a medical director",
    "approved": "Approved",
    "partly-approved": "Approved in part",
    "adverse": "Decided adversely",
    "authorized-by-law": "Authorized by law",
    "sent-elsewhere": "Sent elsewhere",
    "withdrawn": "Withdrawn",
    "duplicate": "Duplicate",
    "not-ours": "Member not ours",
    "filed-in-error": "Filed in error",
}
ROLE: Final[Mapping[str, str]] = {
    "coordinator": "coordinator",
    "prescriber": "prescriber",
    "supplier": "supplier",
    "nurse": "nurse",
    "director": "medical director",
    "appeals": "appeals reviewer",
    "analyst": "policy analyst",
    "manager": "manager",
    "admin": "administrator",
    "system": "the system",
    "rule": "a rule of the policy",
}
FINDING: Final[Mapping[str, str]] = {"shown": "shown", "not-shown": "not shown", "more": "more is needed to tell"}
"""What a clinician finds by herself."""
LETTER: Final[Mapping[str, str]] = {
    "approval": "Approval",
    "information": "Request for facts",
    "adverse": "Adverse decision",
    "appeal-received": "Appeal received",
    "appeal-information": "Request for facts of an appeal",
    "appeal-decision": "Answer to the appeal",
    "extension": "More time needed",
    "missed-clock": "Not decided in time",
    "peer-call": "Call between clinicians",
}
"""The kinds of letters that are made by hand."""
LETTER_IS: Final[Mapping[str, str]] = {
    "made": "to be checked by another person",
    "checked": "checked, to be sent",
    "sent": "sent",
    "replaced": "replaced",
}
"""Where a letter stands."""
GLOSSARY: Final = (
    ("shown", "The record proves this criterion."),
    ("not shown", "The record speaks of it and does not prove it."),
    ("missing", "The record does not say enough of it."),
    ("two sides", "Two statements in the record contradict each other."),
    ("does not apply", "The policy does not ask it of this request."),
    ("nobody mentioned it", "The whole record is silent on it, and the policy takes silence for no."),
    ("stated, not seen", "Somebody says that a paper exists; nobody has sent it."),
    ("clock", "The law or the contract says until when the payer decides. Several run; the earliest binds."),
    ("determination", "What the policy says of the request on the record as it stands. It is never a denial."),
    ("adverse decision", "A named, licensed clinician decides against a request, in writing, with reasons."),
    ("peer-to-peer", "A call between the prescriber and a clinician of the payer."),
    (
        "reading of a policy",
        "A number or a window that the payer's text leaves open, and the value that the plan uses.",
    ),
    ("run", "One reading of the whole record against the policy; every document or answer makes a new one."),
    ("receipt", "The hash of a run: it names what was read and by which rules, so that it can be repeated."),
)
"""The words that a page uses in a sense of its own, and what each means."""
_HOUR: Final = dt.timedelta(hours=1)
_HOURS_SHOWN: Final = 48
_DAYS_LEAST: Final = 2


def status(one: Status, role: Role | None = None) -> str:
    """Return a criterion's status as pages say it: shown, not shown, missing, two sides, does not apply."""
    return decided.status(one, role)


def day(value: dt.date | str | None) -> str:
    """Return a day: ``27 Nov 2026``; empty where there is none."""
    if value is None or value == "":
        return ""
    return spoken(value if isinstance(value, str) else value.isoformat())


def moment(value: dt.datetime | None, zone: ZoneInfo, *, named: bool = True) -> str:
    """Return a moment in a zone: ``Fri 27 Nov 2026 16:10 EST``; empty where there is none."""
    if value is None:
        return ""
    local = value.astimezone(zone)
    said = f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year} {local:%H:%M}"
    return f"{said} {local.tzname()}" if named else said


def left(value: dt.datetime | None, now: dt.datetime, zone: ZoneInfo) -> str:
    """Return how much time is left: ``3 h``, ``9 h``, ``4 days``, ``overdue since 2 h``; ``no clock``."""
    if value is None:
        return "no clock"
    span = value - now
    if span < dt.timedelta():
        return f"overdue since {_span(-span, value, now, zone)}"
    return _span(span, value, now, zone)


def _span(span: dt.timedelta, value: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> str:
    if span < _HOUR:
        return f"{max(int(span.total_seconds() // 60), 1)} min"
    if span < _HOURS_SHOWN * _HOUR:
        return f"{int(span / _HOUR)} h"
    days = abs((value.astimezone(zone).date() - now.astimezone(zone).date()).days)
    return f"{max(days, _DAYS_LEAST)} days"  # two days of which one has 25 hours lie a day apart
