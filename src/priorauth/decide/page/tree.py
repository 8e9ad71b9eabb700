"""Every criterion with its evidence and why it is open: what ``--full`` adds to the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.decide.decided import Assessed, Decided, Role
from priorauth.decide.page import words
from priorauth.decide.page.criteria import Criteria, walk
from priorauth.language.english import labels

SHOWN: Final = 3
"""How many rows of evidence are printed beside a criterion; the JSON has them all."""
SECTIONS: Final[dict[Role, str]] = {
    "criterion": "Criteria",
    "exclusion": "Exclusions",
    "document": "Papers",
    "hand-off": "Left to a person where it applies",
    "alternative": "In place of the written criteria",
}
MARK: Final = {"met": "+", "not-met": "-", "unknown": "?", "conflict": "!", "not-applicable": " "}
AGAINST: Final = {"met": "x", "not-met": " ", "unknown": "?", "conflict": "!", "not-applicable": " "}


def tree(found: Decided) -> Iterator[str]:
    """Write the criteria by what meeting them means, then what silence settled."""
    criteria = Criteria(found)
    if found.criteria:
        yield ""
        yield "Marks: + shown   - not shown   ? missing   ! two sides   x applies   (blank) does not apply"
    for role, title in SECTIONS.items():
        listed = [part for part in found.criteria if part.role == role]
        if listed:
            yield ""
            yield title
        for part in listed:
            yield from _criterion(part, 0, role, criteria)
    if found.assumed:
        yield ""
        yield from words.labelled("Not mentioned", ", ".join(map(labels().one, found.assumed)))
    yield ""


def _criterion(one: Assessed, depth: int, role: Role, criteria: Criteria) -> Iterator[str]:
    """Write a criterion with its evidence and what is below it; an exclusion that does not apply stands alone."""
    indent = "  " * depth
    against = role in ("exclusion", "hand-off")
    mark = (AGAINST if against and not depth else MARK)[one.status]
    name = one.title or "one of several ways"
    named = f"{name} ({one.id})" if one.id else name
    said = [f": {words.value(one.value)}" if one.value and one.status != "not-applicable" else ""]
    if not depth and against:
        said = [f": {words.status(one.status, role)}"]
    yield from words.block(f"{criteria.plain(named)}{said[0]}", f"{indent}{mark} ", f"{indent}    ")
    if against and not depth and one.status in ("not-met", "not-applicable"):
        return
    yield from _beside(one, indent, criteria)
    shown = [part for part in one.parts if _shown(part, one)]
    for part in shown:
        yield from _criterion(part, depth + 1, role, criteria)
    folded = sum(part.status == "unknown" for part in one.parts) if one.status == "met" else 0
    if folded:
        yield f"{indent}      {words.counted(folded, 'other way', 'other ways')} not needed"


def _beside(one: Assessed, indent: str, criteria: Criteria) -> Iterator[str]:
    """Write why a criterion is open, its evidence, and what does not count."""
    first, rest = f"{indent}      ", f"{indent}        "
    if one.why and not any(part.why for part in one.parts if _shown(part, one)):
        why = dict.fromkeys(one.why.split("; "))
        if one.refused:
            why.pop("nothing on file", None)
        if why:
            yield from words.block(criteria.plain("; ".join(why)), first)
    several = len({row.display for row in one.evidence}) > 1
    for row in one.evidence[:SHOWN]:
        yield from words.block(words.row(row, labelled=several, reference=True), first, rest)
    more = len(one.evidence) - len(one.evidence[:SHOWN]) + one.more_evidence
    if more:
        yield f"{first}and {more} more"
    for doubted in one.refused[:SHOWN]:
        yield from words.block(f"does not count: {words.refused(doubted, reference=True)}", first, rest)
    if len(one.refused) > SHOWN:
        yield f"{first}and {len(one.refused) - SHOWN} more that do not count"
    aside = [said for said in one.documents if said.word == "beside"]
    for said in aside[:SHOWN]:
        yield from words.block(f"beside it {words.document(said)}; it changes nothing", first, rest)
    if len(aside) > SHOWN:
        yield f"{first}and {len(aside) - SHOWN} more that documents say beside it"


def _shown(part: Assessed, above: Assessed) -> bool:
    """Whether a part is printed: below what is shown nothing that is missing; steps only where they explain."""
    if above.status == "not-applicable" or (above.status == "met" and part.status in ("unknown", "not-applicable")):
        return False
    if part.id or any(below.id and _shown(below, part) for below in walk(part.parts)):
        return True
    return above.status != "met" and part.status not in ("not-applicable", "met")
