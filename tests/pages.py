"""The worked cases as pages, for the tests of what people read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from priorauth.decide.decided import Assessed
from priorauth.decide.determination import Determination
from priorauth.decide.determine import determine
from priorauth.decide.page.text import page
from priorauth.errors import InputRefused
from priorauth.facts import vocabulary
from tests.casebook.kept import Kept, every, kept

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
FILES = [
    *sorted(EXAMPLES.glob("*.json")),
    *every(),
    *sorted((ROOT / "tests" / "edge").glob("*.json")),
]
NAMES = frozenset(name for name in vocabulary.load().facts if "_" in name)
SOURCES = "Observation|Condition|QuestionnaireResponse|DocumentReference|Medication\\w+|Procedure|Device\\w*|Encounter"
BARE = re.compile(rf"\b(?:{SOURCES}|ClaimResponse|ServiceRequest|AllergyIntolerance|Coverage)/\S")
WHO = re.compile(r" {2,}(?:prescriber|supplier|payer)(?: or (?:prescriber|supplier|payer))*$")
ISO = re.compile(r"(?<![\w/-])(?:19|20)\d{2}-\d{2}-\d{2}(?![\w-])")


@cache
def decided(source: Path | Kept) -> tuple[Determination, ...]:
    """Give the determinations of a worked case; none where it is refused or is no single request."""
    case = source.load() if isinstance(source, Kept) else json.loads(source.read_bytes())
    made = case.get("bundle", case)
    if "resourceType" not in made:
        return ()
    try:
        return tuple(determine(made, judgments=case.get("judgments"), policy=case.get("policy")))
    except InputRefused:
        return ()


def shown(name: str, *, full: bool = False) -> str:
    return page(determine((EXAMPLES / f"{name}.json").read_bytes()), full=full)


def of_case(name: str, *, full: bool = False) -> str:
    return page(decided(kept(name)), full=full)


def together(text: str) -> str:
    """Give a page as one line, without who answers at the right of it."""
    return " ".join(" ".join(WHO.sub("", line) for line in text.splitlines()).split())


def walk(criteria: tuple[Assessed, ...], above: tuple[str, ...] = ()) -> Iterator[tuple[Assessed, tuple[str, ...]]]:
    for one in criteria:
        chain = (*above, one.id) if one.id else above
        yield one, chain
        yield from walk(one.parts, chain)
