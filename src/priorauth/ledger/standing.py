"""The tables of what is so now: each row is written only with an event and can be made anew from the events. Beside
them the counter of a year, which is not.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table

from priorauth.ledger import shapes
from priorauth.ledger.columns import Canonical

tenant = Table(
    "tenant",
    shapes.METADATA,
    Column("tenant", shapes.ID, primary_key=True),
    shapes.words("name"),
    shapes.words("zone"),
    Column("settings", Canonical, nullable=False),
)
organisation = shapes.table(
    "organisation",
    ("organisation",),
    shapes.name("organisation"),
    shapes.words("kind"),
    shapes.words("name"),
    shapes.words("npi", needed=False),
)
person = shapes.table(
    "person",
    ("person",),
    shapes.name("person"),
    shapes.words("name"),
    shapes.name("organisation", needed=False),
    shapes.name("supervisor", needed=False),
    Column("active", Boolean, nullable=False),
    Column("details", Canonical, nullable=False),
)
role = shapes.table(
    "role",
    ("person", "role", "valid_from"),
    shapes.name("person"),
    shapes.name("role"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("granted_by", Canonical, nullable=False),
    shapes.to("person", "person"),
)
licence = shapes.table(
    "licence",
    ("person", "licence"),
    shapes.name("person"),
    shapes.name("licence"),
    shapes.name("kind"),
    shapes.name("state"),
    shapes.words("specialty"),
    shapes.words("npi", needed=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    shapes.to("person", "person"),
)
above = shapes.table(
    "above", ("person", "above"), shapes.name("person"), shapes.name("above"), shapes.to("person", "person")
)
may_sign = shapes.table(
    "may_sign", ("line", "kind", "state"), shapes.name("line"), shapes.name("kind"), shapes.name("state")
)
token = shapes.table(
    "token",
    ("token",),
    shapes.name("token"),
    Column("sha256", shapes.SHA, nullable=False),
    shapes.words("title"),
    shapes.name("person", needed=False),
    shapes.name("role"),
    shapes.name("organisation", needed=False),
    shapes.moment("made_at"),
    shapes.moment("valid_until"),
    shapes.moment("revoked_at", needed=False),
)
cases = shapes.table(
    "cases",
    ("case_no",),
    shapes.of_case(),
    Column("received", Date, nullable=False),
    shapes.name("kind"),
    Column("base", shapes.CASE),
    shapes.name("state"),
    shapes.name("priority"),
    Column("version", Integer, nullable=False),
    shapes.words("payer", needed=False),
    shapes.words("policy", needed=False),
    shapes.name("line", needed=False),
    shapes.name("plan_state", needed=False),
    shapes.name("organisation", needed=False),
    shapes.words("member"),
    Column("about", Canonical, nullable=False),
    shapes.moment("received_at"),
    shapes.moment("due_at", needed=False),
    shapes.name("due_rule", needed=False),
    shapes.moment("climbs_at", needed=False),
    shapes.name("queue", needed=False),
    shapes.name("owner", needed=False),
    shapes.moment("snoozed_until", needed=False),
    shapes.words("waits_for", needed=False),
    Column("to_confirm", Integer),
    Column("runs", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("head", shapes.SHA, nullable=False),
    shapes.moment("closed_at", needed=False),
)
item = shapes.table(
    "item",
    ("case_no", "item"),
    shapes.of_case(),
    shapes.number("item"),
    shapes.words("product", needed=False),
    Column("quantity", Integer),
    shapes.name("status"),
    shapes.name("outcome", needed=False),
    shapes.words("pathway", needed=False),
    Column("about", Canonical, nullable=False),
)
clock = shapes.table(
    "clock",
    ("case_no", "rule"),
    shapes.of_case(),
    shapes.name("rule"),
    shapes.name("status"),
    shapes.moment("started_at", needed=False),
    shapes.moment("due_at", needed=False),
    Column("happened", Canonical, nullable=False),
    shapes.moment("missed_at", needed=False),
)
notice_state = shapes.table(
    "notice_state",
    ("case_no", "notice"),
    shapes.of_case(),
    shapes.number("notice"),
    shapes.name("status"),
    shapes.moment("sent_at", needed=False),
)
counter = shapes.table(
    "counter", ("year",), Column("year", Integer, nullable=False), Column("next", Integer, nullable=False)
)

# Open cases and closed ones have indexes apart, so that no database takes "not closed" for a moment like any other.
# Those of open cases bear what is put off, so that a queue is counted without its cases being read.
_OPEN: Final = "closed_at IS NULL"
_NEXT: Final = (cases.c.due_at, cases.c.case_no, cases.c.snoozed_until)
shapes.part("ix_cases_open", _OPEN, cases.c.tenant, *_NEXT)
shapes.part("ix_cases_queue", _OPEN, cases.c.tenant, cases.c.queue, *_NEXT)
shapes.part("ix_cases_owner", _OPEN, cases.c.tenant, cases.c.owner, *_NEXT)
shapes.part("ix_cases_climbs", _OPEN, cases.c.tenant, cases.c.climbs_at)
shapes.part("ix_cases_to_confirm", f"{_OPEN} AND to_confirm > 0", cases.c.tenant, *_NEXT)
shapes.part("ix_cases_closed", "closed_at IS NOT NULL", cases.c.tenant, cases.c.closed_at)
Index("ix_cases_organisation", cases.c.tenant, cases.c.organisation, cases.c.received_at, cases.c.case_no)
Index("ix_cases_base", cases.c.tenant, cases.c.base)
Index("ix_clock_running", clock.c.tenant, clock.c.status, clock.c.due_at)
Index("ix_notice_state", notice_state.c.tenant, notice_state.c.status)

STATE: Final = (
    *(tenant, organisation, person, role, licence, above, may_sign, token),
    *(cases, item, clock, notice_state),
)
"""Tables that :func:`priorauth.ledger.rebuild` makes anew from the events, in an order in which they can be filled."""
