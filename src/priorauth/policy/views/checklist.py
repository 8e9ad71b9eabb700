"""The blank checklist of a policy: by pathway, every fact that the provider's side can supply, with its question.

Facts are grouped by who answers. Where one of several facts would do, they stand together under the criterion that says
so. Judgments and what the payer knows itself are no questions of the provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language.contents import anchors_of, facts_of
from priorauth.language.english import labels
from priorauth.policy.document import CURRENT
from priorauth.policy.tree import Criterion, Group, Leaf, Pathway, Policy, heard, walk
from priorauth.policy.views.narrow import Known, may_hold, narrow, of_condition
from priorauth.policy.views.page import doubt, sentence
from priorauth.values.printable import paged

ALTERNATIVES = ("any", "ways", "at least")
PARTS = (
    ("prescriber", "The prescriber answers"),
    ("supplier", "The supplier answers"),
    ("paper", "To attach"),
    ("silent", "To say only where it is so"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact that is asked for: the criteria that it bears on, and the one whose alternatives it belongs to, if any."""

    fact: Fact
    criteria: tuple[str, ...]
    one_of: str | None

    @property
    def part(self) -> str:
        """The part of the list in which it stands; empty where the provider's side is not asked."""
        if self.fact.kind == "judgment" or self.fact.asked_of == "payer":
            return ""
        if self.fact.silent_no:
            return "silent"
        return "paper" if self.fact.document else self.fact.asked_of


def wanted(policy: Policy, pathway: Pathway, vocabulary: Vocabulary, known: Known) -> tuple[Wanted, ...]:
    """Return what one pathway wants to know, in the order of the file, with its documents and exclusions."""
    settled, vocabulary = {**known, **of_condition(pathway.when)}, heard(policy, vocabulary)
    found: dict[str, Wanted] = {}
    for root in (pathway.require, *policy.documents, *policy.excluded):
        left = narrow(root, settled)
        if isinstance(left, bool):
            continue
        against = any(root is one for one in policy.excluded)
        for leaf, criterion, one_of in _leaves(left, "", None):
            for name in _facts(leaf):
                if name not in settled:
                    found[name] = _joined(found.get(name), vocabulary[name], criterion, one_of, against=against)
    return tuple(found.values())


def _joined(seen: Wanted | None, fact: Fact, criterion: str, one_of: str | None, *, against: bool) -> Wanted:
    """Join what is wanted of a fact in several places; an exclusion adds its id, and never makes an alternative."""
    cited = (criterion,) if criterion else ()
    if seen is None:
        return Wanted(fact, cited, None if against else one_of)
    criteria = tuple(dict.fromkeys((*seen.criteria, *cited)))
    needed = not against and one_of is None
    return Wanted(fact, criteria, None if needed else seen.one_of)


def _facts(leaf: Leaf) -> tuple[str, ...]:
    anchors = labels().anchor_facts
    return (*facts_of(leaf.form), *(anchors[name] for name in anchors_of(leaf.form) if name in anchors))


def _leaves(criterion: Criterion, above: str, one_of: str | None) -> Iterator[tuple[Leaf, str, str | None]]:
    here = criterion.id or above
    if criterion.guard:
        yield from _leaves(criterion.guard, here, one_of)
    if isinstance(criterion.test, Leaf):
        yield criterion.test, here, one_of
        return
    group: Group = criterion.test
    if group.kind in ALTERNATIVES and len(group.parts) > group.k:
        one_of = one_of or here or "this pathway"
    for part in group.parts:
        yield from _leaves(part, here, one_of)


def checklist(policy: Policy, vocabulary: Vocabulary, known: Known) -> str:
    """Write the checklist in Markdown: one part a pathway that may be taken."""
    said = f"; {doubt(policy.currency)}" if policy.currency != CURRENT else ""
    said += "; a newer text was not read" if policy.unread else ""
    lines = [f"# What to send: {policy.title}", "", f"`{policy.id}`, {policy.version}{said}.", ""]
    lines.append(
        "Below each question stands what it shows, with its id in the payer's outline. What the record sent with the "
        "request shows need not be answered."
    )
    lines += _scope(policy, vocabulary, known)
    for pathway in policy.pathways:
        if may_hold(pathway.when, known):
            lines += _pathway(policy, pathway, vocabulary, known)
    return paged(lines)


def scope(policy: Policy, vocabulary: Vocabulary, known: Known) -> tuple[Wanted, ...]:
    """Return what decides whether the policy speaks about a request, and by which pathway: asked before all else."""
    found: dict[str, Wanted] = {}
    vocabulary = heard(policy, vocabulary)
    conditions = [route.when for route in (*policy.elsewhere, *policy.other_criteria)]
    conditions += [policy.required] if policy.required else []
    conditions += [pathway.when for pathway in policy.pathways if pathway.when]
    for root in conditions:
        left = narrow(root, known)
        cited = next(iter(policy.paragraphs(root)), "")
        for leaf, criterion, _ in () if isinstance(left, bool) else _leaves(left, cited, None):
            for name in _facts(leaf):
                if name not in known:
                    found[name] = _joined(found.get(name), vocabulary[name], criterion, None, against=False)
    return tuple(found.values())


def _scope(policy: Policy, vocabulary: Vocabulary, known: Known) -> Iterator[str]:
    asked = [one for one in scope(policy, vocabulary, known) if one.part]
    if asked:
        yield from ("", "## Before all else", "")
        yield from ("Whether this policy decides the request, and which part of it. Each is asked alone, first.", "")
        yield from _items(asked, {})


def _pathway(policy: Policy, pathway: Pathway, vocabulary: Vocabulary, known: Known) -> Iterator[str]:
    yield from ("", f"## {pathway.title}")
    if pathway.when:
        yield from ("", f"Where {sentence(pathway.when, vocabulary)}.")
    listed = wanted(policy, pathway, vocabulary, known)
    names = {one.id: one.title for root in policy.roots() for one in walk(root) if one.id and one.title}
    against = {one.id for root in policy.excluded for one in walk(root)}
    names = {key: f"exclusion: {title}" if key in against else title for key, title in names.items()}
    for part, title in PARTS:
        mine = [one for one in listed if one.part == part]
        if mine:
            yield from ("", f"### {title}", "")
            yield from _items(mine, names)


def _items(listed: Iterable[Wanted], names: Mapping[str, str]) -> Iterator[str]:
    groups: dict[str | None, list[Wanted]] = {}
    for one in listed:
        groups.setdefault(one.one_of, []).append(one)
    alone = groups.pop(None, []) + [together[0] for together in groups.values() if len(together) == 1]
    for one in alone:
        yield from _item(one, names)
    for criterion, together in groups.items():
        if len(together) == 1:
            continue
        yield f"- one or more of these, for {_named(criterion or '', names)}:"
        for one in together:
            for line in _item(one, names, but=criterion):
                yield f"  {line}"


def _item(one: Wanted, names: Mapping[str, str], but: str | None = None) -> Iterator[str]:
    """Write a question and below it what it shows; what the line above has said already is not said again."""
    yield f"- [ ] {one.fact.ask}"
    shows = " · ".join(_named(criterion, names) for criterion in one.criteria if criterion != but)
    if shows:
        yield f"  {shows}"


def _named(criterion: str, names: Mapping[str, str]) -> str:
    return f"{names[criterion]} ({criterion})" if criterion in names else criterion
