"""The tables of the desks at which people work: how each signs in, what she has begun and not sent, what she proposed.

They are neither history nor what events leave: a row is changed and taken away as work goes on. No secret stands in
them, only what a secret is checked against. What of them has to be known later is told by events.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer

from priorauth.ledger import shapes
from priorauth.ledger.columns import Canonical, Packed

# How a person signs in.

account = shapes.table(
    "account",
    ("person",),
    shapes.name("person"),
    shapes.words("password", needed=False),
    shapes.moment("changed_at", needed=False),
    Column("failed", Integer, nullable=False, server_default="0"),
    shapes.moment("locked_until", needed=False),
    shapes.to("person", "person"),
)
passkey = shapes.table(
    "passkey",
    ("passkey",),
    Column("passkey", shapes.SHA, nullable=False),
    shapes.words("credential"),
    shapes.name("person"),
    shapes.words("title"),
    shapes.words("public_key"),
    Column("counter", BigInteger, nullable=False),
    Column("transports", Canonical, nullable=False),
    Column("synced", Boolean, nullable=False),
    shapes.moment("made_at"),
    shapes.moment("used_at", needed=False),
    shapes.to("person", "person"),
)
identity = shapes.table(
    "identity",
    ("identity",),
    Column("identity", shapes.SHA, nullable=False),
    shapes.words("issuer"),
    shapes.words("subject"),
    shapes.name("person"),
    shapes.moment("made_at"),
    shapes.to("person", "person"),
)
session = shapes.table(
    "session",
    ("session",),
    shapes.name("session"),
    Column("sha256", shapes.SHA, nullable=False),
    shapes.name("person"),
    shapes.name("role"),
    shapes.name("how"),
    shapes.words("device"),
    shapes.moment("begun_at"),
    shapes.moment("seen_at"),
    shapes.moment("ends_at"),
    shapes.moment("strong_at", needed=False),
    shapes.to("person", "person"),
)
challenge = shapes.table(
    "challenge",
    ("challenge",),
    Column("challenge", shapes.SHA, nullable=False),
    shapes.name("kind"),
    shapes.name("person", needed=False),
    Column("data", Canonical, nullable=False),
    shapes.moment("made_at"),
    shapes.moment("ends_at"),
)
link = shapes.table(
    "link",
    ("link",),
    shapes.name("link"),
    Column("sha256", shapes.SHA, nullable=False),
    shapes.name("person"),
    shapes.moment("made_at"),
    shapes.moment("ends_at"),
    shapes.moment("used_at", needed=False),
    shapes.to("person", "person"),
)
sign_in_try = shapes.table(
    "sign_in_try",
    ("kind", "whose"),
    shapes.name("kind"),
    Column("whose", shapes.SHA, nullable=False),
    Column("count", Integer, nullable=False),
    shapes.moment("since"),
)
preference = shapes.table(
    "preference",
    ("person",),
    shapes.name("person"),
    Column("data", Canonical, nullable=False),
    shapes.to("person", "person"),
)

# What was begun and is no record yet.

draft = shapes.table(
    "draft",
    ("draft",),
    shapes.name("draft"),
    shapes.name("organisation"),
    shapes.words("title"),
    Column("data", Canonical, nullable=False),
    Column("version", Integer, nullable=False),
    shapes.moment("begun_at"),
    shapes.name("begun_by"),
    shapes.moment("changed_at"),
    shapes.name("changed_by"),
    Column("sent_case", shapes.CASE),
    shapes.to("organisation", "organisation"),
)
draft_blob = shapes.table(
    "draft_blob",
    ("draft", "sha256"),
    shapes.name("draft"),
    Column("sha256", shapes.SHA, nullable=False),
    Column("bytes", Packed, nullable=False),
    shapes.to("draft", "draft"),
)
draft_file = shapes.table(
    "draft_file",
    ("draft", "number"),
    shapes.name("draft"),
    shapes.number(),
    shapes.words("name"),
    shapes.words("media"),
    Column("sha256", shapes.SHA, nullable=False),
    Column("size", Integer, nullable=False),
    shapes.moment("added_at"),
    shapes.name("added_by"),
    shapes.to("draft_blob", "draft", "sha256"),
)
proposal = shapes.table(
    "proposal",
    ("proposal",),
    shapes.name("proposal"),
    shapes.name("kind"),
    shapes.words("subject"),
    Column("data", Canonical, nullable=False),
    shapes.words("why"),
    shapes.name("proposed_by"),
    shapes.moment("proposed_at"),
    shapes.name("decided_by", needed=False),
    shapes.moment("decided_at", needed=False),
    shapes.name("outcome", needed=False),
    CheckConstraint("outcome IN ('accepted', 'refused', 'withdrawn')", name="outcome"),
    CheckConstraint(
        "(outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)", name="decided"
    ),
    CheckConstraint("outcome = 'withdrawn' OR decided_by <> proposed_by", name="two"),
)

Index("ix_passkey_person", passkey.c.tenant, passkey.c.person)
Index("ix_session_person", session.c.tenant, session.c.person)
Index("ix_draft_organisation", draft.c.tenant, draft.c.organisation, draft.c.changed_at)
shapes.part("ix_proposal_open", "outcome IS NULL", proposal.c.tenant, proposal.c.kind, proposal.c.proposed_at)

DESK: Final = (
    *(account, passkey, identity, session, challenge, link, sign_in_try, preference),
    *(draft, draft_blob, draft_file, proposal),
)
"""Tables whose rows are changed as people work, in an order in which they can be filled."""
