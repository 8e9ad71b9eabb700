"""The shipped policies, each proved once however many tests ask for it."""

from __future__ import annotations

from functools import cache

from priorauth.assurance.prove import Proof, prove
from priorauth.engines.solver.outcome import world
from priorauth.policy.catalog import open_catalog

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]


@cache
def proved(place: int) -> Proof:
    """Prove one version."""
    return prove(world((POLICIES[place],), CATALOG.vocabulary, CATALOG.common))
