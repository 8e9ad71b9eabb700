"""The tree of a policy: criteria that follow the payer's own outline, each a leaf or a group of criteria.

Groups: ``at least k`` of the parts (``any`` is one, ``all`` is all), ``none of`` them, ``ways`` (one idea through
several
facts: settled parts agree, that; differ, conflict; none settled, unknown). A guarded criterion (``only when: G``)
counts inside ``all`` as ``not G or X``, elsewhere as ``G and X``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents, traits
from priorauth.language.forms import Form
from priorauth.language.parse import Reading

By = Literal["request", "service", "receipt"]
Kind = Literal["all", "any", "at least", "none of", "ways"]


class Leaf(Struct, frozen=True):
    """One line of the language, as written and as read, with the readings it rests on."""

    text: str
    form: Form
    readings: tuple[str, ...] = ()


class Group(Struct, frozen=True):
    """Criteria joined. ``k`` counts for ``at least``; of ``any`` it is 1, of ``all`` the number of parts."""

    kind: Kind
    parts: tuple[Criterion, ...]
    k: int = 1


class Criterion(Struct, frozen=True):
    """A node of the tree: what a paragraph of the payer's text asks, in our own words, and how it is tested.

    ``id`` is the payer's outline id, None for a step that the outline does not number. ``also`` lists further ids of
    the inventory that this node encodes. ``reading`` says in prose what was read into the text.
    """

    test: Leaf | Group
    id: str | None = None
    also: tuple[str, ...] = ()
    title: str | None = None
    guard: Criterion | None = None
    reading: str | None = None
    line: int = 0
    says: str | None = None
    """What to say in the reasons where this criterion decides: "exception possible", where to send the request."""


class Route(Struct, frozen=True):
    """A rule of scope or routing: where its condition holds, something other than the criteria decides.

    ``to`` is where to send the request or what is said; for ``notes`` the text of the note.
    """

    when: Criterion
    to: str
    id: str | None = None
    also: tuple[str, ...] = ()
    line: int = 0


class Pathway(Struct, frozen=True):
    """One way to an approval: whom it takes (``when``, settled by the request alone) and what it requires."""

    id: str
    title: str
    when: Criterion | None
    require: Criterion
    grants: Mapping[str, int | str]
    also: tuple[str, ...] = ()
    line: int = 0


class Span(Struct, frozen=True):
    """The days on which a version is in force; ``until`` is its last day, None while open. ``assumed`` says why, if
    guessed.
    """

    first: int
    """The first day, as a day number."""
    last: int | None
    """The last day, None while open."""
    by: By = "request"
    """Which day of a request counts."""
    assumed: str | None = None
    """Why, where a day is a guess."""


class NamedReading(Struct, frozen=True):
    """A number or length that the payer's text does not give: its value, what a plan may set, why, and who may change
    it.
    """

    name: str
    value: Reading
    text: str
    allowed: str | None
    why: str
    who: str
    line: int = 0


class NotEncoded(Struct, frozen=True):
    """A rule of the inventory that no criterion tests, and why."""

    id: str
    reason: str
    line: int = 0


class Silence(Struct, frozen=True):
    """What a record that says nothing of a fact means under a policy, other than the vocabulary says, and why."""

    fact: str
    means_no: bool
    """True: that it is not so; False: that nobody knows."""
    reason: str
    line: int = 0


class Unread(Struct, frozen=True):
    """A newer text of a policy that is known and was not read: its name, its days, and the reason that is given."""

    policy: str
    """The id of the policy that it replaces."""
    title: str
    """The name of the text, in plain words."""
    version: str
    """What its payer calls it, or what is known of it."""
    effective: Span
    """The days from which requests fall under it."""
    source: Mapping[str, str]
    """Where it was found."""
    says: str
    """The reason that a request is given to a person with."""
    file: str
    """The file of the notice."""
    sha256: str
    """The hash of that file."""


class Policy(Struct, frozen=True):
    """One version of a payer's policy: what it applies to, its pathways, exclusions, documents and hand-offs."""

    id: str
    title: str
    version: str
    effective: Span
    encoding: int
    source: Mapping[str, str]
    products: tuple[str, ...]
    currency: str
    file: str
    sha256: str
    facts: frozenset[str] = frozenset()
    elsewhere: tuple[Route, ...] = ()
    """Members and products that the policy sends elsewhere (not-applicable)."""
    other_criteria: tuple[Route, ...] = ()
    """Products that the policy sends to criteria that are not its own."""
    required: Criterion | None = None
    """When prior authorization is required; None: always."""
    pathways: tuple[Pathway, ...] = ()
    individual: Criterion | None = None
    """The judgment that may stand in the place of the written criteria."""
    excluded: tuple[Criterion, ...] = ()
    documents: tuple[Criterion, ...] = ()
    reserved: tuple[Criterion, ...] = ()
    notes: tuple[Route, ...] = ()
    missed: tuple[Route, ...] = ()
    """What is said in the reasons where the criteria are not met (EPSDT)."""
    unlisted: str = ""
    """Why the policy takes products that it does not list as well; empty where it does not."""
    not_encoded: tuple[NotEncoded, ...] = ()
    readings: Mapping[str, NamedReading] | None = None
    silence: tuple[Silence, ...] = ()
    imports: tuple[str, ...] = ()
    """The ids of policies whose trees stand in this one."""
    unread: Unread | None = None
    """The newer text that was not read, on days on which that is in force: a person decides, whatever this one says."""

    def takes(self, product: str | None) -> bool:
        """Return whether the policy speaks about a product; of one that is not known it may."""
        return product is None or product in self.products or bool(self.unlisted)

    @property
    def payer(self) -> str:
        """The payer's folder: the first part of the id."""
        return self.id.partition("/")[0]

    def paragraphs(self, criterion: Criterion) -> tuple[str, ...]:
        """Return the ids of the rule of scope, the note or the pathway whose condition a criterion is."""
        for route in (*self.elsewhere, *self.other_criteria, *self.notes, *self.missed):
            if route.when is criterion:
                return (*((route.id,) if route.id else ()), *route.also)
        for pathway in self.pathways:
            if pathway.when is criterion:
                return pathway.also
        return ()

    def roots(self) -> Iterator[Criterion]:
        """Yield every tree of the policy, in the order of the file."""
        for route in (*self.elsewhere, *self.other_criteria):
            yield route.when
        if self.required:
            yield self.required
        for pathway in self.pathways:
            if pathway.when:
                yield pathway.when
            yield pathway.require
        if self.individual:
            yield self.individual
        yield from (*self.excluded, *self.documents, *self.reserved)
        for route in (*self.notes, *self.missed):
            yield route.when


def walk(criterion: Criterion) -> Iterator[Criterion]:
    """Yield a criterion and everything below it, guards included, in the order of the file."""
    yield criterion
    if criterion.guard:
        yield from walk(criterion.guard)
    if isinstance(criterion.test, Group):
        for part in criterion.test.parts:
            yield from walk(part)


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """Yield every leaf at or below a criterion."""
    for node in walk(criterion):
        if isinstance(node.test, Leaf):
            yield node.test


def reads(policy: Policy) -> frozenset[str]:
    """Return the facts that any criterion of a policy reads."""
    found = (leaf.form for root in policy.roots() for leaf in leaves(root))
    return frozenset(fact for form in found for fact in contents.facts_of(form))


def heard(policy: Policy, vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary as a policy reads it: the same where it says nothing of silence."""
    return hearing(vocabulary, policy.silence)


@lru_cache(maxsize=64)
def hearing(vocabulary: Vocabulary, silence: tuple[Silence, ...]) -> Vocabulary:
    """Return a vocabulary in which silence about some facts means what is said of it; the same where nothing is."""
    if not silence:
        return vocabulary
    changed = {
        one.fact: replace(vocabulary[one.fact], silent_no=one.means_no) for one in silence if one.fact in vocabulary
    }
    return replace(vocabulary, facts={**vocabulary.facts, **changed})


def denied_by_silence(criterion: Criterion, vocabulary: Vocabulary) -> bool:
    """Return whether silence denies a criterion: it is open then only where something speaks of it."""
    found = list(leaves(criterion))
    return bool(found) and all(
        traits.of(leaf.form).silenced and leaf.form.fact in vocabulary and vocabulary[leaf.form.fact].silent_no
        for leaf in found
    )
