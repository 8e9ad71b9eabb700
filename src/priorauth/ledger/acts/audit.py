"""Acts of an auditor, which change nothing and are kept: events were handed out, the ledger was looked through."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from msgspec import field

from priorauth.ledger.work import Act, Refusal, Work, handles, tenant_chain

OF: Final = ("events handed out", "a check of every chain")
"""What an auditor does with the ledger as a whole."""
_MOST_SAID: Final = 20
_LONGEST: Final = 200


class LookInto(Act, frozen=True, kw_only=True):
    """Record that somebody looks into the ledger as a whole; ``said``: which events, in which form."""

    name: ClassVar[str] = "look-into"
    of: str
    said: dict[str, Any] = field(default_factory=dict)


@handles(LookInto)
def _look_into(act: LookInto, work: Work) -> None:
    if act.of not in OF:
        raise Refusal("invalid", f"expected one of {', '.join(OF)}")
    said = {name: str(value)[:_LONGEST] for name, value in sorted(act.said.items())[:_MOST_SAID] if value is not None}
    tenant_chain(work)
    work.event("looked into", of=act.of, said=said)
