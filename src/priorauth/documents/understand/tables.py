"""Results that stand in rows: a label and a value under headings, values under days, days and values under a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import amounts, days, parts
from priorauth.documents.understand import cells as rows
from priorauth.documents.understand.cells import Cell
from priorauth.documents.understand.days import Day
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.rules import Rule, Rules
from priorauth.documents.understand.sentences import digits
from priorauth.values import dates

_VALUE: Final = re.compile(
    r"(?P<value>(?:<=|>=|<|>|≤|≥)?\s*(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+(?!\S)))\s*(?P<flag>\(?(?:HH|LL|H|L|A|\*)\)?(?=\s"
    r"|$))?\s*(?P<unit>[%A-Za-zµμ/][^\s()]*(?: creat\w*)?)?",
)
_FLAG: Final = re.compile(
    r"\(?(?:HH|LL|H|L|A|N|\*+|high|low|abnormal|above range|below range|above|below)\)?", re.IGNORECASE
)
_PREVIOUS: Final = re.compile(r"\s*(?:previous(?:ly)?|prior|last)\b\s*(?:results?|values?)?\s*:?\s*", re.IGNORECASE)
_NO_RESULT: Final = re.compile(
    r"\b(?:goal|target|ref|reference|normal|estimated|gmi|eag|therapeutic|corrected from|previously reported"
    r"|previous report|in error|void|poor copy|illegible|not reported|h[a]?emoly[sz]ed|pending)\b",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"\(?\s*(?:<|>)?\s*\d+(?:\.\d+)?\s*-\s*\d+(?:\.\d+)?\s*\)?|\(\s*(?:<|>)[^)]*\)|[<>]\s*\d+(?:\.\d+)?$"
)


_FASTING: Final = re.compile(r"\bfasting(?: status)?\s*[:?]?\s+(?:y\b|yes\b|\d+\+? ?h)|\d,\s*fasting\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"\(?\d{0,2}[a-z]?[.)]?", re.IGNORECASE)
_SUB: Final = re.compile(r"(?:ratio|result|value|level|calc(?:ulated)?)\b[ .:]*", re.IGNORECASE)
_DAYS: Final = re.compile(
    r"(?:date|collected|drawn|visit(?: date)?|test date|date of (?:test|visit)|day|when|coll\.? date|date collected)",
    re.IGNORECASE,
)
_UNIT_BEHIND: Final = re.compile(r"\s*\(?(?:%|kg|lbs?|mg/dL|ng/mL)\)?$", re.IGNORECASE)
_LABORATORY: Final = re.compile(r"\blaborator(?:y|ies)\b|\blab report\b", re.IGNORECASE)
_TOP: Final = 8
_BENEATH: Final = 9
"""So many columns a value may stand off the middle of its day."""
_HERE: Final = re.compile(r"\b(?:in-house|this morning|today|in (?:clinic|office)|POC|point of care)\b", re.IGNORECASE)
_LABEL: Final = 28
"""So many letters may stand beside the words that a label is known by."""


def results(page: Page, rules: Rules, head: Head, others: Sequence[Page]) -> Iterator[Proposal]:
    """Yield the results that stand in rows on a page. ``others``: all pages of the document, for the day of the sample."""
    text = digits(page.text)
    own, first = head.own, head.day_first
    collected = _of_sample(text, head, others)
    columns: list[tuple[int, Day]] = []
    label: tuple[Rule, ...] = ()
    begun = 0
    seen: set[str] = set()
    group: tuple[Rule, ...] = ()
    after: int | None = None
    fasting = _FASTING.search(text) is not None
    aims: list[int] = []
    yield from _beneath_names(page, rules, text, own, first=first)
    for line in text.split("\n"):
        start, begun = begun, begun + len(line) + 1
        wide = rows.of_line(line, start)
        if not wide:
            label, columns, aims = (), [] if not seen else columns, []
            continue
        if rows.AIM.fullmatch(wide[0].text.strip(" :")):
            continue
        heads = rows.aims(page, wide)
        aims = aims if heads is None else heads
        wide = [cell for number, cell in enumerate(wide) if not number or not rows.aimed(page, cell, aims)]
        if len(wide) > 1 and _NUMBERED.fullmatch(wide[0].text):
            wide = wide[1:]
        dated = rows.columns(wide, own, first)
        if dated and not _labelled(wide[0].text, rules):
            columns = dated
            continue
        after = rows.after(page, wide, after)
        rule = _labelled(wide[0].text, rules, fasting=fasting)
        if not rule and group and len(wide) > 1 and _SUB.fullmatch(wide[0].text):
            rule = group
        if len(wide) == 1:
            group = rule
        if rule and len(wide) > 1:
            label = rule
            at = wide[1].start - start
            trend = list(_continued(page, label, rules, " " * at + line[at:], start, own, first))
            if trend:
                yield from trend
                continue
        for named, some in _segments(wide, rules, rule):
            for one in named:
                yield from _row(page, one, rules, some, columns, collected, head, seen, own, after, others)
        if rule and len(wide) > 1:
            continue
        if label and (found := list(_continued(page, label, rules, line, start, own, first))):
            yield from found
        else:
            label = rule


def _segments(
    cells: Sequence[Cell], rules: Rules, first: tuple[Rule, ...]
) -> Iterator[tuple[tuple[Rule, ...], list[Cell]]]:
    """Yield the parts of a row that begin with a label: two tables may stand side by side."""
    begun, at = first, 0
    for number, cell in enumerate(cells[1:], 1):
        if number + 1 < len(cells) and len(cell.text) > 2 and (rule := _labelled(cell.text, rules)):  # noqa: PLR2004 - a word
            if begun and number - at > 1:
                yield begun, list(cells[at:number])
            begun, at = rule, number
    if begun and len(cells) - at > 1:
        yield begun, list(cells[at:])


def _beneath_names(page: Page, rules: Rules, text: str, own: int | None, *, first: bool) -> Iterator[Proposal]:
    """Yield the results of tables whose rows begin with a day and whose columns are named."""
    under: tuple[tuple[Rule, ...], ...] = ()
    begun = 0
    for line in text.split("\n"):
        cells = rows.of_line(line, begun)
        begun += len(line) + 1
        if not cells:
            under = ()
            continue
        under = _headed(cells, rules, own, first) or under
        yield from _beside(page, rules, cells, under, own, first)


def _headed(cells: Sequence[Cell], rules: Rules, own: int | None, first: bool) -> tuple[tuple[Rule, ...], ...]:
    """Return the facts by column that a row names, where its first column is that of days."""
    if len(cells) < 2 or not _DAYS.fullmatch(cells[0].text) or days.found(cells[0].text, own, day_first=first):  # noqa: PLR2004
        return ()
    made = tuple(_labelled(_UNIT_BEHIND.sub("", cell.text), rules) for cell in cells)
    return made if any(made[1:]) else ()


def _beside(
    page: Page, rules: Rules, cells: Sequence[Cell], under: Sequence[Sequence[Rule]], own: int | None, first: bool
) -> Iterator[Proposal]:
    """Yield the values of a row that begins with its day, under a row that names the facts."""
    day = next(iter(days.found(cells[0].text, own, day_first=first)), None)
    if day is None or day.start > 1 or len(cells) != len(under):
        return
    for cell, named in zip(cells[1:], under[1:], strict=True):
        hit = _VALUE.match(cell.text)
        for rule in named:
            if hit is None or rule.fact.kind != "measurement" or "with_other" in rule.options:
                continue
            quoted = Cell("", cells[0].start, cell.end)
            if (made := _made(page, rule, rules, hit["value"], hit["unit"], day.said, quoted)) is not None:
                yield made


def _labelled(cell: str, rules: Rules, *, fasting: bool = False) -> tuple[Rule, ...]:
    """Return the facts whose label a cell is. ``fasting``: whether the sample was taken so."""
    folded = " ".join(cell.lower().rstrip(" :.").split())
    folded = re.sub(
        r",? \(?24[ -]?h(?:rs?|ours?)?\)?$|^\d{1,2}[a-z]?[.)] ?|\s+(?:in|over|within) (?:the )?(?:last|past) \d+ \w+$",
        "",
        folded,
    )
    return tuple(
        rule
        for rule in rules.facts.values()
        if rule.row is not None
        and (hit := rule.row.search(folded) or (rule.fasting.fullmatch(folded) if fasting and rule.fasting else None))
        and hit.start() <= 1
        and len(folded) - len(hit.group()) <= _LABEL
        and not (rule.not_row is not None and rule.not_row.search(folded))
        and not re.search(r"\d{2}", folded[hit.end() :])
    )


def _row(
    page: Page,
    rule: Rule,
    rules: Rules,
    cells: Sequence[Cell],
    columns: Sequence[tuple[int, Day]],
    collected: Day | None,
    head: Head,
    seen: set[str],
    own: int | None,
    after: int | None,
    others: Sequence[Page],
) -> Iterator[Proposal]:
    """Yield the results of one row: under days where days head its columns, else the first value as of the sample."""
    if "with_other" in rule.options and not _paired(others, rules, rule):
        return
    if rule.fact.kind in ("attribute", "condition"):
        yield from _sign(page, rule, cells, collected)
        return
    standing = rule.fact.kind == "regimen" or rule.dated == "document"
    unit = _unit(cells[1:], rule, rules)
    values = _values(page, cells, None if not standing else after, trend=bool(columns))
    if len(columns) >= 2:  # noqa: PLR2004 - a trend
        paired = "with_other" in rule.options and collected is not None
        for one in _beneath(page, rule, rules, values, columns, unit):
            if not paired or collected is None or one.date == collected.said:
                yield one
        return
    if standing:
        values = values[:1]
    for number, (cell, hit) in enumerate(values):
        inner = next(iter(days.found(cell.text[hit.end("value") :], own, day_first=head.day_first)), None)
        said = None if inner is None else dates.iso(inner.last) if standing and inner.how == "two" else inner.said
        if number == 0 and said is None:
            said = _sampled(page, head, collected)
            if said is None and own is not None and _HERE.search(cells[0].text):
                said = dates.iso(own)
            if said is None and not standing:
                said = rows.taken(cells, cell, own, day_first=head.day_first)
        above = [day for middle, day in columns if abs(rows.column(page, middle) - rows.column(page, cell.start)) <= 10]  # noqa: PLR2004
        if number and above and inner is None:
            said = above[0].said
        elif number and inner is None:
            continue
        if said is None and standing and own is not None:
            loaded = parts.window(page, own, head) if rule.fact.kind == "measurement" else None
            said = dates.iso(own if loaded is None else loaded)
        if said is None and head.kind != "lab-report":
            continue
        quoted = cell
        if number == 0 and len(cells) > 1:
            last = next(
                (one for one in cells if one.start > cell.end and rules.units.conversion(rule.fact.name, one.text)),
                cell,
            )
            quoted = Cell("", cells[0].start, last.end)
        if (made := _made(page, rule, rules, hit["value"], hit["unit"] or unit, said, quoted)) is not None:
            seen.add(rule.fact.name)
            yield made


def _of_sample(text: str, head: Head, others: Sequence[Page]) -> Day | None:
    """Return the day of the sample of a page, of a report also where another page has it."""
    own = head.own
    here = rows.collected(text, own, head.day_first)
    if here is not None or head.kind != "lab-report":
        return here
    return next((day for other in others if (day := rows.collected(digits(other.text), own, head.day_first))), None)


def _sampled(page: Page, head: Head, collected: Day | None) -> str | None:
    """Return the day of the sample, of which the results on the page of a laboratory are."""
    top = "\n".join(page.text.split("\n")[:_TOP])
    of_lab = head.kind == "lab-report" or (head.kind == "fax-packet" and _LABORATORY.search(top) is not None)
    return collected.said if of_lab and collected is not None else None


def _values(page: Page, cells: Sequence[Cell], after: int | None, *, trend: bool) -> list[tuple[Cell, re.Match[str]]]:
    """Return the cells of a row that hold a value. ``after``: the column of what holds now, its value before the others."""
    values = [
        (cell, hit)
        for cell in cells[1:]
        if not _REFERENCE.fullmatch(cell.text)
        and not _FLAG.fullmatch(cell.text)
        and (hit := _VALUE.match(cell.text)) is not None
    ]
    if not trend and _NO_RESULT.search(page.text[cells[0].start : cells[-1].end]):
        values = values[:1] if values and not _NO_RESULT.search(values[0][0].text) else []
    if after is not None and len(values) > 1:
        values.sort(key=lambda one: abs(rows.column(page, one[0].start + len(one[0].text) // 2) - after))
    return values


def _beneath(
    page: Page,
    rule: Rule,
    rules: Rules,
    values: Sequence[tuple[Cell, re.Match[str]]],
    columns: Sequence[tuple[int, Day]],
    unit: str | None,
) -> Iterator[Proposal]:
    """Yield the values that stand beneath the days of a trend, one to a day."""
    used: set[int] = set()
    for cell, hit in values:
        middle = rows.column(page, cell.start + len(cell.text) // 2)
        at = min(range(len(columns)), key=lambda one: abs(rows.column(page, columns[one][0]) - middle))
        if abs(rows.column(page, columns[at][0]) - middle) > _BENEATH or at in used:
            continue
        used.add(at)
        if (made := _made(page, rule, rules, hit["value"], hit["unit"] or unit, columns[at][1].said, cell)) is not None:
            yield made


def _sign(page: Page, rule: Rule, cells: Sequence[Cell], collected: Day | None) -> Iterator[Proposal]:
    """Yield whether a row says positive or negative, by a word or a flag."""
    words = [cell.text.strip("()*").lower() for cell in cells[1:]]
    positive = any(
        re.fullmatch(r"[\d.,]+ ?\(?(?:h{1,2}|high|abn?)|h{1,2}|high|pos(?:itive)?\b.*|detected|reactive|abnormal", word)
        for word in words
    )
    negative = any(re.fullmatch(r"neg(?:ative)?\b.*|not detected|non-?reactive", word) for word in words)
    if positive == negative:
        return
    value = "positive" if positive else "negative"
    if rule.fact.kind == "condition":
        value = "yes" if positive else "no"
    quote = page.text[cells[0].start : cells[-1].end]
    day = None if collected is None else collected.said
    yield Proposal(
        fact=rule.fact.name,
        value=value,
        quote=quote,
        page=page.number,
        start=cells[0].start,
        date=day,
        polarity="denied" if value == "no" else "stated",
        by=f"{rule.fact.name}:rows",
    )


def _paired(pages: Sequence[Page], rules: Rules, rule: Rule) -> bool:
    """Whether the other fact of a pair has a row in the same report."""
    other = rules.facts.get(rule.options["with_other"][0])
    return other is not None and other.row is not None and any(other.row.search(page.text) for page in pages)


def _unit(cells: Sequence[Cell], rule: Rule, rules: Rules) -> str | None:
    """Return the unit of a row: the first cell that is one of the fact."""
    for cell in cells:
        if rules.units.conversion(rule.fact.name, cell.text) is not None and not cell.text.isdecimal():
            return cell.text
        hit = _VALUE.fullmatch(cell.text)
        if hit is not None and hit["unit"] and rules.units.conversion(rule.fact.name, hit["unit"]) is not None:
            return hit["unit"]
    return None


def _made(
    page: Page, rule: Rule, rules: Rules, value: str, unit: str | None, day: str | None, cell: Cell
) -> Proposal | None:
    if unit is not None and rules.units.conversion(rule.fact.name, unit) is None:
        unit = None
    read = amounts.read(rule, rules.units, " ".join(value.split()), unit)
    if read is None:
        return None
    none = rule.fact.kind == "regimen" and amounts.is_none(read)
    return Proposal(
        fact=rule.fact.name,
        value="none" if none else read,
        polarity="denied" if none else "stated",
        quote=page.text[cell.start : cell.end],
        page=page.number,
        start=cell.start,
        date=day,
        by=f"{rule.fact.name}:rows",
    )


def _continued(
    page: Page, label: Sequence[Rule], rules: Rules, line: str, start: int, own: int | None, first: bool
) -> Iterator[Proposal]:
    """Yield results of a row that has days and values alone, and so goes on under the label above it."""
    rest = _PREVIOUS.sub(lambda hit: " " * len(hit.group()), line, count=1) if _PREVIOUS.match(line) else line
    found = days.found(rest, own, day_first=first)
    if not found or rest[: found[0].start].strip(" -*\t"):
        return
    for at, day in enumerate(found):
        ends = found[at + 1].start if at + 1 < len(found) else len(rest)
        hit = _VALUE.match(rest[day.end : ends].lstrip(" :\t"))
        if hit is None or day.first != day.last or _NO_RESULT.search(rest[day.start : ends]):
            continue
        gap = len(rest[day.end : ends]) - len(rest[day.end : ends].lstrip(" :\t"))
        last = day.end + gap + hit.end()
        for rule in label[:1]:
            cell = Cell("", start + day.start, start + last)
            if (made := _made(page, rule, rules, hit["value"], hit["unit"], day.said, cell)) is not None:
                yield made
