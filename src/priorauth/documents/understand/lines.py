"""Lines of the papers that priorauth itself drafts: ``HbA1c: 8.4 % (6 Oct 2026, laboratory result).``

A drafted letter says each row of the record by the label of its fact, its value, and in brackets its day and the kind
of its source, as ``policies/labels.yaml`` has them. A clinic prints it, signs it and sends it; here it is read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

import msgspec

from priorauth.documents.pages import SURE, Page, words_in
from priorauth.documents.proposal import Certainty, Polarity, Proposal
from priorauth.documents.understand import amounts, boxes, days, numbers
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.rules import Rule, Rules
from priorauth.facts import vocabulary
from priorauth.language import english
from priorauth.language.english import labels
from priorauth.values import dates

_LINE: Final = re.compile(r"(?P<said>[^()\t]{3,160}) \((?P<inner>[^()\t]{3,160})\)\.?")
_AMOUNT: Final = re.compile(
    r"(?P<sign><=|>=|<|>)? ?(?P<low>\d+(?:\.\d+)?)(?: to (?P<high>\d+(?:\.\d+)?))?(?: (?P<unit>.+))?"
)
_CRITERION: Final = re.compile(
    r"^[ \t]*(?:\d{1,2}\. )?Criterion\b[^:\n]{0,40}: [^\n]*(?:\n[^\n]+){0,2}?\.[ \t]*$", re.MULTILINE
)
"""How a paper begins to say what the payer asks."""
_GAP: Final = re.compile(r"\[prescriber: [^\[\]]{1,3000}\]")
_LINES: Final = 3
"""Over so many lines of a page one of ours may go."""
_LIST: Final = "A list for the clinic. It decides nothing."
_BEGUN: Final = 30
"""So many letters of a question tell it."""
_UNITS: Final = {"a day": "/d", "units a day": "[iU]/d", "units": "[iU]", "USD": "{USD}", "months": "mo", "days": "d"}
"""How a unit is said, where it is not said by its code; further ones stand in labels.yaml."""


class Line(NamedTuple):
    """A line of a paper of ours: what it says, whether it denies or only holds possible, its days and its source."""

    label: str
    value: str | None
    polarity: Polarity
    certainty: Certainty
    days: str
    source: str


class Span(NamedTuple):
    """When a row was: a day or days, or since when and until when."""

    date: str | None = None
    since: str | None = None
    until: str | None = None


def read(page: Page, rules: Rules, head: Head) -> tuple[list[Proposal], Page]:
    """Return what the lines and the ticked questions of our own papers say, and the page without them.

    What the payer asks (``Criterion``), a question without a tick, and a box that waits to be filled (``[prescriber:
    refills]``) say nothing, and are left out of the page as well.
    """
    found: list[Proposal] = []
    own = head.own
    text = _GAP.sub(_blank, page.text)
    for start, end, line in _lines(text, scanned=page.how == "ocr"):
        rule = rules.facts.get(_facts()[line.label])
        made = None if rule is None else _proposal(rule, rules, line, own)
        if made is not None:
            certainty = "hedged" if _unsure(page, start, end) else made.certainty
            quote = page.text[start:end]
            found.append(msgspec.structs.replace(made, page=page.number, start=start, quote=quote, certainty=certainty))
        text = text[:start] + _spaces(text[start:end]) + text[end:]
    text = _CRITERION.sub(_blank, text)
    begun = 0
    for row in text.split("\n"):
        start, begun = begun, begun + len(row) + 1
        ticks = boxes.boxes(row)
        if len(ticks) != 2 or _said(row, ticks) != ("yes", "no"):  # noqa: PLR2004 - a yes and a no
            continue
        fact = _question(row[: ticks[0].start])
        if fact is None:
            continue
        first, end = start + len(row) - len(row.lstrip()), start + len(row.rstrip())
        text = _without_rest(
            text[:start] + _spaces(row) + text[start + len(row) :], end, row, vocabulary.load()[fact].ask
        )
        if fact in rules.facts and ticks[0].ticked != ticks[1].ticked:
            found.append(_answer(fact, page, (first, end), own, yes=ticks[0].ticked))
    return found, msgspec.structs.replace(page, text=text)


def is_list(pages: Sequence[Page]) -> bool:
    """Whether a document is our checklist for a clinic: it names papers and questions, and states nothing."""
    return bool(pages) and _LIST in " ".join(pages[0].text.split())


def bare(page: Page) -> Page:
    """Return a page without the lines and the empty boxes of our own papers: their days date no document."""
    text = _GAP.sub(_blank, page.text)
    for start, end, _ in _lines(text, scanned=page.how == "ocr"):
        text = text[:start] + _spaces(text[start:end]) + text[end:]
    return msgspec.structs.replace(page, text=text)


def _unsure(page: Page, start: int, end: int) -> bool:
    """Whether a figure of a line may be another: one that was badly recognised, or a 9, as which our 0 is recognised."""
    if page.how == "text":
        return False
    figures = [word for word in words_in(page, start, end) if re.search(r"\d", word.text)]
    return "9" in page.text[start:end] or any(word.sure < SURE for word in figures)


def _lines(text: str, *, scanned: bool) -> Iterator[tuple[int, int, Line]]:
    """Yield the lines of our own papers in a text, with where each begins and ends: a long one goes over several."""
    rows = text.split("\n")
    starts = [0, *accumulate(len(row) + 1 for row in rows)]
    first = 0
    while first < len(rows):
        for last in range(first + 1, min(first + _LINES, len(rows)) + 1) if rows[first].strip() else ():
            line = parsed(" ".join(" ".join(rows[first:last]).split()), scanned=scanned)
            if line is not None:
                begins = starts[first] + len(rows[first]) - len(rows[first].lstrip())
                yield begins, starts[last - 1] + len(rows[last - 1].rstrip()), line
                first = last - 1
                break
        first += 1


def _answer(fact: str, page: Page, words: tuple[int, int], own: int | None, *, yes: bool) -> Proposal:
    """Return what a ticked question says."""
    return Proposal(
        fact=fact,
        value="yes" if yes else "no",
        quote=page.text[slice(*words)],
        page=page.number,
        start=words[0],
        date=None if own is None else dates.iso(own),
        polarity="stated" if yes else "denied",
        by=f"{fact}:question",
    )


def _said(line: str, ticks: list[boxes.Box]) -> tuple[str, str]:
    """Return the words behind two boxes."""
    return line[ticks[0].end : ticks[1].start].strip().casefold(), line[ticks[1].end :].strip().casefold()


def _question(label: str) -> str | None:
    """Return the fact whose question a label is, or begins: a long one goes on below."""
    said = _squeezed(label)
    asked = [fact for ask, fact in _asks().items() if ask == said]
    begun = [fact for ask, fact in _asks().items() if len(said) >= _BEGUN and ask.startswith(f"{said} ")]
    return next(iter(asked), None) or (begun[0] if len(begun) == 1 else None)


def _without_rest(text: str, end: int, row: str, ask: str) -> str:
    """Return a text without the lines below a question with which it goes on."""
    said = _squeezed(row[: boxes.boxes(row)[0].start])
    end = max(end, text.find("\n", end)) if text.find("\n", end) >= 0 else len(text)
    while said != _squeezed(ask):
        start = end + 1
        stop = text.find("\n", start)
        line = text[start : stop if stop >= 0 else len(text)]
        if not line.strip() or not _squeezed(ask).startswith(f"{said} {_squeezed(line)}"):
            break
        said, end = f"{said} {_squeezed(line)}", start + len(line)
        text = text[:start] + _spaces(line) + text[end:]
    return text


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _blank(match: re.Match[str]) -> str:
    return _spaces(match.group())


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


@cache
def _asks() -> dict[str, str]:
    """Return the facts that only a person can state by the question that asks for them."""
    known = vocabulary.load().facts.values()
    return {_squeezed(fact.ask): fact.name for fact in known if fact.kind == "attestation"}


def parsed(text: str, *, scanned: bool = False) -> Line | None:
    """Return what a line says; None where it is none of our own. ``scanned``: one letter of its label may be wrong."""
    match = _LINE.fullmatch(text.strip())
    if match is None:
        return None
    when, _, source = ("", "", match["inner"]) if ", " not in match["inner"] else match["inner"].rpartition(", ")
    if source.casefold() not in _sources():
        return None
    label, _, value = match["said"].partition(": ")
    folded = label.casefold()
    if scanned and folded not in _facts():
        folded = _near(folded)
    polarity: Polarity = "stated"
    certainty: Certainty = "sure"
    if not value and folded not in _facts():
        first, _, rest = folded.partition(" ")
        if first in ("no", "possible") and rest in _denied():
            folded = _denied()[rest]
            polarity, certainty = ("denied", "sure") if first == "no" else ("stated", "hedged")
    return Line(folded, value or None, polarity, certainty, when, source) if folded in _facts() else None


def _near(label: str) -> str:
    """Return the one label that differs from another in one letter, where there is one; else the label."""
    near = [
        one for one in _facts() if len(one) == len(label) and sum(a != b for a, b in zip(one, label, strict=True)) == 1
    ]
    return near[0] if len(near) == 1 else label


def _proposal(rule: Rule, rules: Rules, line: Line, own: int | None) -> Proposal | None:
    """Return a proposal, without its place; None where the value is none of the fact."""
    value = _value(rule, rules, line, own)
    if value is None:
        return None
    fact = rule.fact
    span = _span(line.days, own)
    if fact.kind in ("condition", "regimen") and span.date and "/" in span.date:
        first, _, last = span.date.partition("/")
        span = Span(last, first, last)
    date = span.date
    if date is None and own is not None and fact.kind not in ("event", "measurement"):
        date = dates.iso(own)
    return Proposal(
        fact=fact.name,
        value=value,
        quote="",
        page=0,
        date=date,
        since=span.since,
        until=span.until,
        polarity=line.polarity,
        certainty=line.certainty,
        by=f"{fact.name}:line",
    )


def _value(rule: Rule, rules: Rules, line: Line, own: int | None) -> str | None:
    fact = rule.fact
    if line.polarity == "denied":
        return "none" if fact.kind in ("event", "measurement", "regimen") else "no"
    if fact.values == ("date",):
        said = days.found(line.value or line.days, own)
        return said[0].said if len(said) == 1 and said[0].first == said[0].last else None
    if fact.kind == "attribute" and fact.values not in (("number",), ("integer",)):
        named = {labels().value(value).casefold(): value for value in fact.values}
        return named.get((line.value or "").casefold())
    if line.value is None:
        return "yes" if fact.kind in ("event", "condition", "attestation") else None
    match = _AMOUNT.fullmatch(line.value)
    if match is None:
        return None
    unit = _spoken().get(match["unit"] or "", match["unit"] or fact.unit or "1")
    amount = numbers.Amount(match["sign"] or "", match["low"], match["high"])
    return _written(rule, rules, amount, unit)


def _written(rule: Rule, rules: Rules, amount: numbers.Amount, unit: str) -> str | None:
    """Return an amount with its unit; None where it cannot be one of the fact."""
    said = amounts.written(rule._replace(options={}), rules.units, amount, unit)
    return said.removesuffix(" 1") if said is not None and unit == "1" else said


def _span(said: str, own: int | None) -> Span:
    """Return the days that stand in the brackets of a line: the words of ``decide.page.words.when``, read back."""
    found = days.found(said, own or dates.LATEST)  # a first day without its year has that of the last
    stretches = [day.said for day in found if day.how not in ("word", "for", "over", "ago", "this", "weekday")]
    first = stretches[0] if stretches else None
    if first is None:
        return Span()
    words = said.casefold()
    if words.startswith("by "):
        return Span(first, None, stretches[1] if "until" in words and len(stretches) > 1 else None)
    if words.startswith("since "):
        return Span(None, first, stretches[1] if "until" in words and len(stretches) > 1 else None)
    if words.startswith("until "):
        return Span(None, None, first)
    if words.endswith(" or longer"):
        begins, _, ends = first.partition("/")
        return Span(ends or begins, begins, None)
    return Span(first)


@cache
def _facts() -> dict[str, str]:
    """Return the facts by their label, in small letters."""
    return {labels().one(name).casefold(): name for name in vocabulary.load()}


@cache
def _denied() -> dict[str, str]:
    """Return the labels by how they stand behind "no" and "possible"."""
    return {english.bare(label): label for label in _facts()}


@cache
def _sources() -> frozenset[str]:
    table = labels()
    return frozenset(word.casefold() for word in (*table.kinds.values(), *table.observed.values()))


@cache
def _spoken() -> dict[str, str]:
    """Return units by how they are spoken."""
    return {**{said: code for code, said in labels().units.items()}, **_UNITS}
