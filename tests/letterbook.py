"""Facts of letters about made-up people: for each kind and line, from real requests of examples/ and tests/cases."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Final, get_args

from msgspec import structs

from priorauth import Determination, determine
from priorauth.letters import answering, reasons
from priorauth.letters import kinds as k
from priorauth.letters.facts import (
    Clock,
    Contact,
    Facts,
    Item,
    Line,
    Mailing,
    Member,
    Notice,
    Prescriber,
    Recipient,
    Sender,
    Supplier,
)
from priorauth.letters.lines import owed
from tests.casebook.kept import case_of

ROOT: Final = Path(__file__).parent.parent
LINES: Final[tuple[Line, ...]] = get_args(Line)
KINDS: Final[tuple[k.Kind, ...]] = get_args(k.Kind)
EASTERN: Final = dt.timezone(dt.timedelta(hours=-5))
MAILED: Final = Mailing(dt.date(2026, 11, 24), "post")
RECEIVED: Final = dt.date(2026, 11, 20)
STATES: Final[dict[Line, str]] = {
    "masshealth": "MA", "husky": "CT", "caresource-qhp": "GA", "anthem-insured": "CT", "anthem-erisa": "OH",
    "uhc-ma": "CT", "medicaid-managed-care": "MA",
}  # fmt: skip
NAMES: Final[dict[Line, str]] = {
    "masshealth": "MassHealth", "husky": "HUSKY Health", "caresource-qhp": "CareSource", "anthem-insured": "Anthem",
    "anthem-erisa": "Anthem", "uhc-ma": "UnitedHealthcare Medicare Advantage",
    "medicaid-managed-care": "Bay Health Plan",
}  # fmt: skip
CASES: Final[dict[Line, tuple[str, str, str]]] = {  # approved, asked, turned down
    "masshealth": ("examples/approve.json", "examples/ask.json", "examples/ask.json"),
    "husky": (
        "husky/deferoxamine-chronic-iron-overload",
        "husky/drug-not-stated",
        "own/husky-epsdt-insulin",
    ),
    "caresource-qhp": ("caresource/t1-all-met", "caresource/c-missing", "examples/review.json"),
    "anthem-insured": ("anthem/group-1-all-met", "anthem/education-not-stated", "anthem/upgrade-in-warranty"),
    "anthem-erisa": ("anthem/group-1-all-met", "anthem/education-not-stated", "anthem/upgrade-in-warranty"),
    "uhc-ma": ("examples/medicare.json", "own/uhc-csii-c-peptide-silent", "own/uhc-csii-c-peptide-silent"),
    "medicaid-managed-care": ("examples/approve.json", "examples/ask.json", "examples/ask.json"),
}
WORDS: Final = {"E0784": "insulin pump", "E0781": "infusion pump", "E0779": "infusion pump", "E0787": "insulin pump"}


@cache
def decided(name: str) -> Determination:
    """Return the determination of an example or a worked case."""
    case = json.loads((ROOT / name).read_bytes()) if name.endswith(".json") else case_of(name)
    found, *_ = determine(case.get("bundle", case))
    return found


def at(day: int, hour: int = 12, minute: int = 0, month: int = 11) -> dt.datetime:
    """Return a moment of 2026, Eastern time."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=EASTERN)


def office(name: str, digit: int) -> Contact:
    """Return a made-up office."""
    return Contact(
        name=name,
        address=(f"{digit} Example Street", "Springfield 00000"),
        phone=f"555-010-000{digit}",
        tty="711",
        fax=f"555-010-100{digit}",
        hours="Monday to Friday, 8 a.m. to 5 p.m.",
        page="pa.example.org/answer",
    )


def sender(line: Line, state: str | None = None) -> Sender:
    """Return a made-up office of a payer."""
    name = NAMES[line]
    hearing = line in ("masshealth", "husky", "medicaid-managed-care")
    outside = line in ("caresource-qhp", "anthem-insured", "anthem-erisa")
    return Sender(
        name=name,
        line=line,
        state=state or STATES[line],
        contact=office(f"{name}, Prior Authorization", 1),
        appeals=office(f"{name}, Appeals", 2),
        fast_appeals=office(f"{name}, Fast Appeals", 3),
        clinicians=office(f"{name}, Clinicians", 4),
        notices=(
            Notice("language", "[The plan's own notice of language help stands here.]", "45 CFR 92.11", verified=False),
            Notice("aids", "[The plan's own notice of aids and services stands here.]", "45 CFR 92.11", verified=False),
            Notice("nondiscrimination", "[The plan's own notice stands here.]", "45 CFR 92.10", verified=False),
        ),
        policy_page="pa.example.org/policies",
        zone="Eastern time",
        hearings=office("State Hearing Office", 5) if hearing else None,
        outside=office("State Insurance Department", 6) if outside else None,
        outside_form="Request for External Review" if outside else "",
        help=office("Consumer Help", 7),
    )


MEMBER: Final = Member(
    name="Dana Example",
    id="M-0000-117",
    contact=Contact("Dana Example", ("12 Sample Road", "Springfield 00000"), phone="555-010-0117"),
    born=dt.date(1991, 5, 8),
)
PRESCRIBER: Final = Prescriber(
    name="Robin Synthetic",
    credential="MD",
    contact=Contact(
        "Synthetic Endocrine Clinic", ("3 Clinic Way", "Springfield 00000"), phone="555-010-0200", fax="555-010-0201"
    ),
    npi="1999999992",
    practice="Synthetic Endocrine Clinic",
)
SUPPLIER: Final = Supplier(
    Contact(
        "Synthetic Diabetes Supply", ("9 Depot Lane", "Springfield 00000"), phone="555-010-0300", fax="555-010-0301"
    )
)
DIRECTOR: Final = k.Clinician(
    "Helen Marsh", "MD", "Endocrinology", k.Licence("MD", "MA", "12345", dt.date(2027, 6, 30)), at(23, 15, 10)
)
REVIEWER: Final = k.Clinician(
    "Paul Ito", "MD", "Endocrinology", k.Licence("MD", "MA", "67890", dt.date(2027, 6, 30)), at(23, 16, 40)
)
FORM: Final = k.Form("CMS-10003-NDMCP", "made up for tests", dt.date(2027, 12, 31), "ab" * 32)


def clock(line: Line, state: str | None = None) -> Clock:
    """Return the clock that binds."""
    stops = line in ("caresource-qhp", "anthem-insured", "anthem-erisa")
    asking = "not begun" if (state or STATES[line]) == "GA" and stops else "stops" if stops else "runs on"
    citation = {"masshealth": "42 CFR 440.230(e)", "husky": "42 CFR 440.230(e)", "uhc-ma": "42 CFR 422.568(b)"}
    return Clock(
        name="7 calendar days",
        due=at(27, 12),
        since=RECEIVED,
        asking=asking,  # type: ignore[arg-type]  # one of its three words
        citation=citation.get(line, "29 CFR 2560.503-1(f)"),
        verified=True,
    )


def reason(found: Determination, by: k.Clinician = DIRECTOR) -> k.Reason:
    """Return a whole reason about a criterion of a determination, confirmed by a clinician."""
    open_ = [one.criterion for one in found.reasons if one.criterion]
    named = [*open_, *(one.id for one in found.criteria if one.id), "Subset, part 1"]
    try:
        offer = reasons.offered(found, named[max(0, len(open_) - 1)])
    except KeyError:  # other criteria decided, or a rule of scope
        offer = k.Reason(named[max(0, len(open_) - 1)], "The need for the pump", "", "", "", "", "")
    return structs.replace(
        offer,
        title=offer.title or "The need for the pump",
        asks="The rule asks for a test above 7.0 %, not older than 12 months.",
        found=offer.found or "The newest test on file is 8.7 %, of 15 July 2025, a lab result.",
        why_not=offer.why_not or "That test is older than 12 months.",
        would="A lab result above 7.0 % from the last 12 months.",
        confirmed_by=by.name,
    )


def adverse(line: Line, found: Determination, state: str | None = None) -> k.Adverse:
    """Return an adverse decision of the whole."""
    insured = line in ("caresource-qhp", "anthem-insured")
    return k.Adverse(
        action="whole",
        reasons=(reason(found),),
        by=DIRECTOR,
        effective=dt.date(2026, 11, 24),
        call_by=at(8, 17, month=12),
        relies=("42 CFR 422.101(b)",) if line == "uhc-ma" else (),
        alternatives=("An insulin pen with dose memory",) if (state or STATES[line]) == "IN" else (),
        epsdt="The pump was weighed against all care that helps a child." if line == "husky" else "",
        subset="Insulin Pumps, subset Adult, version 2026 (made up)" if line == "husky" else "",
        denial_code="A1: rule not shown" if insured else "",
        form=FORM if line == "uhc-ma" else None,
    )


def facts(kind: k.Kind, line: Line = "masshealth", state: str | None = None) -> Facts:
    """Return the facts of a letter of a kind and a line of business."""
    approved, asked, refused = (decided(name) for name in CASES[line])
    grant = k.Grant("PA-26-0117-1", dt.date(2026, 12, 1), dt.date(2027, 2, 28), months=3, trial=line == "masshealth")
    found, says = _says(kind, line, state, grant, (approved, asked, refused))
    clinic = kind in ("information", "appeal-information", "peer-call")
    product = found.request.product or "E0784"
    missed = structs.replace(clock(line, state), due=at(23, 12)) if kind == "missed-clock" else clock(line, state)
    return Facts(
        says=says,
        case="26-0117",
        sender=sender(line, state),
        member=MEMBER,
        prescriber=PRESCRIBER,
        supplier=SUPPLIER,
        items=(Item(product, WORDS.get(product, "pump"), 1, "purchase"),),
        determination=found,
        mailing=MAILED,
        received=RECEIVED,
        to="prescriber" if clinic else "member",
        copies=_copies(kind),
        clock=missed,
        diagnoses=("E10.65 Type 1 diabetes with high blood sugar",),
    )


def _copies(kind: k.Kind) -> tuple[Recipient, ...]:
    both: tuple[Recipient, ...] = ("prescriber", "supplier")
    return both if kind in ("approval", "adverse", "extension", "missed-clock", "appeal-decision") else ()


def _says(
    kind: k.Kind,
    line: Line,
    state: str | None,
    grant: k.Grant,
    found: tuple[Determination, Determination, Determination],
) -> tuple[Determination, k.Says]:
    approved, asked, refused = found
    right = owed(line, state or STATES[line])
    match kind:
        case "approval":
            return approved, k.Approval(grant)
        case "information":
            return asked, k.Information(at(24, 9), answering.answer_by(right, clock(line, state), at(24, 9)))
        case "adverse":
            return refused, adverse(line, refused, state)
        case "oral-notice":
            said = adverse(line, refused, state)
            return refused, k.OralNotice(said, "Lee Nurse, RN", "Dana Example", at(24, 10, 5), "555-010-0117")
        case "appeal-received":
            return refused, k.AppealReceived(at(20, 11), REVIEWER, DIRECTOR, at(20, 17, month=12))
        case "appeal-information":
            by = answering.answer_by(right, clock(line, state), at(24, 9))
            return asked, k.AppealInformation(at(20, 11), at(24, 9), by, REVIEWER, DIRECTOR)
        case "appeal-decision":
            outside = dt.date(2026, 11, 24) if line == "uhc-ma" else None
            return refused, k.AppealDecision(
                "upheld", refused, DIRECTOR, REVIEWER, (reason(refused, REVIEWER),), ("Letter of 2 November 2026",),
                ("The case file", "The policy", "The letters"), sent_outside=outside,
            )  # fmt: skip
        case "extension":
            ground = "missing" if right.extension and "missing" in right.extension.grounds else "asked"
            return asked, k.Extension(ground, "Your clinic asked for two more days.", at(27, 12), at(2, 12, month=12))
        case "missed-clock":
            law = right.missed.means == "law"
            form = FORM if line == "uhc-ma" else None
            return refused, k.MissedClock("Kim Lead", "manager", grant if law else None, form)
        case _:
            return _draft(kind, approved, asked)


def _draft(kind: k.Kind, approved: Determination, asked: Determination) -> tuple[Determination, k.Says]:
    papers = (k.Attachment("Clinic notes", dt.date(2026, 11, 6)),)
    match kind:
        case "necessity":
            return asked, k.Necessity(length_of_need="99 months")
        case "request-form":
            return asked, k.RequestForm("12 (home)", papers)
        case "claim-sheet":
            return asked, k.ClaimSheet("12 (home)", papers)
        case "quote":
            bought, ended = dt.date(2021, 3, 2), dt.date(2025, 3, 1)
            old = k.OldDevice("Pump A, serial 117", bought, ended, "The screen is dark", "$900")
            return asked, k.Quote(dt.date(2026, 12, 31), old)
        case "review-worksheet":
            return asked, k.ReviewWorksheet()
        case "checklist":
            return asked, k.Checklist(papers)
        case "fax-cover":
            return asked, k.FaxCover(7)
        case "hearing-request":
            return asked, k.HearingRequest(dt.date(2026, 11, 24))
        case "representative":
            return approved, k.Representative("Sam Example", "brother")
        case _:
            return asked, k.PeerCall(at(25, 14, 30), DIRECTOR, 20)


def possible(kind: k.Kind, line: Line) -> bool:
    """Whether a line of business has a kind at all."""
    if kind == "review-worksheet":
        return line == "masshealth"
    return kind != "hearing-request" or line in ("masshealth", "husky", "medicaid-managed-care")
