"""The tables of what other systems send and are told: whose tokens were used, what was asked and answered, by which
numbers it is known, who wants to be told of what.

A row is written as it comes, and taken away when the time has passed for which the plan keeps it. What of it belongs to
a case is in the case's own tables.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String

from priorauth.ledger import shapes
from priorauth.ledger.columns import Canonical, Packed

LONGEST: Final = 300
"""How much is kept of a number by which something is known."""
used_token = shapes.table(
    "used_token",
    ("used",),
    Column("used", shapes.SHA, nullable=False),  # of who issued it and its id
    shapes.moment("ends_at"),
)
signing_key = shapes.table(
    "signing_key",
    ("number",),
    shapes.number(),
    Column("key", Canonical, nullable=False),  # a private one: the only secret that stands here; no backup has it
    shapes.moment("made_at"),
)
ask = shapes.table(
    "ask",
    ("client", "sha256"),
    shapes.name("client"),
    Column("sha256", shapes.SHA, nullable=False),  # of the operation, the version and the body
    shapes.name("operation"),
    shapes.name("version"),
    shapes.moment("at"),
    Column("case_no", shapes.CASE),
    Column("status", Integer, nullable=False),
    Column("answer", Packed, nullable=False),
)
traced = shapes.table(
    "traced",
    ("value", "kind", "case_no", "item"),
    Column("value", String(LONGEST), nullable=False),  # as it is written, its system before it where it has one
    shapes.name("kind"),
    shapes.of_case(),
    shapes.number("item"),  # 0: the whole case
)
context = shapes.table(
    "context",
    ("context",),
    shapes.name("context"),
    shapes.name("client"),
    shapes.name("version"),
    shapes.words("member"),
    shapes.words("policy", needed=False),
    shapes.words("product", needed=False),
    Column("data", Canonical, nullable=False),
    Column("bundle", Packed, nullable=False),
    shapes.moment("made_at"),
    shapes.moment("ends_at"),
)
hook_call = shapes.table(
    "hook_call",
    ("call",),
    shapes.name("call"),
    shapes.name("client"),
    shapes.name("version"),
    shapes.name("hook"),
    shapes.moment("at"),
    Column("status", Integer, nullable=False),
    Column("request", Packed, nullable=False),
    Column("answer", Packed, nullable=False),
    Column("receipts", Canonical, nullable=False),
    Column("microseconds", BigInteger, nullable=False),
)
feedback = shapes.table(
    "feedback",
    ("feedback",),
    shapes.name("feedback"),
    shapes.name("client"),
    shapes.name("version"),
    shapes.name("service"),
    shapes.moment("at"),
    Column("data", Canonical, nullable=False),
)
form_error = shapes.table(
    "form_error",
    ("error",),
    shapes.name("error"),
    shapes.name("client"),
    shapes.name("version"),
    shapes.words("questionnaire"),
    shapes.moment("at"),
    Column("data", Canonical, nullable=False),
)
subscription = shapes.table(
    "subscription",
    ("subscription",),
    shapes.name("subscription"),
    shapes.name("client"),
    shapes.name("organisation"),
    shapes.name("version"),
    shapes.name("status"),
    shapes.words("endpoint"),
    shapes.words("base"),  # of the plan in the version, as its maker called it
    Column("resource", Canonical, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    shapes.moment("made_at"),
    shapes.moment("changed_at"),
    shapes.moment("ends_at", needed=False),
    shapes.words("error", needed=False),
)
notification = shapes.table(
    "notification",
    ("subscription", "event"),
    shapes.name("subscription"),
    shapes.number("event"),
    Column("message", BigInteger, nullable=False),  # of the outbox: the same at every attempt
    Column("case_no", shapes.CASE, nullable=False),
    shapes.moment("at"),
    Column("result", shapes.SHA, nullable=False),  # of what was told, without when
)

Index("ix_used_token_ends", used_token.c.tenant, used_token.c.ends_at)
Index("ix_ask_case", ask.c.tenant, ask.c.case_no, ask.c.at)
Index("ix_traced_case", traced.c.tenant, traced.c.case_no)
Index("ix_context_ends", context.c.tenant, context.c.ends_at)
Index("ix_hook_call_at", hook_call.c.tenant, hook_call.c.at)
Index("ix_subscription_organisation", subscription.c.tenant, subscription.c.organisation, subscription.c.status)
Index("ix_notification_message", notification.c.tenant, notification.c.subscription, notification.c.message)
Index("ix_notification_case", notification.c.tenant, notification.c.subscription, notification.c.case_no)

BORDER: Final = (
    *(used_token, signing_key, ask, traced, context, hook_call, feedback, form_error),
    *(subscription, notification),
)
"""Tables of what crosses the border, in an order in which they can be filled."""
