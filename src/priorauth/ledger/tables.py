"""The tables of the ledger. What happened is appended and never changed; what is so now stands in a few state tables,
which can be made anew from the events. What people have in hand stands in the tables of their desks, what other systems
sent and were told in those of the border.

Every row bears its tenant. A key is natural: the tenant, the number of the case, and a count within it. ``received`` is
the day on which the case came; PostgreSQL parts the large tables by it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
)

from priorauth.ledger import shapes
from priorauth.ledger.border import (
    BORDER,
    ask,
    context,
    feedback,
    form_error,
    hook_call,
    notification,
    signing_key,
    subscription,
    traced,
    used_token,
)
from priorauth.ledger.columns import Canonical, Packed
from priorauth.ledger.desk import (
    DESK,
    account,
    challenge,
    draft,
    draft_blob,
    draft_file,
    identity,
    link,
    passkey,
    preference,
    proposal,
    session,
    sign_in_try,
)
from priorauth.ledger.shapes import CASE, ID, METADATA, SHA
from priorauth.ledger.standing import (
    STATE,
    above,
    cases,
    clock,
    counter,
    item,
    licence,
    may_sign,
    notice_state,
    organisation,
    person,
    role,
    tenant,
    token,
)

__all__ = [
    "APPENDED", "BORDER", "CASE", "COUNTED", "DESK", "ID", "METADATA", "PARTED", "SHA", "STATE", "WAITING", "above",
    "account", "approval", "approval_end", "ask", "blob", "call", "cases", "challenge", "clock", "context",
    "counter", "decision", "document", "draft", "draft_blob", "draft_file", "event", "feedback", "filed_in_error",
    "form_error", "hook_call", "idempotency", "identity", "item", "licence", "link", "mailing", "may_sign",
    "notice", "notice_state", "notification", "organisation", "outbox", "pages", "passkey", "person", "preference",
    "proposal", "proposal_word", "reading", "reason", "role", "run", "session", "sign_in_try", "signing_key",
    "submission", "subscription", "tenant", "token", "traced", "used_token", "word",
]  # fmt: skip

# What happened: appended, never changed.


def _of_document() -> ForeignKeyConstraint:
    """Return the reference of a row to the document of its case."""
    return ForeignKeyConstraint(
        ["tenant", "case_no", "document"], ["document.tenant", "document.case_no", "document.number"]
    )


blob = shapes.table(
    "blob",
    ("sha256",),
    Column("sha256", shapes.SHA, nullable=False),
    Column("size", Integer, nullable=False),
    Column("bytes", Packed, nullable=False),
)
submission = shapes.table(
    "submission",
    ("case_no", "number", "received"),
    Column("received", Date, nullable=False),
    shapes.of_case(),
    shapes.number(),
    shapes.moment("received_at"),
    shapes.name("kind"),
    shapes.words("channel"),
    shapes.name("sender", needed=False),
    Column("sha256", shapes.SHA, nullable=False),
    shapes.to("blob", "sha256"),
    postgresql_partition_by="RANGE (received)",
)
document = shapes.table(
    "document",
    ("case_no", "number"),
    shapes.of_case(),
    shapes.number(),
    shapes.name("kind"),
    shapes.words("name"),
    shapes.words("media"),
    Column("dated", Date),
    shapes.moment("filed_at"),
    shapes.name("filed_by", needed=False),
    Column("sha256", shapes.SHA, nullable=False),
    Column("size", Integer, nullable=False),
    shapes.to("blob", "sha256"),
)
filed_in_error = shapes.table(
    "filed_in_error",
    ("case_no", "document"),
    shapes.of_case(),
    shapes.number("document"),
    shapes.moment("at"),
    shapes.name("person"),
    shapes.words("why"),
)
pages = shapes.table(
    "pages",
    ("sha256", "reader"),
    Column("sha256", shapes.SHA, nullable=False),
    Column("reader", String(200), nullable=False),
    shapes.moment("at"),
    Column("pages", Packed, nullable=False),
    shapes.to("blob", "sha256"),
)
reading = shapes.table(
    "reading",
    ("case_no", "document", "number"),
    shapes.of_case(),
    shapes.number("document"),
    shapes.number(),
    shapes.moment("at"),
    shapes.name("by"),
    shapes.words("reader"),
    Column("sha256", shapes.SHA, nullable=False),
    shapes.words("pages", needed=False),
    Column("findings", Canonical),
    shapes.number("facts"),
    shapes.words("refused", needed=False),
    _of_document(),
    CheckConstraint("(findings IS NULL) = (refused IS NOT NULL)", name="read"),
)
proposal_word = shapes.table(
    "proposal_word",
    ("case_no", "number"),
    shapes.of_case(),
    shapes.number(),
    shapes.moment("at"),
    shapes.number("document"),
    Column("reading", Integer),
    Column("proposal", Integer),
    shapes.name("word"),
    Column("tied", Canonical),
    shapes.words("why", needed=False),
    shapes.name("person"),
    shapes.name("role"),
    shapes.number("run"),
    _of_document(),
    CheckConstraint("word IN ('confirmed', 'rejected', 'tied', 'seen')", name="word"),
    CheckConstraint("(tied IS NULL) = (word IN ('confirmed', 'rejected'))", name="tied"),
    CheckConstraint("(reading IS NULL) = (tied IS NOT NULL) AND (proposal IS NULL) = (tied IS NOT NULL)", name="of"),
    CheckConstraint(
        "role IN ('coordinator', 'prescriber', 'supplier', 'nurse', 'director', 'appeals')", name="speaker"
    ),
)
run = shapes.table(
    "run",
    ("case_no", "number", "received"),
    Column("received", Date, nullable=False),
    shapes.of_case(),
    shapes.number(),
    shapes.moment("at"),
    shapes.words("cause"),
    shapes.words("engine"),
    Column("pins", Canonical, nullable=False),
    Column("inputs", Canonical, nullable=False),
    Column("rows", Packed, nullable=False),
    Column("determinations", Packed, nullable=False),
    Column("sha256", shapes.SHA, nullable=False),
    Column("outcomes", Canonical, nullable=False),
    Column("microseconds", BigInteger, nullable=False),
    postgresql_partition_by="RANGE (received)",
)
word = shapes.table(
    "word",
    ("case_no", "number"),
    shapes.of_case(),
    shapes.number(),
    shapes.moment("at"),
    shapes.name("kind"),
    shapes.words("subject"),
    Column("value", Boolean),
    shapes.words("why"),
    shapes.name("person"),
    shapes.name("role"),
    shapes.number("run"),
    CheckConstraint("kind IN ('judgment', 'settlement', 'proposal', 'withdrawal')", name="kind"),
    CheckConstraint("(value IS NULL) = (kind = 'withdrawal')", name="value"),
    CheckConstraint("kind <> 'judgment' OR role IN ('director', 'appeals')", name="judge"),
    CheckConstraint("kind <> 'settlement' OR role IN ('nurse', 'director', 'appeals')", name="settler"),
)
decision = shapes.table(
    "decision",
    ("case_no", "number"),
    shapes.of_case(),
    shapes.number(),
    shapes.number("item"),
    shapes.moment("at"),
    Column("on_day", Date, nullable=False),
    shapes.name("kind"),
    shapes.number("run"),
    Column("quantity", Integer),
    shapes.name("signer", needed=False),
    shapes.name("role", needed=False),
    shapes.name("licence", needed=False),
    shapes.words("why"),
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
reason = shapes.table(
    "reason",
    ("case_no", "decision", "criterion"),
    shapes.of_case(),
    shapes.number("decision"),
    shapes.words("criterion"),
    shapes.words("asks"),
    shapes.words("found"),
    shapes.words("why_not"),
    shapes.words("would_show"),
    ForeignKeyConstraint(
        ["tenant", "case_no", "decision"],
        ["decision.tenant", "decision.case_no", "decision.number"],
        deferrable=True,
        initially="DEFERRED",
    ),
    *(CheckConstraint(f"length(trim({part})) > 0", name=part) for part in ("asks", "found", "why_not", "would_show")),
)
approval = shapes.table(
    "approval",
    ("number",),
    shapes.name("number"),
    shapes.of_case(),
    shapes.number("item"),
    shapes.number("decision"),
    shapes.words("product"),
    Column("quantity", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("terms", Canonical, nullable=False),
    Index(None, "tenant", "valid_until"),
    Index(None, "tenant", "case_no"),
)
approval_end = shapes.table(
    "approval_end",
    ("approval",),
    shapes.name("approval"),
    Column("ends", Date, nullable=False),
    shapes.moment("at"),
    shapes.name("why"),
    Column("decision_case", shapes.CASE),
    Column("decision", Integer),
    CheckConstraint("why IN ('used', 'asked', 'replaced', 'filed-in-error', 'adverse')", name="why"),
    CheckConstraint("why <> 'adverse' OR decision IS NOT NULL", name="decided"),
)
notice = shapes.table(
    "notice",
    ("case_no", "number"),
    shapes.of_case(),
    shapes.number(),
    shapes.name("kind"),
    shapes.moment("at"),
    shapes.name("made_by", needed=False),
    Column("decision", Integer),
    shapes.number("run"),
    Column("replaces", Integer),
    shapes.words("template"),
    Column("html", shapes.SHA, nullable=False),
    Column("pdf", shapes.SHA),
    Column("facts", Packed, nullable=False),
    shapes.words("to"),
)
mailing = shapes.table(
    "mailing",
    ("case_no", "notice", "number"),
    shapes.of_case(),
    shapes.number("notice"),
    shapes.number(),
    shapes.moment("at"),
    shapes.words("channel"),
    shapes.moment("handed_at"),
    shapes.words("proof", needed=False),
    shapes.name("person", needed=False),
)
call = shapes.table(
    "call",
    ("case_no", "number"),
    shapes.of_case(),
    shapes.number(),
    shapes.moment("at"),
    shapes.moment("held_at"),
    shapes.name("person"),
    shapes.words("with_whom"),
    shapes.words("said"),
)
event = shapes.table(
    "event",
    ("case_no", "number", "received"),
    Column("received", Date, nullable=False),
    shapes.of_case(),
    shapes.number(),
    shapes.moment("at"),
    shapes.words("what"),
    shapes.name("person", needed=False),
    shapes.name("role"),
    shapes.name("organisation", needed=False),
    shapes.name("behalf", needed=False),
    Column("from_version", Integer, nullable=False),
    Column("to_version", Integer, nullable=False),
    shapes.words("why", needed=False),
    Column("data", Canonical, nullable=False),
    Column("previous", shapes.SHA, nullable=False),
    Column("hash", shapes.SHA, nullable=False),
    postgresql_partition_by="RANGE (received)",
)
idempotency = shapes.table(
    "idempotency",
    ("key",),
    Column("key", String(200), nullable=False),
    shapes.words("act"),
    Column("asked", shapes.SHA, nullable=False),
    shapes.moment("at"),
    Column("answer", Canonical, nullable=False),
)

# What leaves the house, and what a worker did with it.

outbox = Table(
    "outbox",
    shapes.METADATA,
    Column("tenant", shapes.ID, nullable=False),
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    shapes.words("receiver"),
    shapes.words("kind"),
    Column("case_no", shapes.CASE),
    shapes.moment("at"),
    Column("payload", Canonical, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    shapes.moment("next_at"),
    shapes.moment("delivered_at", needed=False),
    shapes.moment("dead_at", needed=False),
    shapes.moment("dropped_at", needed=False),
    shapes.words("last_fault", needed=False),
)

WAITING: Final = "delivered_at IS NULL AND dead_at IS NULL AND dropped_at IS NULL"
"""What is so of a message that is still to be delivered."""
COUNTED: Final = "what IN ('asked', 'extended')"
"""Events that a year's metrics count; a query has to say it in these words for SQLite to see the index."""


shapes.part("ix_outbox_waiting", WAITING, outbox.c.tenant, outbox.c.receiver, outbox.c.number)
shapes.part("ix_outbox_dead", "dead_at IS NOT NULL", outbox.c.tenant, outbox.c.number)
shapes.part("ix_event_counted", COUNTED, event.c.tenant, event.c.case_no, event.c.what)
Index("ix_decision_day", decision.c.tenant, decision.c.on_day)
Index("ix_document_filed", document.c.tenant, document.c.filed_at)
Index("ix_event_at", event.c.tenant, event.c.at, event.c.case_no, event.c.number)
APPENDED: Final = (
    *(blob, submission, document, filed_in_error, pages, reading, proposal_word, run, word),
    *(decision, reason, approval, approval_end, notice, mailing, call, event, idempotency),
)
"""Tables whose rows no one changes and no one deletes: the database refuses it."""
PARTED: Final = (submission, run, event)
"""Tables that PostgreSQL parts by the day on which a case came."""
