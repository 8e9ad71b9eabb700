"""Forms: what is ticked beside a label, by print or by hand; a box that is empty says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Polarity, Proposal
from priorauth.documents.understand import amounts, choices, grids, numbers
from priorauth.documents.understand.rules import Rule, Rules

BOX: Final = re.compile(
    r"\[[ _]{0,3}(?P<in>[xX*✓✔√]?)[ _]{0,3}\]|\{ {0,3}(?P<brace>[xX✓]?) {0,3}\}|(?P<letter>(?<!\S)[xXoO](?= (?:yes|no)\b))"
    r"|\((?P<round>[xXoO●◉✓*]| {0,3})\)|(?P<sign>[☐☑☒□■✓✔])|(?P<ring>[○◯●◉])"
    r"|(?<!\w)_{1,4}(?P<line>[xX✓])_{0,4}(?!\w)|(?P<blank>(?<!\w)_{2,6}(?=\s{0,2}(?:yes|no|y|n)\b)|(?<=\byes )_{2,6}|(?<=\bno )_{2,6})"
    r"|(?P<fore>(?:^\s*|(?<=\s\s))_{2,6}(?=\s{1,2}[A-Za-z(]))",
    re.IGNORECASE,
)
_TICKED: Final = frozenset("xXoO*✓✔√☑☒■●◉")
_YES: Final = re.compile(r"\s*(?:yes|y)\b", re.IGNORECASE)
_NO: Final = re.compile(r"\s*(?:no|n)\b", re.IGNORECASE)
_YES_BEFORE: Final = re.compile(r"\b(?:yes|y)\s*:?\s*$", re.IGNORECASE)
_NO_BEFORE: Final = re.compile(r"\b(?:no|n)\s*:?\s*$", re.IGNORECASE)
_DOUBT: Final = re.compile(r"\b(?:not sure|unsure|unknown|n/?a|don't know|\?\?)\b|crossed out", re.IGNORECASE)
_DENYING: Final = re.compile(r"\b(?:no|not|without|free of|never|absence of|denies)\b", re.IGNORECASE)
_YES_OR_NO: Final = re.compile(r"\b(?:yes|no|y|n)\b", re.IGNORECASE)
"""Before one box alone: the other of the two was lost."""
_FIGURE: Final = re.compile(rf"(?:[^\d\s]+\s+){{0,3}}?(?P<amount>{numbers.AMOUNT})", re.IGNORECASE)
_PER_DAY: Final = re.compile(r"\b(?:per|a|each) day|daily|/ ?d(?:ay)?\b", re.IGNORECASE)
_WORDS: Final = 8
"""So many words of a label may stand behind those that name a fact, or of an answer between its two boxes."""
_LEADER: Final = re.compile(
    r"[^.:\[\]]{0,36}?\s*(?:\.{2,}|:|\s{3})\s*(?P<none>(?:none|no|denies|never)\b)", re.IGNORECASE
)
_FORM: Final = 3
"""From so many lines with boxes on, a page holds a form."""
_FORM_REACH: Final = 4
_FORM_WORDS: Final = 22
_REMAINS: Final = re.compile(r"\s*(?:[\[{(|\]}£]|[iIlLCDO1] ?[\]jJ}|)]|\d{1,2}[.)]?\s{2,}[A-Z])")
"""What is left of a box at the beginning of a line."""
_DIAGNOSIS: Final = re.compile(r"\W*(?:primary |ordering )?(?:diagnos[ie]s|dx|icd)\b", re.IGNORECASE)
_TAUGHT: Final = re.compile(
    r"\b(?:topics?|taught|teach-?back|skills|needs review|topics covered|content covered|learner|class(?:es)?|return demo\w*)\b",
    re.IGNORECASE,
)
"""Words over boxes that say what was taught."""
_CELL: Final = re.compile(r"(?<=\s{3})(?:[A-Z][\w #/]{1,24}:\s|(?:Code|HCPCS|ICD-10)\b)")
"""A cell with its own label: it is none of the box before it."""


class Box(NamedTuple):
    """A box: where it stands in its line, and whether it is ticked."""

    start: int
    end: int
    ticked: bool


class Pair(NamedTuple):
    """A yes and a no: where their label stands in the line (None: above it), where the two begin and end, the answer, and
    where what is written behind them ends.
    """

    label: tuple[int, int] | None
    first: int
    last: int
    answer: bool | None
    stop: int


def boxes(line: str) -> list[Box]:
    """Return the boxes of a line in order; a ring by itself is a bullet."""
    hits = list(BOX.finditer(line))
    rings = sum(hit["ring"] is not None for hit in hits)
    made = []
    for hit in hits:
        if hit["ring"] is not None and rings < 2:  # noqa: PLR2004 - a yes and a no
            continue
        mark = (
            hit["in"]
            or hit["brace"]
            or (hit["letter"] or "").strip("oO")
            or hit["round"]
            or hit["sign"]
            or hit["ring"]
            or hit["line"]
            or ""
        ).strip()
        made.append(Box(hit.start(), hit.end(), mark in _TICKED and bool(mark)))
    return made


def formed(page: Page) -> frozenset[int]:
    """Return which lines of a page that was recognised from a picture are those of a form, from 0: their boxes may be lost,
    and what stands at a lost box says nothing.
    """
    if page.how != "ocr":
        return frozenset()
    lines = page.text.split("\n")
    at = [number for number, line in enumerate(lines) if boxes(line) or _REMAINS.match(line) or choices.circled(line)]
    if len(at) < _FORM:
        return frozenset()
    return frozenset(
        number
        for number, line in enumerate(lines)
        if line.strip()
        and any(abs(number - other) <= _FORM_REACH for other in at)
        and (len(line.split()) <= _FORM_WORDS or number in at)
        and not _DIAGNOSIS.match(line)
    )


def masked(text: str, *, scanned: bool = False) -> str:
    """Return a text without what stands at boxes, as long as before: shapes are not to read it as prose. ``scanned``:
    whether boxes may have been lost.
    """
    made = []
    open_at: int | None = None
    for whole in choices.without(grids.masked(text)).split("\n"):
        line = whole
        for begins, _, last, _ in choices.circled(line):
            line = line[:begins] + " " * (last - begins) + line[last:]
        found = boxes(line)
        if not found and open_at is not None and line[:1] == " " and _goes_on(line, open_at):
            made.append(" " * len(line))
            continue
        open_at = found[-1].start if found and not found[-1].ticked else None
        if not found or (len(found) == 1 and found[0].ticked and len(line) > 120):  # noqa: PLR2004 - a tick in prose
            made.append(line)
            continue
        made.append(_ticked_words(line, found, scanned=scanned))
    return "\n".join(made)


def _goes_on(line: str, box: int) -> bool:
    """Whether a line goes on with the label of the empty box of the line before it."""
    bare = line.lstrip()
    return bool(bare) and bare[0].islower() and len(line) - len(bare) > box


def _ticked_words(line: str, found: list[Box], *, scanned: bool) -> str:
    """Return a line with the words behind boxes that are ticked, and cells that belong to none; what a yes and a no say is
    none.
    """
    kept = [" "] * len(line)
    first = found[0].start
    before = line[:first].rstrip()
    behind = all(re.match(r"[ \t]?\w", line[box.end :]) for box in found)
    apart = re.search(r"\s{3,}", before.strip()) is not None and first - len(before) >= 3  # noqa: PLR2004 - a gap
    if pairs := _pairs(line, found):
        told = line.rfind(". ", 0, pairs[0].first) + 1
        return line[:told] + " " * (len(line) - told)
    if behind and apart and len(found) > 1:
        kept[: len(before)] = before
    elif behind and first - len(before) > 1:
        pass
    elif before.strip() and not before.endswith(":"):
        return " " * len(line)
    for box, last in zip(found, [*(one.start for one in found[1:]), len(line)], strict=True):
        if box.ticked:
            gap = re.search(r"(?<=\S)\s{3,}", line[box.end : last]) if scanned and len(found) > 1 else None
            ends = last if gap is None else box.end + gap.start()
            kept[box.end : ends] = line[box.end : ends]
        elif (cell := _CELL.search(line, box.end, last)) is not None:
            kept[cell.start() : last] = line[cell.start() : last]
    return "".join(kept)


def ticks(page: Page, rules: Rules, kind: str | None) -> Iterator[Proposal]:
    """Yield what the boxes of a page say: one of a yes and a no beside a label, or a box of its own that is ticked."""
    start = 0
    above = ""
    taught = False
    for line in page.text.split("\n"):
        found = boxes(line)
        if not line.strip():
            taught = False
        elif not found or _pairs(line, found) == []:
            taught = taught or (not found and _TAUGHT.search(line) is not None)
        for begins, first, last, answer in choices.circled(line):
            label = line[begins:first]
            if answer is None or _DOUBT.search(line[last:]):
                continue
            for rule in asked(rules, label, kind):
                value = _said(rule, rules, label, line[last:], yes=answer)
                if value is not None:
                    yield _proposal(page, rule, line, start, begins, last, value)
        if found and not taught:
            yield from _line(page, rules, line, start, found, kind, above)
        if line.strip():
            above = "" if found else line
        start += len(line) + 1
    yield from _gridded(page, rules, kind)


def _gridded(page: Page, rules: Rules, kind: str | None) -> Iterator[Proposal]:
    """Yield what the marks under YES and NO say."""
    for row in grids.rows(page.text):
        line = page.text[row.line :].split("\n", 1)[0]
        label = line[row.label[0] : row.label[1]]
        yield from _measured(page, rules, line, row)
        if _DOUBT.search(row.comment):
            continue
        for rule in asked(rules, label, kind):
            value = _said(rule, rules, label, row.comment, yes=row.yes)
            if value is not None:
                yield _proposal(page, rule, line, row.line, row.label[0], len(line.rstrip()), value)


def _measured(page: Page, rules: Rules, line: str, row: grids.Row) -> Iterator[Proposal]:
    """Yield the result that is written behind a question after a measurement: ``HbA1c > 7 %   x   8.1 (11/5/26)``."""
    label = " ".join(re.sub(r"^\W*\d{0,2}[a-z]?[.)]?\s", "", line[row.label[0] : row.label[1]]).lower().split())
    for rule in rules.facts.values():
        if rule.row is None or rule.fact.kind != "measurement" or not (hit := rule.row.match(label)):
            continue
        found = re.match(r"\s*(?P<value>\d{1,3}(?:\.\d+)?)\s?(?P<unit>%|m\S+)?(?=\s|$)", row.comment)
        read = None if found is None else amounts.read(rule, rules.units, found["value"], found["unit"])
        if read is not None and hit.start() == 0:
            end = len(line.rstrip())
            made = _proposal(page, rule, line, row.line, row.mark[1], end, read)
            begins = row.mark[1] + len(line[row.mark[1] : end]) - len(line[row.mark[1] : end].lstrip())
            yield msgspec.structs.replace(made, quote=line[begins:end], start=row.line + begins)


def asked(rules: Rules, label: str, kind: str | None) -> list[Rule]:
    """Return the facts that a label asks for; of two, one within the words of the other, the longer alone."""
    found: list[tuple[Rule, re.Match[str]]] = []
    for rule in rules.facts.values():
        if not rule.allows(kind, "") or (hit := _asked(rule, label)) is None:
            continue
        if rule.without is not None and rule.without.search(label):
            continue
        if len(label[hit.end() :].strip(" :.?()").split()) > _WORDS + 1 or _DENYING.search(label[: hit.start()]):
            continue
        around = rules.context.of(label, hit.start(), hit.end(), "", rule.fact.kind)
        if not {"goal", "family"} & (set(around) - set(rule.options.get("relatives", ()))):
            found.append((rule, hit))
    return [
        rule
        for rule, hit in found
        if not any(
            other.start() <= hit.start() and hit.end() <= other.end() and len(other.group()) > len(hit.group()) + 3
            for _, other in found
        )
    ]


def _said(rule: Rule, rules: Rules, label: str, comment: str, *, yes: bool) -> str | None:
    """Return what an answer gives a fact: yes, no, or the figure that is written behind it; None where it gives none."""
    if rule.fact.kind != "regimen":
        return "yes" if yes else "no"
    hit = _FIGURE.match(comment.strip())
    if hit is None or not (_PER_DAY.search(comment) or _PER_DAY.search(label)):
        return None
    found = numbers.amount(hit["amount"])
    return None if found is None else amounts.written(rule, rules.units, found, "/d")


def _line(
    page: Page, rules: Rules, line: str, start: int, found: list[Box], kind: str | None, above: str
) -> Iterator[Proposal]:
    pairs = _pairs(line, found)
    for pair in pairs:
        label = above if pair.label is None else line[pair.label[0] : pair.label[1]]
        comment = line[pair.last : pair.stop]
        if pair.answer is None or _DOUBT.search(comment):
            continue
        for rule in asked(rules, label, kind):
            value = _said(rule, rules, label, comment, yes=pair.answer)
            if value is not None:
                yield _proposal(page, rule, line, start, pair.first, pair.last, value)
    taken = {box for pair in pairs for box in found if pair.first - 4 <= box.start <= pair.last}
    for number, box in enumerate(found):
        if box in taken:
            continue
        for rule in rules.facts.values():
            if not rule.ticked or not rule.allows(kind, ""):
                continue
            if not box.ticked:
                yield from _none(page, rule, line, start, box, found)
                continue
            yield from _single(page, rules, rule, line, start, found, number)


def _single(
    page: Page, rules: Rules, rule: Rule, line: str, start: int, found: list[Box], number: int
) -> Iterator[Proposal]:
    """Yield what a ticked box of its own says: of the label behind it, or before it where labels stand before."""
    box = found[number]
    behind = line[box.end : found[number + 1].start if number + 1 < len(found) else len(line)]
    if page.how == "ocr" and len(found) > 1:
        behind = re.split(r"(?<=\S)\s{3,}", behind, maxsplit=1)[0]
    before = line[found[number - 1].end if number else 0 : box.start]
    after_style = not line[: found[0].start].strip(" \t:") or bool(re.match(r" ?\S", line[found[-1].end :]))
    text, at = (behind, box.end) if after_style else (before, box.start - len(before))
    for shown, value in rule.ticked:
        hit = shown.search(text)
        if hit is None or len(text[: hit.start()].split()) > (1 if page.how == "ocr" else 3):
            continue
        if not after_style and _YES_OR_NO.search(text, hit.end()):
            continue
        if {"goal", "family"} & set(rules.context.of(text, hit.start(), hit.end(), "", rule.fact.kind)):
            continue
        first, last = min(box.start, at + hit.start()), max(box.end, at + hit.end())
        close = line.find(")", last)
        if "(" in line[first:last] and ")" not in line[first:last] and close >= 0:
            last = close + 1
        yield _proposal(page, rule, line, start, first, last, value)
        return


def _none(page: Page, rule: Rule, line: str, start: int, box: Box, found: list[Box]) -> Iterator[Proposal]:
    """Yield a denial where "none" or "no" is written behind the label of an empty box: ``[ ] allergy ..... none``."""
    last = next((one.start for one in found if one.start > box.start), len(line))
    for shown, value in rule.ticked:
        hit = shown.search(line, box.end, last)
        if value != "yes" or hit is None or line[box.end : hit.start()].strip():
            continue
        said = _LEADER.match(line, hit.end(), last)
        if said is not None:
            yield _proposal(page, rule, line, start, said.start("none"), last, "no")


def _pairs(line: str, found: list[Box]) -> list[Pair]:
    """Return each yes and no of a line with its label and its answer."""
    made: list[Pair] = []
    label = 0
    number = 0
    while number + 1 < len(found):
        one, two = found[number], found[number + 1]
        between, after = line[one.end : two.start], line[two.end :]
        before = line[label : one.start]
        few = len(between.split()) <= _WORDS and "?" not in between
        yes, no = _YES.match(between), _NO.match(between)
        later_no, later_yes = _NO.match(after), _YES.match(after)
        first, last, answer = one.start, two.end, None
        if few and yes and later_no:
            last, answer = two.end + later_no.end(), _which(one, two)
        elif few and no and later_yes:
            last, answer = two.end + later_yes.end(), _which(two, one)
        elif few and (hit := _YES_BEFORE.search(before)) and _NO_BEFORE.search(between):
            first, answer = label + hit.start(), _which(one, two)
        elif few and (hit := _NO_BEFORE.search(before)) and _YES_BEFORE.search(between):
            first, answer = label + hit.start(), _which(two, one)
        else:
            number += 1
            continue
        made.append(Pair((label, first), first, last, answer, len(line)))
        label, number = last, number + 2
    return _labelled(line, found, made)


def _labelled(line: str, found: list[Box], made: list[Pair]) -> list[Pair]:
    """Return pairs with their labels: behind a pair that has none before it, else on the line above."""
    ended = [
        pair._replace(stop=next((later.label[0] for later in made[at + 1 : at + 2] if later.label), len(line)))
        for at, pair in enumerate(made)
    ]
    if len(ended) == 1 and len(found) == 2 and not re.search(r"[A-Za-z]{2}", line[: ended[0].first]):  # noqa: PLR2004
        rest = line[ended[0].last :]
        words = len(re.findall(r"[A-Za-z]{2,}", rest))
        if words > 1 and not re.match(r"\s*(?:if|when|date|since|explain|comment)\b", rest, re.IGNORECASE):
            return [ended[0]._replace(label=(ended[0].last, len(line)), stop=ended[0].last)]
        return [ended[0]._replace(label=None)]
    return ended


def _which(yes: Box, no: Box) -> bool | None:
    return None if yes.ticked == no.ticked else yes.ticked


def _asked(rule: Rule, label: str) -> re.Match[str] | None:
    """Return where a label asks for a fact: by its words, else by a shape that states it."""
    if rule.boxes is not None and (hit := next(reversed([*rule.boxes.finditer(label)]), None)) is not None:
        return hit
    if rule.fact.kind not in ("attestation", "condition", "event") or "signed" in rule.options:
        return None
    shapes = (said.shape.find for said in rule.shapes if said.says == "stated" and not said.shape.find.groupindex)
    return next((hit for find in shapes if (hit := find.search(label)) is not None), None)


def _proposal(page: Page, rule: Rule, line: str, start: int, first: int, last: int, value: str) -> Proposal:
    polarity: Polarity = "denied" if value == "no" else "stated"
    if polarity == "denied" and rule.fact.kind in ("event", "measurement"):
        value = "none"
    while last > first and line[last - 1] == " ":
        last -= 1
    return Proposal(
        fact=rule.fact.name,
        value=value,
        quote=line[first:last],
        page=page.number,
        start=start + first,
        polarity=polarity,
        by=f"{rule.fact.name}:boxes",
    )
