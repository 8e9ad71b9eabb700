"""A determination as a page that a nurse can act on: what follows, what is missing, and the evidence beside each
criterion.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from priorauth.decide.determination import Assessed, Determination, Evidence, Role
from priorauth.decide.missing import Question
from priorauth.decide.outcome import Outcome

WIDTH = 110
SHOWN = 3
"""How many rows of evidence are printed beside a criterion; the JSON has them all."""

HEAD: dict[Outcome, str] = {
    "approve": "APPROVE - every criterion is proven by the record",
    "request-information": "REQUEST INFORMATION - something that can be supplied is missing",
    "clinical-review": "CLINICAL REVIEW - a clinician decides",
    "not-yet": "NOT YET - nothing is missing but time",
    "not-required": "NOT REQUIRED - no prior authorization is asked for this request",
    "not-applicable": "NOT APPLICABLE - this policy does not decide this request",
    "other-criteria": "OTHER CRITERIA - another set of criteria decides this request",
}
SECTIONS: dict[Role, str] = {
    "criterion": "Criteria",
    "exclusion": "Exclusions (met: the exclusion applies)",
    "document": "Documents",
    "hand-off": "Left to a person where met",
    "alternative": "In place of the written criteria",
}
MARK = {"met": "+", "not-met": "-", "unknown": "?", "conflict": "!", "not-applicable": " "}


def page(determinations: Iterable[Determination]) -> str:
    """Write the page of every determination."""
    return "\n".join("\n".join(_one(found)) for found in determinations) + "\n"


def _one(found: Determination) -> Iterator[str]:
    applied = f"{found.policy.title}, {found.policy.version} ({found.policy.id})" if found.policy else "no policy"
    yield f"Item {found.item} of {found.claim}, as of {found.as_of}"
    yield f"Policy   {applied}"
    if found.pathway:
        yield f"Pathway  {found.pathway}"
    yield f"Outcome  {HEAD[found.outcome]}"
    if found.decide_after:
        yield f"         first day on which it can be decided: {found.decide_after}"
    if found.grants:
        yield f"Grants   {', '.join(f'{value} {key}' for key, value in found.grants.items())}"
    if found.reasons and found.outcome != "approve":
        yield from _block("Why", (_cite(reason.criterion, reason.text) for reason in found.reasons))
    if found.questions:
        yield from _asked(found.questions)
    if found.conflicts:
        yield from _block("Conflicts", (_cite(one.criterion, " / ".join(one.says)) for one in found.conflicts))
    if found.criteria:
        yield from _tree(found.criteria)
    if found.assumed:
        yield from _block("Silence read as no", [", ".join(found.assumed)])
    if found.notes:
        yield from _block("Notes", found.notes)
    if found.warnings:
        yield from _block("Warnings", found.warnings)
    yield ""
    yield f"Receipt  {found.receipt['sha256']}"
    yield ""


def _tree(criteria: tuple[Assessed, ...]) -> Iterator[str]:
    """Write the criteria by what meeting them means."""
    yield ""
    yield "Marks    + met   - not met   ? unknown   ! conflict   (blank) not applicable"
    for role, title in SECTIONS.items():
        listed = [part for part in criteria if part.role == role]
        if listed:
            yield ""
            yield title
        for part in listed:
            yield from _criterion(part, 0, quiet=role == "exclusion" and part.status == "not-met")


def _cite(criterion: str | None, text: str) -> str:
    return f"{criterion}: {text}" if criterion else text


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    for line in lines:
        yield from textwrap.wrap(line, WIDTH, break_on_hyphens=False, initial_indent="  - ", subsequent_indent="    ")


def _asked(questions: tuple[Question, ...]) -> Iterator[str]:
    """Write the questions; alternatives stand together under one line."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.one_of or f"alone: {question.fact}", []).append(question)
    yield ""
    yield "To ask"
    for asked in groups.values():
        if len(asked) > 1:
            criteria = ", ".join(dict.fromkeys(name for question in asked for name in question.criteria))
            yield f"  - one of these would do, for {criteria}:"
        indent = "  " if len(asked) == 1 else "      "
        for question in asked:
            text = f"{question.ask} [{question.of}: {question.fact}; {', '.join(question.criteria)}]"
            yield from textwrap.wrap(text, WIDTH, initial_indent=f"{indent}- ", subsequent_indent=f"{indent}  ")


def _criterion(part: Assessed, depth: int, *, quiet: bool = False) -> Iterator[str]:
    """Write a criterion with its evidence and what is below it; quiet: the criterion alone."""
    indent = "  " * depth
    name = part.title or part.test or "one of several ways"
    label = f"{indent}{MARK[part.status]} {part.id + '  ' if part.id else ''}{name}"
    value = f": {part.value}" if part.value else ""
    yield from textwrap.wrap(label + value, WIDTH, subsequent_indent=indent + "    ")
    if part.why:
        yield from textwrap.wrap(part.why, WIDTH, initial_indent=indent + "      ", subsequent_indent=indent + "      ")
    shown = part.evidence[:SHOWN]
    for row in shown:
        yield f"{indent}      {_row(row)}"
    more = len(part.evidence) - len(shown) + part.more_evidence
    if more:
        yield f"{indent}      and {more} more"
    for below in () if quiet else part.parts:
        if _shown(below, part):
            yield from _criterion(below, depth + 1)


def _shown(part: Assessed, above: Assessed) -> bool:
    """Say whether a part is printed: a numbered one always, a step where it explains why the criterion is not met."""
    if above.status == "not-applicable":
        return False
    if part.id or any(_shown(below, part) for below in part.parts if below.id):
        return True
    return above.status != "met" and part.status not in {"not-applicable", "met"}


def _row(row: Evidence) -> str:
    return "  ".join(text for text in (row.date, row.value, row.reference) if text)
