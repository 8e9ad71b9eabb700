"""Plays the worked year (``data/year.yaml``): every case through real acts, each at its moment.

Letters are the exception: a helper writes a notice and its mailing by an act of its own, for printing 40 letters on two
databases takes longer than all the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import yaml
from msgspec import structs

from priorauth.ledger import tables as t
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import Approve, DecideAdversely, DecideInPart, SendElsewhere
from priorauth.ledger.acts.intake import Close, Receive, Withdraw
from priorauth.ledger.acts.notices import AskClinic
from priorauth.ledger.acts.queues import Extend, RouteToDirector
from priorauth.ledger.store import Store
from priorauth.ledger.work import CaseAct, Work, handles
from tests.ledger.house import APPEALS, COORDINATOR, DIRECTOR, LICENCE, NURSE, REASON, SYSTEM, done, example, furnish

WORKED: Final[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("data").joinpath("year.yaml").read_text("utf-8")
)
COUNTED_AT: Final = datetime(2027, 3, 1, tzinfo=UTC)
PLANS: Final = {
    "masshealth": {},
    "uhc-medicare-advantage": {"contract": "H9999"},
    "caresource": {},
}
_HOUR: Final = 16


class Mailed(CaseAct, frozen=True, kw_only=True):
    """A notice that is made and handed to post at once, of the newest decision."""

    name: ClassVar[str] = "record-mailing"


class Drug(CaseAct, frozen=True, kw_only=True):
    """What was asked for is a drug: no policy that is shipped decides one."""

    name: ClassVar[str] = "record-mailing"


@handles(Mailed)
def _mailed(_: Mailed, work: Work) -> None:
    number, decision = work.next_number(t.notice), work.next_number(t.decision) - 1
    sha = work.keep(b"<p>A notice.</p>")
    work.write(
        t.notice,
        case_no=work.case_no,
        number=number,
        kind="adverse" if work.case["state"] in ("adverse", "partly-approved") else "approval",
        at=work.now,
        decision=decision,
        run=work.case["runs"],
        template="test",
        html=sha,
        facts=b"{}",
        to="member",
    )
    work.write(
        t.mailing, case_no=work.case_no, notice=number, number=1, at=work.now, channel="post", handed_at=work.now
    )
    work.event("mailed", notice=number)


@handles(Drug)
def _drug(_: Drug, work: Work) -> None:
    for row in work.rows(t.item):
        work.set(t.item, case_no=work.case_no, item=row["item"], product="J3490")
    work.event("renamed")


def played(store: Store) -> dict[str, str]:
    """Play the year; return the number of each case, by its name, and of each appeal as ``<name>-appeal``."""
    furnish(store, plans=PLANS)
    numbers: dict[str, str] = {}
    for one in WORKED["cases"]:
        numbers |= _case(store, one, numbers)
    return numbers


def _case(store: Store, one: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
    begun = datetime(one["day"].year, one["day"].month, one["day"].day, _HOUR, tzinfo=UTC)
    number = done(store, Receive(bundle=bundle(one)), COORDINATOR, begun).case
    assert number is not None
    found = {one["name"]: number}
    for hour, step in one["steps"]:
        what, _, why = step.partition(" ")
        now = begun + timedelta(hours=hour)
        if what == "appeal":
            appeal = done(store, Appeal(case=number), COORDINATOR, now).case
            assert appeal is not None
            found[f"{one['name']}-appeal"] = appeal
        else:
            STEPS[what](store, found.get(f"{one['name']}-appeal", number), why, known, now)
    return found


def bundle(one: dict[str, Any]) -> bytes:
    """Return the request of a case."""
    whole = json.loads(example(one["example"]))
    lacking = set(one.get("lacking", ()))
    whole["entry"] = [entry for entry in whole["entry"] if entry["resource"]["resourceType"] not in lacking]
    for entry in whole["entry"]:
        if entry["resource"]["resourceType"] == "Claim":
            if one.get("fast"):
                entry["resource"]["priority"]["coding"][0]["code"] = "stat"
            if "quantity" in one:
                entry["resource"]["item"][0]["quantity"] = {"value": one["quantity"]}
    return json.dumps(whole).encode()


Step = Callable[[Store, str, str, dict[str, str], datetime], object]
LICENCE_OF_APPEALS: Final = f"{LICENCE}-{APPEALS.person}"


def _reasons(why: str) -> tuple[Any, ...]:
    return (structs.replace(REASON, criterion=why),)


STEPS: Final[dict[str, Step]] = {
    "route": lambda store, case, _, __, now: done(store, RouteToDirector(case=case), NURSE, now),
    "approve": lambda store, case, _, __, now: done(store, Approve(case=case), DIRECTOR, now),
    "deny": lambda store, case, why, _, now: done(
        store, DecideAdversely(case=case, licence=LICENCE, reasons=_reasons(why)), DIRECTOR, now
    ),
    "part": lambda store, case, why, _, now: done(
        store, DecideInPart(case=case, licence=LICENCE, reasons=_reasons(why), quantities={1: 1}), DIRECTOR, now
    ),
    "extend": lambda store, case, _, __, now: done(
        store, Extend(case=case, rule=_running(store, case), ground="extraordinary", days=14), DIRECTOR, now
    ),
    "ask": lambda store, case, _, __, now: done(store, AskClinic(case=case), NURSE, now),
    "withdraw": lambda store, case, _, __, now: done(store, Withdraw(case=case), COORDINATOR, now),
    "copy": lambda store, case, _, known, now: done(store, Close(case=case, of=known["x1"]), NURSE, now),
    "elsewhere": lambda store, case, _, __, now: done(
        store, SendElsewhere(case=case, why="to the vendor of supplies"), NURSE, now
    ),
    "drug": lambda store, case, _, __, now: done(store, Drug(case=case), SYSTEM, now),
    "mail": lambda store, case, _, __, now: done(store, Mailed(case=case), SYSTEM, now),
    "overturn": lambda store, case, _, __, now: done(store, Approve(case=case), APPEALS, now),
    "uphold": lambda store, case, _, __, now: done(
        store, DecideAdversely(case=case, licence=LICENCE_OF_APPEALS, reasons=_reasons("II.A")), APPEALS, now
    ),
}


def _running(store: Store, case: str) -> str:
    with store.reading(SYSTEM.tenant) as connection:
        query = t.cases.select().where(t.cases.c.case_no == case)
        return str(connection.execute(query).mappings().one()["due_rule"])
