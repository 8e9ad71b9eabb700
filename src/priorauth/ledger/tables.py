"""The tables of the ledger. What happened is appended and never changed; what is so now stands in a few state tables,
which can be made anew from the events.

Every row bears its tenant. A key is natural: the tenant, the number of the case, and a count within it. ``received`` is
the day on which the case came; PostgreSQL parts the large tables by it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from priorauth.ledger.columns import Canonical, Moment, Packed

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID: Final = String(64)
CASE: Final = String(32)
SHA: Final = String(64)


def _text(name: str, *, needed: bool = True) -> Column[str]:
    return Column(name, Text, nullable=not needed)


def _moment(name: str, *, needed: bool = True) -> Column[Any]:
    return Column(name, Moment, nullable=not needed)


def _id(name: str, *, needed: bool = True) -> Column[str]:
    return Column(name, ID, nullable=not needed)


def _table(name: str, key: tuple[str, ...], *rest: Any, **options: Any) -> Table:  # noqa: ANN401 - columns and the like
    """Return a table whose key begins with the tenant."""
    return Table(
        name, METADATA, Column("tenant", ID, nullable=False), *rest, PrimaryKeyConstraint("tenant", *key), **options
    )


def _of_case() -> Column[str]:
    return Column("case_no", CASE, nullable=False)


def _number(name: str = "number") -> Column[int]:
    return Column(name, Integer, nullable=False)


def _to(table: str, *columns: str, deferred: bool = False) -> ForeignKeyConstraint:
    """Return a reference to rows of the same tenant; ``deferred``: seen to when the transaction ends."""
    names = [f"{table}.{one}" for one in ("tenant", *columns)]
    here = ["tenant", *columns]
    return ForeignKeyConstraint(here, names, deferrable=deferred or None, initially="DEFERRED" if deferred else None)


# State tables: what is so now. Each is written only with an event and can be made anew from the events.

tenant = Table(
    "tenant",
    METADATA,
    Column("tenant", ID, primary_key=True),
    _text("name"),
    _text("zone"),
    Column("settings", Canonical, nullable=False),
)
organisation = _table(
    "organisation", ("organisation",), _id("organisation"), _text("kind"), _text("name"), _text("npi", needed=False)
)
person = _table(
    "person",
    ("person",),
    _id("person"),
    _text("name"),
    _id("organisation", needed=False),
    _id("supervisor", needed=False),
    Column("active", Boolean, nullable=False),
    Column("details", Canonical, nullable=False),
)
role = _table(
    "role",
    ("person", "role", "valid_from"),
    _id("person"),
    _id("role"),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("granted_by", Canonical, nullable=False),
    _to("person", "person"),
)
licence = _table(
    "licence",
    ("person", "licence"),
    _id("person"),
    _id("licence"),
    _id("kind"),
    _id("state"),
    _text("specialty"),
    _text("npi", needed=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    _to("person", "person"),
)
above = _table("above", ("person", "above"), _id("person"), _id("above"), _to("person", "person"))
may_sign = _table("may_sign", ("line", "kind", "state"), _id("line"), _id("kind"), _id("state"))
token = _table(
    "token",
    ("token",),
    _id("token"),
    Column("sha256", SHA, nullable=False),
    _text("title"),
    _id("person", needed=False),
    _id("role"),
    _id("organisation", needed=False),
    _moment("made_at"),
    _moment("valid_until"),
    _moment("revoked_at", needed=False),
)
cases = _table(
    "cases",
    ("case_no",),
    _of_case(),
    Column("received", Date, nullable=False),
    _id("kind"),
    Column("base", CASE),
    _id("state"),
    _id("priority"),
    Column("version", Integer, nullable=False),
    _text("payer", needed=False),
    _text("policy", needed=False),
    _id("line", needed=False),
    _id("plan_state", needed=False),
    _id("organisation", needed=False),
    _text("member"),
    Column("about", Canonical, nullable=False),
    _moment("received_at"),
    _moment("due_at", needed=False),
    _id("due_rule", needed=False),
    _moment("climbs_at", needed=False),
    _id("queue", needed=False),
    _id("owner", needed=False),
    _moment("snoozed_until", needed=False),
    _text("waits_for", needed=False),
    Column("runs", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("head", SHA, nullable=False),
    _moment("closed_at", needed=False),
)
item = _table(
    "item",
    ("case_no", "item"),
    _of_case(),
    _number("item"),
    _text("product", needed=False),
    Column("quantity", Integer),
    _id("status"),
    _id("outcome", needed=False),
    _text("pathway", needed=False),
    Column("about", Canonical, nullable=False),
)
clock = _table(
    "clock",
    ("case_no", "rule"),
    _of_case(),
    _id("rule"),
    _id("status"),
    _moment("started_at", needed=False),
    _moment("due_at", needed=False),
    Column("happened", Canonical, nullable=False),
    _moment("missed_at", needed=False),
)
notice_state = _table(
    "notice_state",
    ("case_no", "notice"),
    _of_case(),
    _number("notice"),
    _id("status"),
    _moment("sent_at", needed=False),
)
counter = _table("counter", ("year",), Column("year", Integer, nullable=False), Column("next", Integer, nullable=False))

# What happened: appended, never changed.

blob = _table(
    "blob",
    ("sha256",),
    Column("sha256", SHA, nullable=False),
    Column("size", Integer, nullable=False),
    Column("bytes", Packed, nullable=False),
)
submission = _table(
    "submission",
    ("case_no", "number", "received"),
    Column("received", Date, nullable=False),
    _of_case(),
    _number(),
    _moment("received_at"),
    _id("kind"),
    _text("channel"),
    _id("sender", needed=False),
    Column("sha256", SHA, nullable=False),
    _to("blob", "sha256"),
    postgresql_partition_by="RANGE (received)",
)
document = _table(
    "document",
    ("case_no", "number"),
    _of_case(),
    _number(),
    _id("kind"),
    _text("name"),
    _text("media"),
    Column("dated", Date),
    _moment("filed_at"),
    _id("filed_by", needed=False),
    Column("sha256", SHA, nullable=False),
    Column("size", Integer, nullable=False),
    _to("blob", "sha256"),
)
filed_in_error = _table(
    "filed_in_error",
    ("case_no", "document"),
    _of_case(),
    _number("document"),
    _moment("at"),
    _id("person"),
    _text("why"),
)
run = _table(
    "run",
    ("case_no", "number", "received"),
    Column("received", Date, nullable=False),
    _of_case(),
    _number(),
    _moment("at"),
    _text("cause"),
    _text("engine"),
    Column("pins", Canonical, nullable=False),
    Column("inputs", Canonical, nullable=False),
    Column("rows", Packed, nullable=False),
    Column("determinations", Packed, nullable=False),
    Column("sha256", SHA, nullable=False),
    Column("outcomes", Canonical, nullable=False),
    Column("microseconds", BigInteger, nullable=False),
    postgresql_partition_by="RANGE (received)",
)
word = _table(
    "word",
    ("case_no", "number"),
    _of_case(),
    _number(),
    _moment("at"),
    _id("kind"),
    _text("subject"),
    Column("value", Boolean),
    _text("why"),
    _id("person"),
    _id("role"),
    _number("run"),
    CheckConstraint("kind IN ('judgment', 'settlement', 'proposal', 'withdrawal')", name="kind"),
    CheckConstraint("(value IS NULL) = (kind = 'withdrawal')", name="value"),
    CheckConstraint("kind <> 'judgment' OR role IN ('director', 'appeals')", name="judge"),
    CheckConstraint("kind <> 'settlement' OR role IN ('nurse', 'director', 'appeals')", name="settler"),
)
decision = _table(
    "decision",
    ("case_no", "number"),
    _of_case(),
    _number(),
    _number("item"),
    _moment("at"),
    Column("on_day", Date, nullable=False),
    _id("kind"),
    _number("run"),
    Column("quantity", Integer),
    _id("signer", needed=False),
    _id("role", needed=False),
    _id("licence", needed=False),
    _text("why"),
    CheckConstraint(
        "kind IN ('approve-by-rule', 'approve', 'part', 'adverse', 'by-law', 'elsewhere',"
        " 'withdrawn', 'duplicate', 'not-ours', 'cancelled')",
        name="kind",
    ),
    CheckConstraint(
        "kind IN ('approve-by-rule', 'elsewhere', 'withdrawn', 'cancelled') OR signer IS NOT NULL", name="signed"
    ),
    CheckConstraint(
        "kind NOT IN ('part', 'adverse') OR (licence IS NOT NULL AND role IN ('director', 'appeals'))", name="clinician"
    ),
)
reason = _table(
    "reason",
    ("case_no", "decision", "criterion"),
    _of_case(),
    _number("decision"),
    _text("criterion"),
    _text("asks"),
    _text("found"),
    _text("why_not"),
    _text("would_show"),
    ForeignKeyConstraint(
        ["tenant", "case_no", "decision"],
        ["decision.tenant", "decision.case_no", "decision.number"],
        deferrable=True,
        initially="DEFERRED",
    ),
    *(CheckConstraint(f"length(trim({part})) > 0", name=part) for part in ("asks", "found", "why_not", "would_show")),
)
approval = _table(
    "approval",
    ("number",),
    _id("number"),
    _of_case(),
    _number("item"),
    _number("decision"),
    _text("product"),
    Column("quantity", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("terms", Canonical, nullable=False),
    Index(None, "tenant", "valid_until"),
    Index(None, "tenant", "case_no"),
)
approval_end = _table(
    "approval_end",
    ("approval",),
    _id("approval"),
    Column("ends", Date, nullable=False),
    _moment("at"),
    _id("why"),
    Column("decision_case", CASE),
    Column("decision", Integer),
    CheckConstraint("why IN ('used', 'asked', 'replaced', 'filed-in-error', 'adverse')", name="why"),
    CheckConstraint("why <> 'adverse' OR decision IS NOT NULL", name="decided"),
)
notice = _table(
    "notice",
    ("case_no", "number"),
    _of_case(),
    _number(),
    _id("kind"),
    _moment("at"),
    _id("made_by", needed=False),
    Column("decision", Integer),
    _number("run"),
    Column("replaces", Integer),
    _text("template"),
    Column("html", SHA, nullable=False),
    Column("pdf", SHA),
    Column("facts", Packed, nullable=False),
    _text("to"),
)
mailing = _table(
    "mailing",
    ("case_no", "notice", "number"),
    _of_case(),
    _number("notice"),
    _number(),
    _moment("at"),
    _text("channel"),
    _moment("handed_at"),
    _text("proof", needed=False),
    _id("person", needed=False),
)
call = _table(
    "call",
    ("case_no", "number"),
    _of_case(),
    _number(),
    _moment("at"),
    _moment("held_at"),
    _id("person"),
    _text("with_whom"),
    _text("said"),
)
event = _table(
    "event",
    ("case_no", "number", "received"),
    Column("received", Date, nullable=False),
    _of_case(),
    _number(),
    _moment("at"),
    _text("what"),
    _id("person", needed=False),
    _id("role"),
    _id("organisation", needed=False),
    _id("behalf", needed=False),
    Column("from_version", Integer, nullable=False),
    Column("to_version", Integer, nullable=False),
    _text("why", needed=False),
    Column("data", Canonical, nullable=False),
    Column("previous", SHA, nullable=False),
    Column("hash", SHA, nullable=False),
    postgresql_partition_by="RANGE (received)",
)
idempotency = _table(
    "idempotency",
    ("key",),
    Column("key", String(200), nullable=False),
    _text("act"),
    Column("asked", SHA, nullable=False),
    _moment("at"),
    Column("answer", Canonical, nullable=False),
)

# What leaves the house, and what a worker did with it.

outbox = Table(
    "outbox",
    METADATA,
    Column("tenant", ID, nullable=False),
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _text("receiver"),
    _text("kind"),
    Column("case_no", CASE),
    _moment("at"),
    Column("payload", Canonical, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _moment("next_at"),
    _moment("delivered_at", needed=False),
    _moment("dead_at", needed=False),
    _moment("dropped_at", needed=False),
    _text("last_fault", needed=False),
)

WAITING: Final = "delivered_at IS NULL AND dead_at IS NULL AND dropped_at IS NULL"
"""What is so of a message that is still to be delivered."""
COUNTED: Final = "what IN ('asked', 'extended')"
"""Events that a year's metrics count; a query has to say it in these words for SQLite to see the index."""


def _part(name: str, where: str, *columns: Column[Any]) -> None:
    """Index the rows of a table of which something is so."""
    Index(name, *columns, postgresql_where=text(where), sqlite_where=text(where))


Index("ix_cases_open", cases.c.tenant, cases.c.closed_at, cases.c.due_at)
_part("ix_cases_queue", "closed_at IS NULL", cases.c.tenant, cases.c.queue, cases.c.due_at, cases.c.case_no)
_part("ix_cases_owner", "closed_at IS NULL", cases.c.tenant, cases.c.owner, cases.c.due_at, cases.c.case_no)
Index("ix_cases_organisation", cases.c.tenant, cases.c.organisation, cases.c.received_at, cases.c.case_no)
Index("ix_cases_base", cases.c.tenant, cases.c.base)
Index("ix_clock_running", clock.c.tenant, clock.c.status, clock.c.due_at)
_part("ix_outbox_waiting", WAITING, outbox.c.tenant, outbox.c.receiver, outbox.c.number)
_part("ix_outbox_dead", "dead_at IS NOT NULL", outbox.c.tenant, outbox.c.number)
_part("ix_event_counted", COUNTED, event.c.tenant, event.c.case_no, event.c.what)
Index("ix_decision_day", decision.c.tenant, decision.c.on_day)
Index("ix_notice_state", notice_state.c.tenant, notice_state.c.status)

STATE: Final = (
    *(tenant, organisation, person, role, licence, above, may_sign, token),
    *(cases, item, clock, notice_state),
)
"""Tables that :func:`priorauth.ledger.rebuild` makes anew from the events, in an order in which they can be filled."""
APPENDED: Final = (
    *(blob, submission, document, filed_in_error, run, word, decision, reason, approval, approval_end),
    *(notice, mailing, call, event, idempotency),
)
"""Tables whose rows no one changes and no one deletes: the database refuses it."""
PARTED: Final = (submission, run, event)
"""Tables that PostgreSQL parts by the day on which a case came."""
