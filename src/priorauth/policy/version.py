"""One version of a policy in the catalog: what it says of itself, and on which days it is in force."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from priorauth.policy.tree import Policy


class Version(NamedTuple):
    """One version of a policy: what it is, and from which day to which it is in force."""

    policy: str
    """``payer/policy``."""
    title: str
    """The title of the payer's text."""
    version: str
    """The version, as the payer names it."""
    first: date
    """The first day on which it is in force."""
    last: date | None
    """The last day, included; None where none is known."""
    assumed: str | None
    """Why the first day is guessed; None where it is known."""
    currency: str
    """``current``, or what makes that doubtful, as ``superseded-candidate``."""
    products: tuple[str, ...]
    """HCPCS codes."""
    sha256: str
    """The hash of its file, with those of what it imports."""

    @classmethod
    def of(cls, policy: Policy) -> Version:
        """Return what a policy as loaded says of itself."""
        span = policy.effective
        return cls(
            policy=policy.id,
            title=policy.title,
            version=policy.version,
            first=date.fromordinal(span.first),
            last=None if span.last is None else date.fromordinal(span.last),
            assumed=span.assumed,
            currency=policy.currency,
            products=policy.products,
            sha256=policy.sha256,
        )

    def holds(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)
