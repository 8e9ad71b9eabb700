"""What a clinician has to weigh in a case: each criterion that is not shown, what is left to her judgment in it, what
was said of it before, and what she found by herself where she reads first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, structs

from priorauth.decide.decided import Assessed
from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import walk
from priorauth.ledger import runs
from priorauth.ledger.whole import Whole
from priorauth.letters import reasons as four
from priorauth.workbench.view import criteria, reading
from priorauth.workbench.view import spoken as words
from priorauth.workbench.view.case import Case
from priorauth.workbench.view.criteria import Criterion
from priorauth.workbench.view.reading import Noted
from priorauth.workbench.view.spoken import Spoken
from priorauth.workbench.visit import Visit

_JUDGED: Final = ("judged ", "refused ")
_SCOPE: Final = "scope-"
_OPEN: Final = ("not-met", "unknown", "conflict")
_APPLY: Final = ("met", "unknown", "conflict")


class Judgment(Struct, frozen=True, kw_only=True):
    """What the policy leaves to a clinician. ``here``: it is asked with this criterion, of those in which it stands."""

    place: int
    fact: str
    ask: str
    answered: bool
    here: bool = True


class Weighed(Struct, frozen=True, kw_only=True):
    """A criterion to be weighed. ``place`` names its fields. ``veiled``: she has to note her own finding first."""

    place: int
    item: int
    subject: str
    criterion: Criterion
    open: bool
    judgments: tuple[Judgment, ...]
    proposals: tuple[Spoken, ...]
    noted: Noted | None
    veiled: bool
    asks: str
    found: str

    @property
    def settles(self) -> bool:
        """Whether she may say herself that it is shown or not."""
        scope = self.criterion.anchor.startswith(_SCOPE)
        return bool(self.criterion.id) and self.criterion.status in _OPEN and not scope


class Deciding(Struct, frozen=True, kw_only=True):
    """All that a decision weighs. ``said``: nothing that is left to her is without an answer, or she has answered."""

    weighed: tuple[Weighed, ...]
    spoken: tuple[Spoken, ...]
    said: bool
    veiled: bool

    @property
    def open(self) -> tuple[Weighed, ...]:
        """The criteria that are not shown."""
        return tuple(one for one in self.weighed if one.open)

    @property
    def first(self) -> tuple[Weighed, ...]:
        """Those of them on which the outcome rests, or in which she judges."""
        return tuple(one for one in self.open if one.criterion.decisive or one.judgments or one.noted)

    @property
    def beside(self) -> tuple[Weighed, ...]:
        """Those of them on which the outcome does not rest."""
        return tuple(one for one in self.open if one not in self.first)

    @property
    def rest(self) -> tuple[Weighed, ...]:
        """The criteria that are shown."""
        return tuple(one for one in self.weighed if not one.open)

    @property
    def asked(self) -> str:
        """What is asked of her, in few words: ``1 judgment, 2 criteria not shown``."""
        judgments = sum(each.here and not each.answered for one in self.open for each in one.judgments)
        not_shown = len(self.first)
        parts = [f"{judgments} {'judgment' if judgments == 1 else 'judgments'}"] if judgments else []
        parts += [f"{not_shown} {'criterion' if not_shown == 1 else 'criteria'} not shown"] if not_shown else []
        return ", ".join(parts) or ("every criterion is shown" if self.rest else "no criterion settles it")


class _Beside(Struct, frozen=True, kw_only=True):
    """What stands beside the criteria of a case."""

    whole: Whole
    names: Mapping[str, str]
    noted: Mapping[str, Noted]
    asks: Mapping[str, str]
    standing: frozenset[str]
    titles: Mapping[str, str]
    first: bool

    def judgment(self, place: int, fact: str) -> Judgment:
        """Return what is left to a clinician of a fact."""
        return Judgment(place=place, fact=fact, ask=self.asks.get(fact, fact), answered=fact in self.standing)


def deciding(visit: Visit, case: Case) -> Deciding:
    """Return all that a decision weighs, of the items that are still open."""
    whole = case.whole
    still = {one.item for one in whole.items if one.status == "open"}
    found = [one for one in whole.determinations if one.item in still]
    asks = _asks(visit, found)
    titles = {**words.titles(found), **asks}
    standing = words.standing(whole)
    beside = _Beside(
        whole=whole,
        names=case.names,
        noted=reading.noted(whole, visit.who.person or ""),
        asks=asks,
        standing=frozenset(standing),
        titles=titles,
        first=reading.reads_first(visit, whole),
    )
    weighed = _once(tuple(_weighed(found, beside)))
    spoken = tuple(words.spoken(visit, whole, one, titles, case.names) for one in standing.values())
    left = any(not each.answered for one in weighed if one.open for each in one.judgments)
    return Deciding(
        weighed=weighed,
        spoken=spoken,
        said=not left or any(one.hers for one in spoken),
        veiled=any(one.veiled for one in weighed),
    )


def _weighed(found: Sequence[Determination], beside: _Beside) -> Iterator[Weighed]:
    place = judged = 0
    for made in found:
        for one, open_ in _listed(made):
            facts = tuple(dict.fromkeys(_facts(made, one))) if open_ else ()
            subject = one.id or (facts[0] if facts else "")
            offered = four.offered(made, one.id) if one.id else None
            mine = beside.noted.get(subject)
            judgments = tuple(beside.judgment(judged + count, fact) for count, fact in enumerate(facts, 1))
            judged += len(facts)
            yield Weighed(
                place=(place := place + 1),
                item=made.item,
                subject=subject,
                criterion=one,
                open=open_,
                judgments=judgments,
                proposals=tuple(words.proposals(beside.whole, one.id, beside.titles, beside.names)),
                noted=mine,
                veiled=beside.first and open_ and bool(subject) and mine is None,
                asks=offered.asks if offered else "",
                found=offered.found if offered else "",
            )


def _once(weighed: tuple[Weighed, ...]) -> tuple[Weighed, ...]:
    """Let each fact that is left to her be asked once: with the smallest of the criteria in which it stands."""
    home: dict[str, tuple[int, int]] = {}
    for one in weighed:
        size = sum(1 for _ in criteria.every((one.criterion,)))
        for each in one.judgments:
            home[each.fact] = min(home.get(each.fact, (size, one.place)), (size, one.place))
    return tuple(
        structs.replace(
            one,
            judgments=tuple(structs.replace(each, here=home[each.fact][1] == one.place) for each in one.judgments),
        )
        for one in weighed
    )


def _listed(made: Determination) -> Iterator[tuple[Criterion, bool]]:
    """Yield the criteria of a determination: those that are not shown or apply against it first."""
    shown = criteria.shown(made)
    for one in (*shown.open, *shown.aside):
        yield one, True
    for one in shown.accepted:
        if one.status in _APPLY and tuple(_facts(made, one)):
            yield one, one.status != "met"
    for one in shown.shown:
        yield one, False
    yield from ((one, True) for one in _scope(made))


def _scope(made: Determination) -> Iterator[Criterion]:
    """Yield what is open before any criterion: the rules that say whether and how the policy decides."""
    known = {one.id for one in walk(made.criteria)}
    for place, reason in enumerate(made.reasons):
        if reason.criterion and reason.criterion not in known:
            title, _, why = reason.text.partition(": ")
            yield Criterion(
                id=reason.criterion, anchor=f"{_SCOPE}{place}", title=title, status="unknown", says="missing",
                role="criterion", why=why, value="", test="", reading="", readings=(), rows=(), more=0, sides=(),
                judged=(), questions=(), decisive=True, silent=False, parts=(),
            )  # fmt: skip


def _facts(made: Determination, one: Criterion) -> Iterator[str]:
    """Yield the facts below a criterion that are left to a clinician."""
    roots = tuple(each for each in walk(made.criteria) if _is(each, one))[:1]
    for part in walk(roots):
        if part.test and part.test.startswith(_JUDGED) and part.status != "not-applicable":
            yield part.test.split()[1]


def _is(each: Assessed, one: Criterion) -> bool:
    """Whether a criterion of a determination is the one that a page shows: by its id, without one by its title."""
    return each.id == one.id if one.id else not each.id and each.title == one.title


def _asks(visit: Visit, found: Sequence[Determination]) -> dict[str, str]:
    """Return by fact the question that a clinician answers."""
    facts = runs.catalog(visit.plan["settings"]).vocabulary.facts
    tests = {one.test for made in found for one in walk(made.criteria) if one.test and one.test.startswith(_JUDGED)}
    wanted = {test.split()[1] for test in tests}
    return {fact: facts[fact].ask for fact in sorted(wanted) if fact in facts}
