"""A policy as a library of CQL: one definition a criterion, named by its outline id, one a leaf, named by its line.

The rows of a case come in as parameters (:mod:`priorauth.export.cql_rows` writes them); what the lines mean stands in
the shared library that :func:`priorauth.export.cql_types.shared` gives. A criterion is a tuple whose ``status`` is the
word of a determination: met, not-met, unknown, conflict, not-applicable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from priorauth.decide.evaluate import SETTLE
from priorauth.decide.view import ANCHOR_FACTS
from priorauth.export import cql_forms
from priorauth.export.cql_forms import AS_OF, identifier, string
from priorauth.export.cql_types import VERSION, types
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, Group, Leaf, Policy
from priorauth.values.dates import iso

TAKEN = "pathway taken"
"""The definition that names the pathway of a request, null where none is known to take it."""
_JOIN = {"all": "AllParts", "any": "AnyPart", "none of": "NonePart", "ways": "WaysParts"}
_ROWS = {"measurement": "Row", "event": "Row", "regimen": "Stay", "condition": "Stay"}
_SORTED = {"Row": "Dated", "Stay": "Stays", "Said": "Said"}


@dataclass(frozen=True, slots=True)
class Root:
    """A tree of a policy under the name by which CQL knows it; ``inside`` and ``document`` as in `evaluate`."""

    name: str
    criterion: Criterion
    inside: str = "all"
    document: bool = False


@dataclass(frozen=True, slots=True)
class Library:
    """A library of CQL: its name, its text, the facts whose rows it takes, and which definition is which criterion.

    ``criteria`` has one entry for each criterion, in the order of the policy: the name of its definition.
    """

    name: str
    text: str
    facts: tuple[str, ...]
    criteria: tuple[tuple[str, Criterion], ...]


def library(policy: Policy, vocabulary: Vocabulary, common: tuple[Criterion, ...] = ()) -> Library:
    """Write one version of a policy as CQL; raises Unsayable for a number that CQL cannot hold."""
    version = f"{policy.id}@{iso(policy.effective.first)}"
    head = [
        f"{policy.title}, {policy.version}, of {policy.id}, in force from {iso(policy.effective.first)}",
        f"Written by `priorauth policies cql {version}`; change the policy, not this file.",
        *(f"Reading {name}: {one.text} ({one.who}). {one.why}" for name, one in (policy.readings or {}).items()),
    ]
    made = _Writer(vocabulary)
    names = {root.name: made.root(root) for root in roots(policy, common)}
    made.define(TAKEN, _taken(policy, names))
    return made.library(name_of(policy.id), iso(policy.effective.first), head)


def of_trees(name: str, trees: Iterable[Root], vocabulary: Vocabulary) -> Library:
    """Write trees that are no policy, such as the cases of a conformance file."""
    made = _Writer(vocabulary)
    for tree in trees:
        made.root(tree)
    return made.library(name, VERSION, [])


def name_of(policy: str) -> str:
    """Name the library of a policy: ``masshealth/insulin-pumps`` is ``MasshealthInsulinPumps``."""
    words = "".join(one if one.isascii() and one.isalnum() else " " for one in policy).split()
    return "".join(word[:1].upper() + word[1:] for word in words)


def roots(policy: Policy, common: tuple[Criterion, ...] = ()) -> Iterator[Root]:
    """Give every tree of a policy, named, in the order of the file; `common` are hand-offs under every policy."""
    for kind, routes in (("elsewhere", policy.elsewhere), ("other criteria", policy.other_criteria)):
        for place, route in enumerate(routes, 1):
            yield Root(f"{kind} {route.id or place}", route.when)
    if policy.required:
        yield Root("authorization required", policy.required)
    for pathway in policy.pathways:
        if pathway.when:
            yield Root(_when(pathway.id), pathway.when)
        yield Root(f"pathway {pathway.id}", pathway.require)
    if policy.individual:
        yield Root("individual consideration", policy.individual)
    for place, criterion in enumerate(policy.excluded, 1):
        yield Root(f"exclusion {place}", criterion, "none of")
    for place, criterion in enumerate(policy.documents, 1):
        yield Root(f"document {place}", criterion, document=True)
    for place, criterion in enumerate((*policy.reserved, *common), 1):
        yield Root(f"hand-off {place}", criterion, "none of")
    for kind, routes in (("note", policy.notes), ("where missed", policy.missed)):
        for place, route in enumerate(routes, 1):
            yield Root(f"{kind} {place}", route.when)


def _when(pathway: str) -> str:
    return f"pathway {pathway} when"


def _taken(policy: Policy, names: Mapping[str, str]) -> str:
    """Choose the first pathway whose condition holds; an unknown condition leaves it open."""
    text = "null"
    for pathway in reversed(policy.pathways):
        if pathway.when is None:
            text = string(pathway.id)
        else:
            name = names[_when(pathway.id)]
            text = f"\n  if not {name}.canFail then {string(pathway.id)} else if {name}.canHold then null else {text}"
    return text


@dataclass(slots=True)
class _Writer:
    """A library as it grows: definitions in the order in which they can be read, each name given once."""

    vocabulary: Vocabulary
    defines: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    criteria: list[tuple[str, Criterion]] = field(default_factory=list)

    # ---- names

    def define(self, name: str, text: str, note: str | None = None) -> str:
        """Define a name, told apart by a number where it stands already, and give it back."""
        found, place = name, 1
        while found in self.defines:
            place += 1
            found = f"{name} ({place})"
        self.defines[found] = text
        if note:
            self.notes[found] = note
        return found

    def once(self, name: str, text: str) -> str:
        """Define what may be asked for again: the same text has one name. Gives it quoted."""
        if text not in self.known:
            self.known[text] = identifier(self.define(name, text))
        return self.known[text]

    def fact(self, name: str) -> str:
        """Name the rows of a fact, sorted by who says so; declares its parameters."""
        known = self.vocabulary.facts.get(name)
        kind = known.kind if known else "judgment"
        shape = _ROWS.get(kind, "Said")
        self.facts[name] = shape
        rows, wholes = parameter(name), parameter(name, whole=True)
        if kind == "judgment":
            return self.once(f"{name} by side", f"PA.Judgments({rows})")
        if shape == "Said":
            return self.once(f"{name} by side", f"PA.Said({rows})")
        born = self.once("born", f"PA.Born(PA.Stated({self.fact('birth_date')}.together))")
        return self.once(f"{name} by side", f"PA.{_SORTED[shape]}({rows}, {wholes}, {born})")

    def anchor(self, name: str) -> str:
        """Name a date to count from."""
        match name:
            case "request":
                text = f"PA.Day({AS_OF})"
            case "service":
                text = f"PA.Else(PA.Stated({self.fact('service_on')}.together), {self.anchor('request')})"
            case "pump_start":
                text = f"PA.Else(PA.StartedNow({self.fact('insulin_pump_use')}.together), {self.anchor('request')})"
            case "trial_start":
                text = f"PA.Started({self.fact('pump_trial')}.together)"
            case "prior_approval":
                text = f"PA.NewestBefore({self.fact('prior_approval_on')}.together, {AS_OF})"
            case _:
                text = f"PA.Stated({self.fact(ANCHOR_FACTS[name])}.together)"
        return self.once(f"day of {name}", text)

    def frame(self, windows: tuple[f.Window, ...], compared: tuple[str, str] | None = None) -> str:
        """Name the windows of a leaf; ``compared``: a span of `no worse than before`, in words and as CQL."""
        spans = [cql_forms.span(one, self.anchor) for one in windows if not isinstance(one, f.While)]
        words = [cql_forms.said(one) for one in windows]
        if compared:
            words.append(compared[0])
            spans.append(compared[1])
        text = spans[0] if spans else f"PA.Until({AS_OF})"
        for one in spans[1:]:
            text = f"PA.Meet({text}, {one})"
        held = [
            self.once(cql_forms.said(one), cql_forms.held(one, self.fact(one.fact)))
            for one in windows
            if isinstance(one, f.While)
        ]
        if held:
            text = f"PA.During({text}, {{{', '.join(held)}}})"
        return self.once(f"in: {' '.join(words) or 'up to the request'}", text)

    # ---- trees

    def root(self, root: Root) -> str:
        """Define a tree."""
        return self.criterion(root.criterion, root.name, root.inside == "all", document=root.document)

    def criterion(self, criterion: Criterion, name: str, in_all: bool, *, document: bool) -> str:  # noqa: FBT001
        """Define a criterion below its parts and its guard; unnumbered, it goes by its place."""
        name = criterion.id or name
        guard = "null"
        if criterion.guard:
            guard = self.criterion(criterion.guard, f"{name} only when", in_all=True, document=False)
        if isinstance(criterion.test, Leaf):
            leaf = self.once(criterion.test.text, cql_forms.call(criterion.test.form, self))
            result = f"PA.Document({leaf})" if document else leaf
        else:
            result = self.group(criterion.test, name, document=document)
        word = f'PA.Word("settled", {string(SETTLE + criterion.id)})' if criterion.id else "null"
        text = f"PA.Criterion({result}, {word}, {guard}, {'true' if in_all else 'false'})"
        made = self.define(name, text, criterion.title)
        self.criteria.append((made, criterion))
        return identifier(made)

    def group(self, group: Group, name: str, *, document: bool) -> str:
        """Join the parts of a group."""
        within = document and group.kind != "none of"
        parts = ", ".join(
            self.criterion(part, f"{name} / {place}", group.kind == "all", document=within)
            for place, part in enumerate(group.parts, 1)
        )
        if group.kind == "at least":
            return f"PA.AtLeast({group.k}, {{{parts}}})"
        return f"PA.{_JOIN[group.kind]}({{{parts}}})"

    # ---- text

    def library(self, name: str, version: str, head: list[str]) -> Library:
        """Write everything that was defined."""
        lines = [f"// {' '.join(line.split())}" for line in head]
        lines += [f"library {name} version {string(version)}", "using FHIR version '4.0.1'"]
        lines += [
            f"include PriorAuth version {string(VERSION)} called PA",
            "",
            *self.parameters(),
            "",
            "context Patient",
        ]
        for defined, text in self.defines.items():
            lines.append("")
            if defined in self.notes:
                lines.append(f"// {' '.join(self.notes[defined].split())}")
            lines.append(f"define {identifier(defined)}: {text}")
        return Library(name, "\n".join(lines) + "\n", tuple(sorted(self.facts)), tuple(self.criteria))

    def parameters(self) -> Iterator[str]:
        """Declare what a case hands in."""
        written: Mapping[str, str] = types()
        yield f"parameter {AS_OF} Integer"
        yield f'parameter "settled" List<{written["Word"]}>'
        for name, shape in sorted(self.facts.items()):
            yield f"parameter {parameter(name)} List<{written[shape]}>"
            if shape != "Said":
                yield f"parameter {parameter(name, whole=True)} List<{written['Whole']}>"


def parameter(fact: str, *, whole: bool = False) -> str:
    """Name the parameter that holds the rows of a fact, or the statements that its record is complete."""
    return identifier(f"{fact} {'whole' if whole else 'rows'}")
