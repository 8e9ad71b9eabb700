"""The tree of a policy as CQL: one definition a criterion, named by its outline id, one a leaf, named by its line.

A criterion is a tuple whose ``status`` is the word of a determination: met, not-met, unknown, conflict, not-applicable.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from priorauth.engines.cql import leaf
from priorauth.engines.cql.pieces import boolean, identifier, string
from priorauth.engines.cql.view import View
from priorauth.facts.rows import SETTLE
from priorauth.policy.tree import Criterion, Group, Leaf

_JOIN = {"all": "AllParts", "any": "AnyPart", "none of": "NonePart", "ways": "WaysParts"}


@dataclass(slots=True)
class Trees:
    """Criteria as they are defined. ``criteria`` has an entry for each: the name of its definition."""

    view: View
    criteria: list[tuple[str, Criterion]] = field(default_factory=list)

    def criterion(self, criterion: Criterion, name: str, *, in_all: bool, document: bool) -> str:
        """Define a criterion below its parts and its guard; unnumbered, it goes by its place."""
        name = criterion.id or name
        guard = "null"
        if criterion.guard:
            guard = self.criterion(criterion.guard, f"{name} only when", in_all=True, document=False)
        if isinstance(criterion.test, Leaf):
            line = self.view.once(criterion.test.text, leaf.call(criterion.test.form, self.view))
            result = f"PA.Document({line})" if document else line
        else:
            result = self.group(criterion.test, name, document=document)
        word = f'PA.Word("settled", {string(SETTLE + criterion.id)})' if criterion.id else "null"
        text = f"PA.Criterion({result}, {word}, {guard}, {boolean(in_all)})"
        made = self.view.define(name, text, criterion.title)
        self.criteria.append((made, criterion))
        return identifier(made)

    def group(self, group: Group, name: str, *, document: bool) -> str:
        """Join the parts of a group."""
        within = document and group.kind != "none of"
        parts = ", ".join(
            self.criterion(part, f"{name} / {place}", in_all=group.kind == "all", document=within)
            for place, part in enumerate(group.parts, 1)
        )
        if group.kind == "at least":
            return f"PA.AtLeast({group.k}, {{{parts}}})"
        return f"PA.{_JOIN[group.kind]}({{{parts}}})"
