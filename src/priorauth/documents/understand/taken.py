"""Which of what was found is proposed: what is said twice once, what was corrected not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from priorauth.documents.proposal import Proposal
from priorauth.documents.understand.rules import Rules
from priorauth.documents.understand.sentences import Sentence

_WRONG: Final = re.compile(
    r"\b(?:not|instead of|rather than|from|previously reported(?: as)?|was reported as)\s+(\d+(?:\.\d+)?)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def kept(found: Sequence[Proposal], told: Sequence[Sentence], rules: Rules) -> list[Proposal]:
    """Return the proposals in the order of the pages, each fact, value, day and polarity once."""
    wrong = corrected(told, rules)
    made: dict[tuple[str | None, ...], Proposal] = {}
    stated = {one.fact for one in found if one.polarity == "stated"}
    for one in found:
        rule = rules.facts[one.fact]
        if one.polarity == "stated" and not _is_own(one) and not stated & set(rule.options.get("with_found", stated)):
            continue
        if "only_with" in rule.options and not _is_own(one) and not stated & set(rule.options["only_with"]):
            continue
        if is_wrong(one, rules, wrong):
            continue
        key = (one.fact, one.value, one.date, one.polarity, *((one.since, one.until) if _is_own(one) else ()))
        before = made.get(key)
        if before is None or _says_more(one, before):
            made[key] = one
    rest = _without_less(list(made.values()), rules)
    return sorted(rest, key=lambda one: (one.page, one.start, one.fact, one.value))


def _is_own(one: Proposal) -> bool:
    """Whether our own papers say it, in a line or by an answer: each says one fact, and none says another less well."""
    return one.by.endswith((":line", ":question"))


def _says_more(one: Proposal, before: Proposal) -> bool:
    """Whether a proposal says more than the same before it: it is sure, or says since when."""
    if before.certainty != one.certainty:
        return one.certainty == "sure"
    return before.since is None and one.since is not None


def is_wrong(one: Proposal, rules: Rules, wrong: Collection[str]) -> bool:
    """Whether the number of a proposal is one of those that a correction says were wrong."""
    first = _NUMBER.findall(one.value)[:1]
    return (
        one.polarity == "stated"
        and rules.facts[one.fact].fact.kind in ("measurement", "event", "regimen")
        and bool(first)
        and first[0] in wrong
    )


def corrected(told: Sequence[Sentence], rules: Rules) -> set[str]:
    """Return the numbers that a correction says were wrong."""
    numbers: set[str] = set()
    for sentence in told:
        if rules.corrections.search(sentence.text):
            numbers.update(_WRONG.findall(sentence.text))
    return numbers


def _without_less(found: list[Proposal], rules: Rules) -> list[Proposal]:
    """Return proposals without those that another says better: an event without a day beside the same with one."""
    made: list[Proposal] = []
    explicit = {one.date for one in found if one.fact == "insulin_injections" and not one.by.endswith(":sum")}
    for at, one in enumerate(found):
        kind = rules.facts[one.fact].fact.kind
        same = [
            other for other in found if other is not one and other.fact == one.fact and other.polarity == one.polarity
        ]
        if _is_own(one):
            made.append(one)
            continue
        if one.by.endswith(":sum") and one.date in explicit:
            continue
        if kind in ("event", "measurement") and one.polarity == "stated" and one.date is None:
            if kind == "event" and any(other.date for other in same):
                continue
            if any(other.date and _number(other.value) == _number(one.value) for other in same):
                continue
        if (
            kind == "event"
            and one.polarity == "stated"
            and one.value == "yes"
            and any(other.date == one.date and other.value != "yes" for other in same)
        ):
            continue
        if kind in ("condition", "attestation") and any(
            (other.fact, other.date, other.polarity) == (one.fact, one.date, one.polarity) for other in found[:at]
        ):
            continue
        made.append(one)
    return made


def _number(value: str) -> str:
    hit = _NUMBER.search(value)
    return value if hit is None else f"{float(hit.group()):g}"
