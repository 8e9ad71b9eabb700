"""Two versions of a policy held against each other: by outline id, and by meaning where the solver is installed.

The solver shows, for each way to an approval, a patient whom one version approves and the other does not.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy
from priorauth.values.dates import spoken
from priorauth.workbench.words import OUTCOME

if TYPE_CHECKING:
    from priorauth.assurance.compare import Between

_ONE_AT_A_TIME: Final = Lock()
"""The solver keeps one world for all threads."""
_KEPT: Final = 64
RELATION: Final = {
    "equivalent": "The same patients are approved.",
    "stricter": "The newer version approves patients whom the older does not, and loses none.",
    "looser": "The older version approves patients whom the newer does not; nobody is gained.",
    "incomparable": "Each version approves patients whom the other does not.",
}


class Change(Struct, frozen=True):
    """A change of a criterion; ``meaning``: what the solver says of it, empty where one version alone has it."""

    id: str
    kind: str
    before: str
    after: str
    meaning: str


class Witness(Struct, frozen=True):
    """A made-up patient whom one version approves and the other does not: who she is, and what stands in the way."""

    says: str
    facts: tuple[str, ...]
    hurdles: tuple[str, ...]


class Pathway(Struct, frozen=True):
    """A way to an approval in both versions."""

    name: str
    says: str
    witnesses: tuple[Witness, ...]


class Difference(Struct, frozen=True):
    """What changed from one version to another; ``below``: criteria of another meaning by what stands below them."""

    changes: tuple[Change, ...]
    below: tuple[str, ...]
    pathways: tuple[Pathway, ...]


class NoSolver(Exception):
    """The solver is not installed here."""


def difference(catalog: Catalog, one: Policy, two: Policy) -> Difference:
    """Return what changed from one version to another; raises NoSolver."""
    try:
        import z3  # noqa: F401 - asked for before anything of it is read
    except ImportError:
        raise NoSolver from None
    with _ONE_AT_A_TIME:
        return _difference(catalog, one.file, two.file)


@lru_cache(_KEPT)
def _difference(catalog: Catalog, first: str, second: str) -> Difference:
    from priorauth.assurance.compare import compare
    from priorauth.assurance.diff import diff, meanings
    from priorauth.engines.solver.outcome import world

    policies = (catalog.load(Path(first)), catalog.load(Path(second)))
    made = world(policies, catalog.vocabulary, catalog.common, folders=catalog.folders[1:])
    one, two = (terms.policy for terms in made.policies)
    same = meanings(made)
    says = {True: "the same for every patient", False: "another meaning", None: ""}
    changes = tuple(
        Change(found.id, found.kind, spoken(found.before), spoken(found.after), says[same.get(found.id)])
        for found in diff(one, two)
    )
    listed = {found.id for found in changes}
    pathways = tuple(
        Pathway(found.pathway, RELATION[found.relation], tuple(_witnesses(found.here, found.there)))
        for found in compare(made)
    )
    return Difference(
        changes, tuple(name for name, alike in same.items() if not alike and name not in listed), pathways
    )


def _witnesses(here: Between | None, there: Between | None) -> list[Witness]:
    """Return the patients: ``here`` is approved by the older version alone, ``there`` by the newer."""
    found = []
    for shown, against, says in (
        (here, 1, "The older version approves this patient, the newer does not"),
        (there, 0, "The newer version approves this patient, the older does not"),
    ):
        if shown is not None:
            hurdles = shown.hurdles[against] or (OUTCOME.get(shown.outcomes[against], ""),)
            found.append(Witness(says, tuple(map(spoken, shown.witness.words())), hurdles))
    return found
