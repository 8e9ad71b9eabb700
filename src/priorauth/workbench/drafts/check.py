"""What would come of a draft if it were sent now: the determinations, what is missing, and which clock would run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins

from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided
from priorauth.errors import InputRefused
from priorauth.ledger import clocking, compose, runs
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks import words
from priorauth.ledger.compose import Composed
from priorauth.ledger.events import Who
from priorauth.workbench.drafts import bundle
from priorauth.workbench.drafts.asks import Thing, things
from priorauth.workbench.drafts.draft import Draft
from priorauth.workbench.drafts.uploads import logs
from priorauth.workbench.view.criteria import Shown, shown


class Clock(Struct, frozen=True):
    """The clock that would bind: until when it would be decided, and what asking would do to it, as sentences."""

    says: str
    asking: str


class Checked(Struct, frozen=True, kw_only=True):
    """What a check says. ``faults``: why it cannot be checked; nothing else is there then."""

    found: tuple[Determination, ...] = ()
    shown: tuple[Shown, ...] = ()
    things: tuple[Thing, ...] = ()
    clock: Clock | None = None
    faults: tuple[str, ...] = ()
    request: bytes = b""

    @property
    def missing(self) -> int:
        """How many things are missing."""
        return len(self.things)

    @property
    def ready(self) -> bool:
        """Whether every item is ready to be approved as it stands."""
        return bool(self.found) and all(one.outcome == "approve" for one in self.found)

    @property
    def after(self) -> str:
        """The day (ISO) from which the policy decides, where time is in the way; empty where it is not."""
        return max((one.decide_after for one in self.found if one.decide_after), default="")


class At(Struct, frozen=True):
    """Who checks, when: the plan's settings, its day, the moment."""

    who: Who
    settings: Mapping[str, Any]
    today: date
    now: datetime


def checked(draft: Draft, at: At, approvals: tuple[bytes, ...] = ()) -> Checked:
    """Return what would come of a draft; ``approvals`` are earlier ones that the payer knows of."""
    catalog = runs.catalog(at.settings)
    try:
        made = bundle.composed(draft, at.who, catalog, at.today, draft.at or at.now, sends=False)
        whole = compose.compose(
            [compose.Input("request", "the request", "0")]
            + [compose.Input("approval", "approval", str(place)) for place, _ in enumerate(approvals, 1)],
            lambda name: (made, *approvals)[int(name)],
        )
        found = determined(Composed(whole.bundle, (), logs(draft.files)), at.settings)
    except InputRefused as fault:
        return Checked(faults=tuple(dict.fromkeys(one.within for one in fault.faults)))
    determinations = tuple(one.determination for one in found)
    listed = (thing for one in determinations for thing in things(one, catalog.vocabulary, at.who.role))
    return Checked(
        found=determinations,
        shown=tuple(shown(one) for one in determinations),
        things=tuple(listed),
        clock=_clock(found[0], at),
        request=made,
    )


def determined(composed: Composed, settings: Mapping[str, Any]) -> list[Any]:
    """Decide what is not sent yet, nothing being decided by it; raises InputRefused."""
    return decided(
        composed.bundle,
        policies=tuple(Path(one) for one in settings.get("policies", ())),
        readings=settings.get("readings") or None,
        logbook=runs.logbook_of(composed, settings),
        name="the request",
        draft=True,
    )


def _clock(first: Any, at: At) -> Clock | None:  # noqa: ANN401 - a determination with its rows
    made = first.determination
    if made.policy is None:
        return None
    payer = made.policy.id.partition("/")[0]
    asked = clocking.request_of(at.settings, payer, made, first.case)
    begun = {"clocks": to_builtins(asked), "happened": [to_builtins(h.Received(at.now))]}
    running = clocking.running_of(begun, clocking.book_of(at.settings))
    bound = None if running is None else clocking.bind(running, at.now)
    if running is None or bound is None:
        return Clock(running.unknown or "", "") if running is not None and running.unknown else None
    return Clock(words.decide_by(bound, running.calendar), words.asking(bound.clock))
