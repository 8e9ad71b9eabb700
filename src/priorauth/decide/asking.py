"""What to ask: a tree of all and any over the facts that can still settle a request, the fewest answers first.

A finding that is open is wanted one way: criteria and documents met, exclusions not met. What wants all of its parts
gives ``all``, what wants one of them gives ``any``; what no answer settles (a clinician's judgment, time) is left out,
and an alternative that needs it stands back where another does not. What is asked anyway drops out of alternatives.

An attribute that several alternatives turn on (the drug) is asked alone first: its answer closes all but a few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from priorauth.decide import evidence
from priorauth.decide.decided import Ask
from priorauth.engines.python import measures, missing
from priorauth.engines.python.finding import Finding, Why
from priorauth.engines.python.outcome import Decision
from priorauth.engines.python.view import View
from priorauth.engines.python.windows import regimen_line
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Group, Leaf
from priorauth.values import dates
from priorauth.values.interval import compare
from priorauth.values.truth import MET, NOT_MET, UNKNOWN

MOST_CHOICES: Final = 12
"""How many ways to reach a number of parts are written out; where there are more, all parts are asked."""


class Want(Struct, frozen=True):
    """What would settle something: facts of which all or any are needed.

    ``left``: something stays that no answer of the provider settles. ``key`` names the criterion whose alternatives
    these are.
    """

    facts: tuple[str, ...] = ()
    groups: tuple[Want, ...] = ()
    any: bool = False
    left: bool = False
    key: str = ""
    alone: bool = False
    """Whether this is asked first, because its answer says what else is."""

    @property
    def empty(self) -> bool:
        """Whether nothing can be asked."""
        return not self.facts and not self.groups

    @property
    def parts(self) -> tuple[Want, ...]:
        """All parts as wants of their own."""
        return (*(Want((fact,)) for fact in self.facts), *self.groups)

    @property
    def fewest(self) -> int:
        """How many answers it takes at least."""
        sizes = [1] * len(self.facts) + [group.fewest for group in self.groups]
        return min(sizes, default=0) if self.any else sum(sizes)

    def every(self) -> Iterator[str]:
        """Yield every fact."""
        yield from self.facts
        for group in self.groups:
            yield from group.every()


NOTHING: Final = Want()
"""Nothing is needed."""
LEFT: Final = Want(left=True)
"""Something is needed, and nobody can be asked for it."""


class Asking(Struct):
    """Builds the tree of one request. ``never`` are reasons that no answer settles; ``first`` what is asked alone."""

    view: View
    never: frozenset[Why]
    first: list[str] = field(default_factory=list)

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the facts."""
        return self.view.vocabulary

    def want(self, finding: Finding, *, met: bool, inside: str, here: str = "") -> Want:
        """Return what would make a finding met, or not met; ``inside`` is the kind of the group above it."""
        if not finding.undecided or finding.settled_by:
            return NOTHING
        here = finding.criterion.id or here
        guard = finding.guard
        if guard is None or not guard.undecided:
            return self.body(finding, met=met, here=here)
        if inside == "all" and finding.truth == NOT_MET:
            return self.want(guard, met=not met, inside="all", here=here)
        if met:
            return both([self.want(guard, met=True, inside="all", here=here), self.body(finding, met=True, here=here)])
        parts = [self.want(guard, met=inside == "all", inside="all", here=here)]
        if finding.truth == UNKNOWN:
            parts.append(self.body(finding, met=False, here=here))
        return both(parts) if inside == "all" else either(parts, _key(finding, here))

    def body(self, finding: Finding, *, met: bool, here: str) -> Want:
        """Return what would settle a finding's own test."""
        if finding.truth != UNKNOWN:
            return NOTHING
        group = finding.criterion.test
        if isinstance(group, Leaf):
            return self.leaf(finding)
        below = [part for part in finding.parts if part.undecided]
        if not below:  # several ways to show one thing say different things
            return LEFT
        wish = met if group.kind != "none of" else not met
        found = [self.want(part, met=wish, inside=group.kind, here=here) for part in below]
        needed = _needed(finding, group, met=met)
        if needed >= len(found):
            return both(found)
        if group.kind == "any" and met:
            self.turning(below)
        if needed == 1:
            return either(found, _key(finding, here))
        chosen = list(combinations(found, needed))
        return (
            either([both(parts) for parts in chosen], _key(finding, here))
            if len(chosen) <= MOST_CHOICES
            else both(found)
        )

    def leaf(self, finding: Finding) -> Want:
        """Return the facts whose answers would settle a leaf."""
        result = finding.result
        if result is None or result.why in self.never or result.conflict:
            return LEFT
        names = [name for name in result.asks if name in self.vocabulary and self.vocabulary[name].kind != "judgment"]
        test = finding.criterion.test
        if isinstance(test, Leaf) and result.why is Why.PARTIAL and (vague := vague_anchors(test.form, self.view)):
            names = list(vague)
        elif isinstance(test, Leaf):
            known = {
                one.fact
                for one in contents.windows_of(test.form)
                if isinstance(one, f.While)
                and self.view.periods(one.fact, "all")
                and not gap_decides(test.form, one, self.view)
            }
            names = [name for name in names if name not in known]
        if not names:
            return LEFT
        return Want(tuple(names))

    def turning(self, below: Sequence[Finding]) -> None:
        """Note the attribute that most alternatives turn on, where it is open in two of them; of several, the first."""
        seen: Counter[str] = Counter()
        for part in below:
            if len(list(part.live())) > 1:
                seen.update(list(dict.fromkeys(_attributes(part, self.vocabulary))))  # in the order of the policy
        most = max(seen.values(), default=0)
        if most > 1:
            self.first.append(next(name for name, count in seen.items() if count == most))


def wanted(decision: Decision) -> Want:
    """Return what to ask for a request that is open: NOTHING where nothing can be."""
    asking = Asking(decision.view, missing.never_asked(decision.open_leaves))
    if decision.scope:
        scope = both([_any_order(finding, asking) for finding in decision.scope])
        return replace(_plain(scope), alone=True)
    required = () if decision.required is None or decision.accepted else (decision.required,)
    wants = [asking.want(one, met=True, inside="all") for one in required]
    wants += [asking.want(one, met=False, inside="none of") for one in decision.excluded]
    wants += [asking.want(one, met=True, inside="all") for one in decision.documents]
    if asking.first:
        return Want((asking.first[0],), alone=True)
    return _plain(both(wants))


def ask(want: Want) -> Ask | None:
    """Write a want as a tree of facts; None where nothing is asked."""
    if want.empty:
        return None
    parts: tuple[str | Ask, ...] = (*want.facts, *(made for group in want.groups if (made := ask(group)) is not None))
    return Ask(any=parts) if want.any else Ask(all=parts)


def keys(want: Want) -> dict[str, str | None]:
    """Return every fact in the order of asking, with the criterion whose alternatives it is one of, if any."""
    found: dict[str, str | None] = dict.fromkeys(want.facts, want.key if want.any else None)
    for group in want.groups:
        for fact, key in keys(group).items():
            found.setdefault(fact, key)
    return found


def both(wants: Iterable[Want]) -> Want:
    """Want all of these."""
    listed = [one for one in wants if one is not NOTHING]
    left = any(one.left for one in listed)
    made = _flat([one for one in listed if not one.empty], any=False)
    return replace(made, left=left) if listed else NOTHING


def either(wants: Iterable[Want], key: str) -> Want:
    """Want one of these: of those that answers alone settle, the one with the fewest answers first.

    Where none is of that kind, all that can be asked of them is wanted: a clinician decides with all of it at hand.
    """
    ways = [one for one in wants if not one.empty]
    clean = sorted((one for one in ways if not one.left), key=lambda one: one.fewest)
    if not clean:
        return replace(both(ways), left=True)
    return clean[0] if len(clean) == 1 else replace(_flat(clean, any=True), key=key)


def _flat(wants: Sequence[Want], *, any: bool) -> Want:  # noqa: A002 - the word of the contract
    """Join wants; one of the same kind, or of one fact, is taken apart."""
    facts: dict[str, None] = {}
    groups: list[Want] = []
    for one in wants:
        if one.any == any or len(one.facts) + len(one.groups) == 1:
            facts |= dict.fromkeys(one.facts)
            groups += [group for group in one.groups if group not in groups]
        elif one not in groups:
            groups.append(one)
    if not facts and len(groups) == 1:
        return groups[0]
    return Want(tuple(facts), tuple(groups), any and len(facts) + len(groups) > 1)


def _plain(want: Want, given: frozenset[str] = frozenset()) -> Want:
    """Take out of a tree what is asked anyway: facts that stand above, and alternatives of which one is so asked."""
    if want.any:
        return _plain_any(want, given)
    known = given | frozenset(want.facts)
    facts = tuple(fact for fact in want.facts if fact not in given)
    groups = [_plain(group, known) for group in _shared(want.groups)]
    made = _flat([Want(facts), *(group for group in groups if not group.empty)], any=False)
    if frozenset(made.facts) != frozenset(facts):  # a group came down to a fact: others may hold it as well
        return _plain(made, given)
    return made


def _plain_any(want: Want, given: frozenset[str]) -> Want:
    if any(_is_given(part, given) for part in want.parts):
        return NOTHING
    alone = frozenset(want.facts)
    kept = [group for group in want.groups if group.any or alone.isdisjoint(group.facts)]
    groups = [made for group in kept if not (made := _plain(group, given)).empty]
    made = _flat([Want(want.facts, any=True), *groups], any=True)
    ordered = tuple(sorted(made.groups, key=lambda group: group.fewest))
    made = replace(made, groups=ordered, key=want.key)
    return made if frozenset(made.facts) == alone else _plain_any(made, given)


def _is_given(want: Want, given: frozenset[str]) -> bool:
    """Whether all that an alternative needs is asked anyway."""
    parts = [fact in given for fact in want.facts] + [_is_given(group, given) for group in want.groups]
    return any(parts) if want.any else all(parts)


def _shared(groups: Sequence[Want]) -> list[Want]:
    """Join alternatives that have a fact in common: that one fact, or all the rest of each."""
    listed = list(groups)
    while True:
        seen = Counter(fact for group in listed if group.any for fact in group.facts)
        fact, count = max(seen.items(), key=lambda one: one[1], default=("", 0))
        if count <= 1:
            return listed
        holding = [group for group in listed if group.any and fact in group.facts]
        rest = both([_without(group, fact) for group in holding])
        place = listed.index(holding[0])
        listed = [group for group in listed if group not in holding]
        listed.insert(place, replace(_flat([Want((fact,)), rest], any=True), key=holding[0].key))


def _without(group: Want, fact: str) -> Want:
    facts = tuple(one for one in group.facts if one != fact)
    if len(facts) == 1 and not group.groups:
        return Want(facts)
    return group.groups[0] if not facts and len(group.groups) == 1 else replace(group, facts=facts)


def _needed(finding: Finding, group: Group, *, met: bool) -> int:
    """Return how many of the undecided parts of a group have to turn out as wanted."""
    below = sum(part.undecided for part in finding.parts)
    size = len(finding.parts)
    if group.kind == "none of":
        return below if met else 1
    if group.kind == "ways":
        return 1
    least = size if group.kind == "all" else group.k
    if met:
        return least - sum(part.counted == MET for part in finding.parts)
    return size - least + 1 - sum(part.counted == NOT_MET for part in finding.parts)


def _any_order(finding: Finding, asking: Asking) -> Want:
    """Return all that is open in a rule of scope: either verdict of it settles where the request goes."""
    return both([asking.leaf(leaf.finding) for leaf in missing.open_leaves(finding)])


def _attributes(finding: Finding, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the open attributes with listed values that an alternative needs beside others."""
    test = finding.criterion.test
    if isinstance(test, Leaf):
        if finding.truth == UNKNOWN and isinstance(test.form, f.Is) and vocabulary[test.form.fact].asked_of != "payer":
            yield test.form.fact
    elif test.kind in ("all", "none of"):
        for part in finding.parts:
            if part.undecided:
                yield from _attributes(part, vocabulary)


def vague_anchors(form: f.Form, view: View) -> tuple[str, ...]:
    """Return anchors' facts whose day is known in part only: no answer to the form's own fact settles it then."""
    dated = {name: view.anchor(name) for name in contents.anchors_of(form) if name in ANCHOR_FACTS}
    return tuple(ANCHOR_FACTS[name] for name, when in dated.items() if when is not None and not when.exact)


def gap_decides(form: f.Form, window: f.While, view: View) -> bool:
    """Whether a regimen that is on file is asked again: only where the days of which nothing is known decide.

    They do where a row would count if the regimen were known on its day, or where no day of the window is known on
    which a row could count.
    """
    where = evidence.window(form, view)
    first, last = (None, None) if where is None else evidence.bounds(where)
    first, last = dates.FIRST_DAY if first is None else first, view.as_of if last is None else min(last, view.as_of)
    line = regimen_line(window.fact, view, first, last)
    op, limit = window.compare.op, window.compare.amount.number
    if not any(part.value is not None and compare(part.value, op, limit) == MET for part in line):
        return True
    test: f.Test | None = getattr(form, "test", None)
    if isinstance(form, f.AnyRow | f.Latest):
        test = form.compare
    silent = [part for part in line if part.value is None]
    return any(
        row.first <= part.last and row.last >= part.first
        for row in view.dated(form.fact, "all")
        if measures.passes(row, test).can_hold
        for part in silent
    )


def _key(finding: Finding, here: str) -> str:
    return f"{here}#{finding.criterion.line}"
