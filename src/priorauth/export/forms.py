"""Which forms there are: one for each pathway of each version of a policy, and one for a policy as a whole.

A form is named ``payer.policy.pathway``, its version is the day from which the policy holds and the number of its
encoding: ``masshealth.insulin-pumps.initial-trial``, ``2016-01-01-1``. The form of a policy as a whole is the adaptive
one, ``payer.policy.adaptive``, whose questions are made as answers come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from priorauth.language import forms as f
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Criterion, Group, Pathway, Policy
from priorauth.values.dates import iso

ADAPTIVE: Final = "adaptive"
LONGEST: Final = 64
"""The most characters that an id may have in FHIR."""


class Form(Struct, frozen=True, eq=False):
    """The form of one pathway of a policy, or of the whole policy where ``pathway`` is None."""

    policy: Policy
    pathway: Pathway | None = None

    @property
    def name(self) -> str:
        """The name by which it is asked for, the last part of its canonical address."""
        return f"{self.policy.id.replace('/', '.')}.{self.pathway.id if self.pathway else ADAPTIVE}"

    @property
    def id(self) -> str:
        """The name as an id of FHIR."""
        if len(self.name) <= LONGEST:
            return self.name
        return f"{self.name[: LONGEST - 9]}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"

    @property
    def version(self) -> str:
        """The version: from when the policy holds, and which encoding of it this is."""
        return f"{iso(self.policy.effective.first)}-{self.policy.encoding}"

    @property
    def title(self) -> str:
        """How people call it."""
        return f"{self.policy.title}: {self.pathway.title}" if self.pathway else self.policy.title


def of_policy(policy: Policy) -> tuple[Form, ...]:
    """Return the forms of one version of a policy, one a pathway."""
    return tuple(Form(policy, pathway) for pathway in policy.pathways)


def every(catalog: Catalog) -> Iterator[Form]:
    """Yield every form of a catalog: of each version of each policy its pathways, then the adaptive one."""
    for policy in catalog.all():
        yield from of_policy(policy)
        yield Form(policy)


def named(catalog: Catalog, name: str, version: str | None = None) -> Form | None:
    """Return the form of a name and version; without a version the newest; None where there is none."""
    policies = [policy for policy in catalog.files if name.startswith(f"{policy.replace('/', '.')}.")]
    forms = (form for policy in policies for one in catalog.versions(policy) for form in (*of_policy(one), Form(one)))
    found = [one for one in forms if one.name == name and version in (None, one.version)]
    return max(found, key=lambda one: one.policy.effective.first, default=None)


def possible(pathway: Pathway | None) -> dict[str, frozenset[str]]:
    """Return what the condition of a pathway leaves possible: by attribute, the values that it may have."""
    return {} if pathway is None or pathway.when is None else _possible(pathway.when)


def _possible(when: Criterion) -> dict[str, frozenset[str]]:
    if isinstance(when.test, Group):
        found: dict[str, frozenset[str]] = {}
        for part in when.test.parts if when.test.kind == "all" else ():
            for name, values in _possible(part).items():
                found[name] = found.get(name, values) & values
        return found
    form = when.test.form
    return {form.fact: frozenset(form.values)} if isinstance(form, f.Is) else {}
