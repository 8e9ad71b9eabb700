"""How many injections a day a list of insulins adds up to: each name with how often it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import numbers
from priorauth.documents.understand.find import Finder
from priorauth.documents.understand.rules import Rule
from priorauth.documents.understand.sentences import Sentence
from priorauth.values import dates

_OFTEN: Final = re.compile(numbers.OFTEN, re.IGNORECASE)
_NOT: Final = re.compile(
    r"\b(?:sliding scale|correction(?:s| scale)? only|drip|infusion|as needed|prn|per protocol|pump|via pump"
    r"|inpatient|iv|if|consider|start|begin"
    r"|switch|change to|would|plan|skip\w*|forg[eo]t\w*)\b",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(r"\b(?:alone|only|basal only|once)\b", re.IGNORECASE)


_DAILY: Final = re.compile(r"\bMDI\b|multiple daily injections", re.IGNORECASE)
"""Beside these a long-acting insulin is taken once, where nothing else is said."""
_ONE_MEAL: Final = re.compile(r"(?:(?:before|with|at|for)\s+)?(?:breakfast|lunch|dinner|supper)", re.IGNORECASE)
"""Each of several meals has its own dose."""
_STOP: Final = re.compile(r"[.;](?:\s|$)|\t|\) ")
_STOP_LISTED: Final = re.compile(r"[.;](?:\s|$)|\) ")
"""What ends what is said of an insulin; a brand in brackets right behind its name does not."""
_APART: Final = 3
"""So many lines further on a list of medicines is another."""
_MOST: Final = 12
_NAMES: Final = 4
_LONG: Final = 600
"""More than this is a list of something else."""


class Dose(NamedTuple):
    """An insulin and how often a day it is given; None where the text does not say."""

    role: str
    start: int
    end: int
    often: int | None
    more: int = 0
    """By how many more, where it is a range."""


def added(finder: Finder, told: Sequence[Sentence]) -> Iterator[Proposal]:
    """Yield the injections a day of each sentence that lists insulins with how often they are given."""
    for rule in finder.rules.facts.values():
        if not rule.sums:
            continue
        dosed = [
            (sentence, doses)
            for sentence in told
            if rule.allows(finder.head.kind, sentence.section)
            and not sentence.carried
            and (doses := _doses(rule, sentence))
        ]
        yield from _listed(finder, rule, dosed)
        everywhere = {role for sentence in told for role, shown in rule.sums.items() if shown.search(sentence.text)}
        for sentence, doses in dosed:
            roles = {dose.role for dose in doses}
            if any(dose.often is None for dose in doses):
                continue
            if (
                roles in ({"basal"}, {"rapid"})
                and (everywhere & {"basal", "rapid"}) != roles
                and not _ONLY.search(sentence.text)
            ):
                continue
            if roles == {"rapid"}:
                continue
            yield from _proposal(finder, rule, sentence, doses)


def _listed(finder: Finder, rule: Rule, dosed: Sequence[tuple[Sentence, list[Dose]]]) -> Iterator[Proposal]:
    """Yield the injections a day of a list of medicines, an insulin to a line."""
    runs: list[list[tuple[Sentence, list[Dose]]]] = []
    for sentence, some in dosed:
        last = runs[-1][-1][0] if runs else None
        apart = _APART if sentence.section == "medications" else 1
        if (
            last is None
            or (last.page, last.section) != (sentence.page, sentence.section)
            or sentence.line - last.line > apart
        ):
            runs.append([])
        runs[-1].append((sentence, some))
    for lines in runs:
        doses = [dose for _, some in lines for dose in some]
        if any({"basal", "rapid"} <= {dose.role for dose in some} for _, some in lines):
            continue
        if len(lines) < 2 or len({dose.role for dose in doses}) < 2 or any(dose.often is None for dose in doses):  # noqa: PLR2004
            continue
        (first, begins), (last, ends) = lines[0], lines[-1]
        page = finder.pages[first.page].text
        start, end = first.places[begins[0].start], last.places[max(ends[-1].end - 1, 0)] + 1
        total = sum(dose.often or 0 for dose in doses)
        plain = not any(
            _NOT.search(sentence.text)
            or finder.rules.context.of(sentence.text, some[0].start, some[-1].end, sentence.section, rule.fact.kind)
            for sentence, some in lines
        )
        if plain and 1 <= total <= _MOST and end - start <= _LONG:
            own = finder.dating.as_of(first)
            yield Proposal(
                fact=rule.fact.name,
                value=_written(total, doses),
                quote=page[start:end],
                page=first.page,
                start=start,
                date=None if own is None else dates.iso(own),
                by=f"{rule.fact.name}:sum",
            )


def _written(total: int, doses: Sequence[Dose]) -> str:
    """Return how many injections a day doses add up to, a range where one of them is."""
    more = sum(dose.more for dose in doses)
    return f"{total}-{total + more} /d" if more else f"{total} /d"


def _doses(rule: Rule, sentence: Sentence) -> list[Dose]:
    """Return the insulins of a sentence, each with how often it is given."""
    names: list[tuple[str, int, int]] = []
    for role, shown in rule.sums.items():
        for hit in shown.finditer(sentence.text):
            again = any(hit.group().lower() == sentence.text[start:end].lower() for _, start, end in names)
            if not again and not any(start < hit.end() and hit.start() < end for _, start, end in names):
                names.append((role, hit.start(), hit.end()))
    names.sort(key=lambda row: row[1])
    made: list[Dose] = []
    for at, (role, start, end) in enumerate(names):
        if len({dose.role for dose in made}) > 1 and ";" in sentence.text[made[-1].end : start]:
            break
        last = names[at + 1][1] if at + 1 < len(names) else len(sentence.text)
        said = sentence.text[end:last]
        stop = (_STOP_LISTED if sentence.section == "medications" else _STOP).search(said, 2)
        if role != (made[-1].role if made else "") and at + 1 < len(names) and len(said) < 4:  # noqa: PLR2004 - one name twice
            continue
        hits = [hit for hit in _OFTEN.finditer(said) if stop is None or hit.start() < stop.start() + 1]
        counts = [one for hit in hits if (one := numbers.often(hit.group())) is not None and not one.sign]
        best = max(counts[:2], key=lambda one: float(one.low), default=None)
        count = None if best is None else int(float(best.low))
        meals = {hit.group().lower().split()[-1] for hit in hits if _ONE_MEAL.fullmatch(hit.group())}
        if count == 1 and len(meals) > 1:
            count = len(meals)
        more = 0 if best is None or best.high is None else int(float(best.high)) - int(float(best.low))
        made.append(Dose(role, start, end + (hits[0].end() if hits else 0), count, more))
    if _DAILY.search(sentence.text) and any(dose.role == "rapid" and dose.often for dose in made):
        made = [dose._replace(often=1) if dose.role == "basal" and dose.often is None else dose for dose in made]
    return made


def _proposal(finder: Finder, rule: Rule, sentence: Sentence, doses: Sequence[Dose]) -> Iterator[Proposal]:
    start, end = doses[0].start, doses[-1].end
    around = finder.rules.context.of(sentence.text, start, end, sentence.section, rule.fact.kind)
    if around or _NOT.search(sentence.text, max(0, start - 30), min(len(sentence.text), end + 20)):
        return
    total = sum(dose.often or 0 for dose in doses)
    if not 1 <= total <= _MOST or len(doses) > _NAMES:
        return
    own = finder.dating.as_of(sentence)
    first, quote = sentence.quoted(finder.pages[sentence.page].text, start, end)
    yield Proposal(
        fact=rule.fact.name,
        value=_written(total, doses),
        quote=quote,
        page=sentence.page,
        start=first,
        date=None if own is None else dates.iso(own),
        by=f"{rule.fact.name}:sum",
    )
