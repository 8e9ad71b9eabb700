"""Acts on tokens, by which scripts say who they are: made at the database alone, and taken back by an admin too.

The secret itself is never here: who makes a token draws it, and keeps only its hash (:mod:`priorauth.ledger.tokens`).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import ClassVar, Final

from priorauth.ledger import tables as t
from priorauth.ledger.allowed import rights
from priorauth.ledger.work import Act, Refusal, Work, handles, tenant_chain

LONGEST: Final = timedelta(days=400)
"""How long a token may be valid."""
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class MakeToken(Act, frozen=True, kw_only=True):
    """Make a token for a person in a role that she holds, or for a program (role ``system``, no person)."""

    name: ClassVar[str] = "make-token"
    token: str
    sha256: str
    title: str
    role: str
    valid_until: datetime
    person: str | None = None


class RevokeToken(Act, frozen=True, kw_only=True):
    """Take a token back, from this moment on."""

    name: ClassVar[str] = "revoke-token"
    token: str


@handles(MakeToken)
def _make_token(act: MakeToken, work: Work) -> None:
    if not _SHA.fullmatch(act.sha256):
        raise Refusal("invalid", "expected the sha256 of a secret, never the secret")
    if not work.now < act.valid_until <= work.now + LONGEST:
        raise Refusal("invalid", f"expected a token that is valid for at most {LONGEST.days} days")
    organisation = _organisation(work, act)
    if work.rows(t.token, token=act.token):
        raise Refusal("invalid", f"there is a token {act.token[:64]}")
    tenant_chain(work)
    work.set(
        t.token,
        token=act.token,
        sha256=act.sha256,
        title=act.title,
        person=act.person,
        role=act.role,
        organisation=organisation,
        made_at=work.now,
        valid_until=act.valid_until,
        revoked_at=None,
    )
    work.event("token", token=act.token, person=act.person, role=act.role, until=act.valid_until)


def _organisation(work: Work, act: MakeToken) -> str | None:
    """Return the organisation of whom a token is for; refuses one for nobody, and for a role that she does not hold."""
    if act.person is None:
        if act.role != "system":
            raise Refusal("invalid", f"expected a person for the role {act.role[:40]}")
        return None
    if act.role not in rights().roles or act.role in ("rule", "system"):
        raise Refusal("invalid", f"no person holds the role {act.role[:40]}")
    found = work.rows(t.person, person=act.person)
    if not found:
        raise Refusal("not-found", f"no person {act.person[:64]}")
    if not work.rows(t.role, person=act.person, role=act.role):
        raise Refusal("no-right", f"{act.person[:64]} does not hold the role {act.role}")
    organisation: str | None = found[0]["organisation"]
    return organisation


@handles(RevokeToken)
def _revoke_token(act: RevokeToken, work: Work) -> None:
    found = work.rows(t.token, token=act.token)
    if not found:
        raise Refusal("not-found", f"no token {act.token[:64]}")
    if found[0]["revoked_at"] is not None:
        raise Refusal("invalid", f"token {act.token} is revoked")
    tenant_chain(work)
    work.set(t.token, token=act.token, revoked_at=work.now)
    work.event("token revoked", token=act.token)
