"""The outline of a form: the payer's own, with the facts that each paragraph asks for, and when a part is open.

Every fact is asked once. Where it bears on several paragraphs it stands in the first of them, and above everything that
could close it while another paragraph still needs it. Of alternatives that are shown by records rather than by a word,
those are opened that the person who fills in the form says can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from msgspec.structs import replace

from priorauth.export.asked import LOGS, is_asked, of_leaf
from priorauth.export.conditions import Clause, answers, listed, may_hold
from priorauth.export.forms import Form, possible
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.language.english import labels
from priorauth.policy.roots import Role, Root, roots
from priorauth.policy.tree import Criterion, Group, Leaf, leaves
from priorauth.policy.views.narrow import Known, narrow
from priorauth.record.answers.scopes import LAYOUT

MARK: Final = LAYOUT
"""What the linkIds of headings and of choices begin with: they are no facts."""
Kind = Literal["part", "choice", "way", "shared"]


@dataclass(eq=False, slots=True)
class Part:
    """A heading with what stands below it: facts by name, and further parts, in the order of the form.

    ``clauses`` say when it is open. Of a ``choice`` the parts are its ways, and what several of them share; of a
    ``way``, ``title`` is what is chosen.
    """

    title: str | None = None
    id: str | None = None
    kind: Kind = "part"
    clauses: tuple[Clause, ...] = ()
    below: list[str | Part] = field(default_factory=list)
    of: tuple[Part, ...] = ()
    """Of what is shared: the ways that open it."""

    @property
    def parts(self) -> list[Part]:
        """The parts below."""
        return [one for one in self.below if isinstance(one, Part)]

    def facts(self) -> Iterator[str]:
        """Yield every fact at or below."""
        for one in self.below:
            if isinstance(one, Part):
                yield from one.facts()
            else:
                yield one

    def walk(self) -> Iterator[Part]:
        """Yield itself and every part below."""
        yield self
        for one in self.parts:
            yield from one.walk()


_TITLES: Mapping[Role, str] = {
    "elsewhere": "The request",
    "other criteria": "The request",
    "authorization": "The request",
    "pathway": "The request",
    "criterion": "What has to be shown",
    "exclusion": "What would speak against it",
    "document": "Papers",
    "hand-off": "What else is asked",
}


def outline(form: Form, vocabulary: Vocabulary, common: tuple[Criterion, ...] = ()) -> Part:
    """Return the outline of a form of one pathway; ``common`` are the hand-offs under every policy."""
    settled = possible(form.pathway)
    builder = _Builder(vocabulary, {name: values for name, values in settled.items() if name != "request_kind"})
    kind = settled.get("request_kind")
    gate: tuple[Clause, ...] = (frozenset(("request_kind", value) for value in kind),) if kind else ()
    top = Part(form.title)
    parts: dict[str, Part] = {}
    for root in _roots(form, common):
        title = _TITLES[root.role]
        about = parts.get(title)
        if about is None:
            about = parts[title] = Part(title, clauses=() if title == _TITLES["pathway"] else gate)
            top.below.append(about)
        known: Known = builder.known if root.role == "pathway" else {**builder.known, **settled}
        left = narrow(root.criterion, known)
        if not isinstance(left, bool):
            builder.add(about, left, wanted=root.role == "criterion")
    _settle(top)
    return top


def _roots(form: Form, common: tuple[Criterion, ...]) -> Iterator[Root]:
    """Yield the trees of a form: those of its pathway and those of the whole policy, the request first."""
    place = next((at for at, one in enumerate(form.policy.pathways) if one is form.pathway), -1)
    mine = [one for one in roots(form.policy, common) if one.role in _TITLES and one.pathway in (-1, place)]
    yield from (one for one in mine if _TITLES[one.role] == _TITLES["pathway"])
    yield from (one for one in mine if _TITLES[one.role] != _TITLES["pathway"])


@dataclass(slots=True)
class _Builder:
    """Builds the parts of trees; what ``known`` settles is not asked."""

    vocabulary: Vocabulary
    known: Known

    def add(self, above: Part, criterion: Criterion, *, wanted: bool, clauses: tuple[Clause, ...] = ()) -> None:
        """Add a criterion below a part. ``wanted``: it is one of those that have to be met."""
        if criterion.guard is not None:
            self.add(above, criterion.guard, wanted=False)
            clauses = (*clauses, *may_hold(criterion.guard, self.vocabulary))
        here = above
        if criterion.id or criterion.title or clauses:
            here = Part(criterion.title, criterion.id, clauses=clauses)
            self.conditions(above, clauses)
            above.below.append(here)
        test = criterion.test
        if isinstance(test, Leaf):
            here.below.extend(of_leaf(test, self.vocabulary))
        elif wanted and test.kind in ("any", "ways") and test.k == 1 and len(test.parts) > 1:
            self.alternatives(here, test)
        else:
            for part in test.parts:
                self.add(here, part, wanted=wanted and test.kind != "none of")

    def conditions(self, above: Part, clauses: tuple[Clause, ...]) -> None:
        """Put the facts of which a condition speaks before what it opens."""
        above.below.extend(dict.fromkeys(fact for clause in clauses for fact, _ in sorted(clause)))

    def alternatives(self, here: Part, group: Group) -> None:
        """Add alternatives: a word that settles them closes those after it, records are opened by a choice."""
        spoken = [part for part in group.parts if _is_spoken(part)]
        rest = [part for part in group.parts if not _is_spoken(part) and self.asks(part)]
        met: tuple[Clause, ...] = ()
        for part in spoken:
            self.add(here, part, wanted=True, clauses=met if group.kind == "any" else ())
            if answer := answers(part, self.vocabulary):
                met = (*met, answer)
        before = met if group.kind == "any" else ()
        if len(rest) == 1:
            self.add(here, rest[0], wanted=True, clauses=(*before, *self.opened(rest[0])))
        elif rest and all(self.opened(part) for part in rest):
            for part in rest:
                self.add(here, part, wanted=True, clauses=(*before, *self.opened(part)))
        elif rest:
            choice = Part("How can this be shown?", kind="choice", clauses=before)
            self.conditions(here, before)
            here.below.append(choice)
            for part in rest:
                way = Part(self.label(part), part.id, "way")
                choice.below.append(way)
                bare = replace(part, id=None, title=None)
                self.add(way, bare, wanted=True, clauses=self.opened(part))

    def opened(self, part: Criterion) -> tuple[Clause, ...]:
        """Return what opens an alternative: the attributes that it turns on, such as the drug."""
        test = part.test
        if isinstance(test, Leaf) or test.kind != "all":
            return ()
        turning = [one for one in test.parts if _turns(one, self.vocabulary)]
        return tuple(dict.fromkeys(clause for one in turning for clause in may_hold(one, self.vocabulary)))

    def asks(self, part: Criterion) -> bool:
        """Whether a form can ask for anything in a tree."""
        return any(of_leaf(leaf, self.vocabulary) for leaf in leaves(part))

    def label(self, part: Criterion) -> str:
        """Name an alternative: by its title, else by its facts."""
        if part.title:
            return part.title
        names = dict.fromkeys(name for leaf in leaves(part) for name in of_leaf(leaf, self.vocabulary)[:1])
        said = [self.sent(name) for name in names]
        return f"By {said[0]}" if len(said) == 1 else f"By {', '.join(said[:-1])} or {said[-1]}"

    def sent(self, name: str) -> str:
        """Name what shows a fact."""
        return labels().many(name)


def _is_spoken(part: Criterion) -> bool:
    """Whether one word settles a criterion: an attestation or an attribute."""
    return isinstance(part.test, Leaf) and isinstance(part.test.form, f.Stated | f.Is) and part.guard is None


def _turns(part: Criterion, vocabulary: Vocabulary) -> bool:
    """Whether a part asks for the value of a listed attribute, or that it is not of some values."""
    test = part.test
    if isinstance(test, Group):
        return test.kind == "none of" and all(_turns(one, vocabulary) for one in test.parts)
    form = test.form
    return isinstance(form, f.Is) and is_asked(form.fact, vocabulary) and listed(vocabulary[form.fact])


def _settle(top: Part) -> None:
    """Leave each fact in one place, drop what holds nothing, and let a choice of one way be no choice."""
    places: dict[str, list[tuple[Part, ...]]] = {}
    _places(top, (top,), places)
    kept: dict[tuple[int, int], list[str]] = {}
    for fact, found in places.items():
        part, before = _place(fact, found)
        if part is not None:
            kept.setdefault((id(part), 0 if before is None else id(before)), []).append(fact)
    _keep(top, kept)
    _tidy(top)


def _places(part: Part, path: tuple[Part, ...], places: dict[str, list[tuple[Part, ...]]]) -> None:
    for one in part.below:
        if isinstance(one, Part):
            _places(one, (*path, one), places)
        else:
            places.setdefault(one, []).append(path)


def _gate(part: Part) -> object:
    """Return what stands for the condition of a part, None where it is always open."""
    return part if part.kind == "way" else part.clauses or None


def _place(fact: str, found: list[tuple[Part, ...]]) -> tuple[Part | None, Part | None]:
    """Return where a fact stands: the part, and the part below before which it comes (None: among its own facts).

    What only ways of one choice ask for is put beside them, opened by each of them; its part is None then.
    """
    common = set.intersection(*({gate for part in path if (gate := _gate(part))} for path in found))
    first = found[0]
    depth = next((at for at, part in enumerate(first) if (gate := _gate(part)) and gate not in common), len(first)) - 1
    choice = first[depth]
    if choice.kind == "choice":
        if all(choice in path for path in found):
            ways = dict.fromkeys(path[path.index(choice) + 1] for path in found)
            _share(choice, tuple(ways), fact)
            return None, None
        depth -= 1
    return first[depth], first[depth + 1] if depth + 1 < len(first) else None


def _share(choice: Part, ways: tuple[Part, ...], fact: str) -> None:
    """Put a fact below a choice, opened by some of its ways."""
    for one in choice.parts:
        if one.of == ways:
            one.below.append(fact)
            return
    choice.below.append(Part(kind="shared", below=[fact], of=ways))


def _keep(part: Part, kept: dict[tuple[int, int], list[str]]) -> None:
    """Put the facts of a part in their places among the parts below it."""
    own = list(kept.get((id(part), 0), []))
    below: list[str | Part] = []
    for one in part.below:
        if isinstance(one, Part):
            below.extend(kept.get((id(part), id(one)), []))
            below.append(one)
            if one.kind != "shared":
                _keep(one, kept)
        elif one in own:
            own.remove(one)
            below.append(one)
    part.below = below


def _tidy(part: Part) -> None:
    """Drop parts that hold nothing; a choice of one way is none, and a way that is only a choice is not one more."""
    below: list[str | Part] = []
    for one in part.below:
        if isinstance(one, Part):
            _tidy(one)
            below.extend(_chosen(one) if one.kind == "choice" else [one] if one.below else [])
        else:
            below.append(one)
    part.below = below


def _chosen(choice: Part) -> Iterator[str | Part]:
    """Yield a choice whose ways are no choices again; what its one way holds, where there is no other."""
    shared = [one for one in choice.parts if one.kind == "shared"]
    ways = [one for one in choice.parts if one.kind == "way"]
    used = {way for one in shared for way in one.of}
    ways = [inner for way in ways if way.below or way in used for inner in _ways(way, used)]
    if len(ways) > 1:
        choice.below = [*ways, *shared]
        yield choice
        return
    held = [below for one in (*shared, *ways) for below in one.below]
    if choice.clauses and held:
        yield Part(clauses=choice.clauses, below=held)
    else:
        yield from held


def _ways(way: Part, used: set[Part]) -> list[Part]:
    """Return a way, or the ways of the choice that is all it holds."""
    match way.below:
        case [Part(kind="choice", clauses=()) as inner] if way not in used and not way.clauses:
            if all(one.kind == "way" for one in inner.parts):
                return inner.parts
    return [way]


def only(part: Part, names: frozenset[str]) -> Part | None:
    """Return what is left of an outline where some facts alone are asked; None where nothing is."""
    left = _only(part, names, {})
    return left if left.below else None


def _only(part: Part, names: frozenset[str], copies: dict[Part, Part]) -> Part:
    made = copies[part] = Part(part.title, part.id, part.kind, part.clauses)
    made.of = tuple(copies[way] for way in part.of)
    for each in part.below:
        if isinstance(each, Part):
            left = _only(each, names, copies)
            if each.kind == "choice":
                left.below = [one for one in left.parts if one.kind == "way" or one.below]
                made.below.extend(_chosen(left))
            elif left.below or each.kind == "way":
                made.below.append(left)
        elif each in names:
            made.below.append(each)
    return made


__all__ = ["LOGS", "MARK", "Part", "only", "outline"]
