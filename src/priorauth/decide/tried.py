"""A case in one file, as ``priorauth policies cases`` writes it, decided anew and held against what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from priorauth.decide.decided import Assessed
from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided_by
from priorauth.errors import Fault, InputRefused
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy


class Expected(Struct, frozen=True):
    """What is expected of a case: its outcome, the status of criteria by id, what is asked; each may be left out."""

    outcome: str | None = None
    status: dict[str, str] = {}
    questions_include: tuple[str, ...] = ()
    """Facts that are asked, among others."""
    questions_exclude: tuple[str, ...] = ()
    """Facts that are not asked."""


class CaseFile(Struct, frozen=True):
    """A case: its sentence, the Bundle and the judgments as they stand, and what is expected."""

    bundle: msgspec.Raw
    expect: Expected
    name: str = ""
    judgments: msgspec.Raw = msgspec.Raw(b"null")
    as_of: str | None = None


def read(data: bytes, name: str) -> CaseFile:
    """Return the case that a file holds; raises InputRefused."""
    try:
        return msgspec.json.decode(data, type=CaseFile)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = (
            "expected a case: JSON with `bundle` and `expect` {outcome, status}, as `priorauth policies cases` writes"
        )
        raise InputRefused(Fault(name, None, said)) from None


def differences(case: CaseFile, policy: Policy, catalog: Catalog, name: str) -> Iterator[str]:
    """Yield what comes out otherwise than expected when a case is decided by one version; raises as determine."""
    judged = bytes(case.judgments)
    (found, *_) = decided_by(
        catalog.held_to(policy.id, Path(policy.file)),
        bytes(case.bundle),
        policy=policy.id,
        as_of=case.as_of,
        judgments=None if judged == b"null" else judged,
        names=(name, f"{name}: judgments"),
    )
    yield from compared(case.expect, found.determination)


def compared(expect: Expected, made: Determination) -> Iterator[str]:
    """Yield what a determination says otherwise than expected."""
    if expect.outcome is not None and made.outcome != expect.outcome:
        yield f"the outcome is {made.outcome}, expected {expect.outcome}"
    seen: dict[str, set[str]] = {}
    for one in _walk(made.criteria):
        if one.id:
            seen.setdefault(one.id, set()).add(one.status)
    for criterion, status in expect.status.items():
        if criterion not in seen:
            yield f"{criterion} is not among the criteria that were weighed, expected {status}"
        elif status not in seen[criterion]:
            yield f"{criterion} is {' and '.join(sorted(seen[criterion]))}, expected {status}"
    facts = {question.fact for question in made.questions}
    yield from (f"{fact} is not asked" for fact in expect.questions_include if fact not in facts)
    yield from (f"{fact} is asked, and was expected not to be" for fact in expect.questions_exclude if fact in facts)


def _walk(listed: Iterable[Assessed]) -> Iterator[Assessed]:
    for one in listed:
        yield one
        yield from _walk(one.parts)
