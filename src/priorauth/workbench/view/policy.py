"""A version of a policy as a page shows it: the payer's outline with what was read into it, and what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from priorauth.errors import PolicyFaults
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language.contents import readings_of
from priorauth.language.english import labels, say
from priorauth.ledger import runs
from priorauth.ledger.readings import READINGS
from priorauth.policy import inventory
from priorauth.policy.catalog import Catalog, prefix
from priorauth.policy.document import CURRENT
from priorauth.policy.tree import Criterion, Group, Leaf, Policy, Route, leaves
from priorauth.policy.version import Version
from priorauth.policy.views.page import BY, doubt, heading, sentence
from priorauth.server.problem import Problem
from priorauth.values.dates import day as numbered
from priorauth.values.dates import iso, spoken
from priorauth.workbench.visit import Visit

_KIND: Final[Mapping[str, str]] = {
    "D": "data",
    "F": "form or answer",
    "H": "judgment of a person",
    "P": "procedure or paper",
    "S": "scope or definition",
}
_HOW: Final[Mapping[str, str]] = {"id": "a criterion", "also": "part of a criterion", "not encoded": "not encoded"}


class Line(Struct, frozen=True, kw_only=True):
    """A criterion of the outline: what it asks, how it is tested, what was read into the text, and its parts."""

    id: str
    title: str
    says: str
    test: str
    readings: tuple[tuple[str, str], ...]
    guard: str
    read_so: str
    also: tuple[str, ...]
    parts: tuple[Line, ...]

    @property
    def numbered(self) -> bool:
        """Whether the payer's outline numbers something below it."""
        return any(part.id or part.numbered for part in self.parts)


class Part(Struct, frozen=True):
    """A section of the outline: its title, what is said of it first, and its criteria."""

    title: str
    says: tuple[str, ...]
    lines: tuple[Line, ...]


class Reading(Struct, frozen=True, kw_only=True):
    """A reading: its value today, that of the file, what it may be, who may change it, why, and what rests on it."""

    name: str
    title: str
    value: str
    standard: str
    allowed: str
    who: str
    why: str
    used_by: tuple[str, ...]


class Fact(Struct, frozen=True, kw_only=True):
    """A fact that the policy asks for."""

    name: str
    title: str
    kind: str
    unit: str
    ask: str
    asked_of: str


class Rule(Struct, frozen=True):
    """A rule of the payer's text, and where it is encoded, or why it is not."""

    id: str
    kind: str
    title: str
    how: str
    reason: str


class Shown(Struct, frozen=True, kw_only=True):
    """A version of a policy, whole."""

    id: str
    title: str
    payer: str
    version: str
    first: str
    span: str
    doubt: str
    source: str
    url: str
    sha256: str
    products: tuple[str, ...]
    parts: tuple[Part, ...]
    readings: tuple[Reading, ...]
    facts: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    rules_by: tuple[tuple[str, int], ...]
    imports: tuple[str, ...]
    versions: tuple[Version, ...]


def today(visit: Visit) -> dt.date:
    """Return the day in the plan's zone."""
    return visit.now.astimezone(visit.zone).date()


def catalog(visit: Visit) -> Catalog:
    """Return the plan's policies with the readings that hold today; raises Problem where they cannot be used."""
    settings = visit.settings
    try:
        found = runs.catalog(settings)
        return found.with_readings(settings[READINGS]) if settings.get(READINGS) else found
    except PolicyFaults as faults:
        raise Problem("state", f"the policies of this plan cannot be used: {faults.faults[0].message}") from None


def version_of(found: Catalog, policy: str, first: str, day: dt.date) -> Policy:
    """Return a version by its first day, else the one in force on a day, else the newest; raises Problem."""
    if policy not in found.files:
        raise Problem("not-found", f"no policy is named {policy[:80]}")
    versions = found.versions(policy)
    if first:
        named = found.at(policy).get(first)
        if named is None:
            raise Problem("not-found", f"{policy} has no version from {first[:20]}")
        return named
    number = numbered(day.isoformat())
    return found.in_force(policy, {"request": number, "service": number, "receipt": number}) or versions[-1]


def shown(found: Catalog, policy: Policy) -> Shown:
    """Return a version as its page shows it."""
    rules = tuple(_rules(found, policy))
    counts: dict[str, int] = {}
    for rule in rules:
        counts[rule.how] = counts.get(rule.how, 0) + 1
    payer = found.payers.get(policy.payer)
    return Shown(
        id=policy.id,
        title=policy.title,
        payer=payer.name if payer else policy.payer,
        version=policy.version,
        first=iso(policy.effective.first),
        span=span(Version.of(policy), BY[policy.effective.by]),
        doubt=_doubt(policy),
        source=policy.source.get("document", "not named"),
        url=policy.source.get("url", ""),
        sha256=policy.sha256,
        products=policy.products,
        parts=tuple(_parts(policy, found.vocabulary, found.common)),
        readings=readings(found, policy),
        facts=tuple(_facts(policy, found.vocabulary)),
        rules=rules,
        rules_by=tuple(counts.items()),
        imports=policy.imports,
        versions=found.listed(policy.id),
    )


def _doubt(policy: Policy) -> str:
    """Return what is doubtful of a version; empty where nothing is."""
    if policy.unread:
        day = spoken(iso(policy.unread.effective.first))
        return f"has a newer one over it from {day} on, {policy.unread.title}, which was not read: a person decides"
    return "" if policy.currency == CURRENT else doubt(policy.currency)


def span(one: Version, by: str = "") -> str:
    """Return from when to when a version is in force: ``from 1 May 2026``."""
    until = f" to {spoken(one.last.isoformat())}" if one.last else ""
    said = f"from {spoken(one.first.isoformat())}{until}"
    return f"{said}, by {by}" if by else said


def readings(found: Catalog, policy: Policy) -> tuple[Reading, ...]:
    """Return the readings of a version, with what rests on each."""
    plain = _plain(found, policy)
    made = []
    for name, one in (policy.readings or {}).items():
        standard = (plain.readings or {}).get(name, one)
        made.append(
            Reading(
                name=name,
                title=title_of(name),
                value=one.text,
                standard=standard.text,
                allowed=(one.allowed or "").replace("..", " to "),
                who=one.who,
                why=one.why,
                used_by=tuple(dict.fromkeys(_using(policy, name))),
            )
        )
    return tuple(made)


def title_of(name: str) -> str:
    """Return the name of a reading as words."""
    said = labels().spelled(name)
    return said[:1].upper() + said[1:]


def _place(found: Catalog, policy: Policy) -> int:
    firsts = [first for first, _ in found.files[policy.id]]
    return firsts.index(policy.effective.first)


def _plain(found: Catalog, policy: Policy) -> Policy:
    """Return the version with the readings of its file, its payer and nobody else."""
    return runs.catalog({"policies": [str(one) for one in found.folders[1:]]}).versions(policy.id)[
        _place(found, policy)
    ]


def _using(policy: Policy, name: str) -> Iterator[str]:
    for root in policy.roots():
        yield from _users(root, name, "")


def _users(criterion: Criterion, name: str, above: str) -> Iterator[str]:
    here = criterion.id or above
    if isinstance(criterion.test, Leaf):
        if name in readings_of(criterion.test.form) and here:
            yield here
    else:
        for part in criterion.test.parts:
            yield from _users(part, name, here)
    if criterion.guard:
        yield from _users(criterion.guard, name, here)


# ---- the outline


def _parts(policy: Policy, vocabulary: Vocabulary, common: Iterable[Criterion]) -> Iterator[Part]:
    where = _Where(vocabulary, policy)
    if policy.required is not None:
        yield Part("Prior authorization is needed where", (), (where.line(policy.required),))
    if policy.elsewhere:
        yield Part("Not for this policy", tuple(where.route(one, "goes to") for one in policy.elsewhere), ())
    if policy.other_criteria:
        yield Part("Decided by other criteria", tuple(where.route(one, "goes to") for one in policy.other_criteria), ())
    for pathway in policy.pathways:
        says = [f"Taken where {sentence(pathway.when, vocabulary)}."] if pathway.when else []
        if pathway.grants:
            says.append(f"An approval grants {', '.join(f'{value} {key}' for key, value in pathway.grants.items())}.")
        yield Part(f"Way to an approval: {pathway.title}", tuple(says), (where.line(pathway.require),))
    rest = (
        ("In place of the written criteria", (policy.individual,) if policy.individual else ()),
        ("Exclusions", policy.excluded),
        ("Papers", policy.documents),
        ("A person decides where", (*policy.reserved, *common)),
    )
    for title, criteria in rest:
        if criteria:
            yield Part(title, (), tuple(where.line(one) for one in criteria))
    if policy.notes:
        yield Part("Notes", tuple(where.route(one, "say") for one in policy.notes), ())


class _Where:
    def __init__(self, vocabulary: Vocabulary, policy: Policy) -> None:
        self.vocabulary, self.readings = vocabulary, policy.readings or {}

    def line(self, one: Criterion) -> Line:
        test = one.test
        named: tuple[str, ...] = readings_of(test.form) if isinstance(test, Leaf) else ()
        return Line(
            id=one.id or "",
            title=one.title or "",
            says=heading(test) if isinstance(test, Group) else spoken(say(test.form, self.vocabulary)),
            test=test.text if isinstance(test, Leaf) else "",
            readings=tuple((name, self.readings[name].text) for name in dict.fromkeys(named) if name in self.readings),
            guard=sentence(one.guard, self.vocabulary) if one.guard else "",
            read_so=one.reading or "",
            also=one.also,
            parts=tuple(self.line(part) for part in test.parts) if isinstance(test, Group) else (),
        )

    def route(self, one: Route, verb: str) -> str:
        name = f"{one.id}: " if one.id else ""
        return f"{name}where {sentence(one.when, self.vocabulary)}: {verb} {one.to}"


# ---- what it rests on


def _facts(policy: Policy, vocabulary: Vocabulary) -> Iterator[Fact]:
    names = sorted({leaf.form.fact for root in policy.roots() for leaf in leaves(root)})
    for name in names:
        if name in vocabulary:
            one = vocabulary[name]
            title = labels().spelled(name)
            yield Fact(
                name=name,
                title=title[:1].upper() + title[1:],
                kind=one.kind,
                unit=one.unit or "",
                ask=one.ask,
                asked_of=one.asked_of,
            )


def _rules(found: Catalog, policy: Policy) -> Iterator[Rule]:
    """Yield every rule of the payer's text in its inventory; none where there is no inventory."""
    rules = inventory.of(policy.id, inventory.of_catalog(found))
    others = tuple(prefix(one) for one in found.files)
    account = inventory.account(policy, rules, newest=True, imported=others)
    for name, rule in rules.items():
        place = account.places.get(name)
        how = _HOW[place.how] if place else "not in this version"
        yield Rule(name, _KIND.get(rule.kind[:1], rule.kind), rule.title, how, (place.reason or "") if place else "")
