"""Forms: what is ticked beside a label, by print or by hand; a box that is empty says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Polarity, Proposal
from priorauth.documents.understand.rules import Rule, Rules

BOX: Final = re.compile(r"\[ ?(?P<in>[xX*✓✔√]?) ?\]|\((?P<round>[xX ])\)|(?P<sign>[☐☑☒□■✓✔])")
_TICKED: Final = frozenset("xX*✓✔√☑☒■")
_YES: Final = re.compile(r"\s*(?:yes|y)\b", re.IGNORECASE)
_NO: Final = re.compile(r"\s*(?:no|n)\b", re.IGNORECASE)
_YES_BEFORE: Final = re.compile(r"\b(?:yes|y)\s*:?\s*$", re.IGNORECASE)
_NO_BEFORE: Final = re.compile(r"\b(?:no|n)\s*:?\s*$", re.IGNORECASE)
_DOUBT: Final = re.compile(r"\b(?:not sure|unsure|unknown|n/?a|don't know|\?\?)\b|crossed out", re.IGNORECASE)
_SAID: Final = re.compile(r"\s*[:?]\s*(?P<said>yes|no|y|n)\b(?!\s*\[)", re.IGNORECASE)


_LEADER: Final = re.compile(r"[^.:\[\]]{0,20}?\s*(?:\.{2,}|:)\s*(?P<none>(?:none|no|denies|never)\b)", re.IGNORECASE)


class Box(NamedTuple):
    """A box: where it stands in its line, and whether it is ticked."""

    start: int
    end: int
    ticked: bool


def boxes(line: str) -> list[Box]:
    """Return the boxes of a line in order."""
    made = []
    for hit in BOX.finditer(line):
        mark = (hit["in"] or hit["round"] or hit["sign"] or "").strip()
        made.append(Box(hit.start(), hit.end(), mark in _TICKED and bool(mark)))
    return made


def masked(text: str) -> str:
    """Return a text without what stands at boxes, as long as before: shapes are not to read it as prose."""
    made = []
    for line in text.split("\n"):
        found = boxes(line)
        if not found or (len(found) == 1 and found[0].ticked and len(line) > 120):  # noqa: PLR2004 - a tick in prose
            made.append(line)
            continue
        made.append(_ticked_words(line, found))
    return "\n".join(made)


def _ticked_words(line: str, found: list[Box]) -> str:
    """Return a line with the words behind boxes that are ticked, and nothing else: what a yes and a no say is none."""
    before = line[: found[0].start].strip()
    if _pairs(line, found) or (before and not before.endswith(":")):
        return " " * len(line)
    kept = [" "] * len(line)
    for box, last in zip(found, [*(one.start for one in found[1:]), len(line)], strict=True):
        if box.ticked:
            kept[box.end : last] = line[box.end : last]
    return "".join(kept)


def ticks(page: Page, rules: Rules, kind: str | None) -> Iterator[Proposal]:
    """Yield what the boxes of a page say: one of a yes and a no beside a label, or a box of its own that is ticked."""
    start = 0
    for line in page.text.split("\n"):
        found = boxes(line)
        if found:
            yield from _line(page, rules, line, start, found, kind)
        start += len(line) + 1


def _line(page: Page, rules: Rules, line: str, start: int, found: list[Box], kind: str | None) -> Iterator[Proposal]:
    pairs = _pairs(line, found)
    for label_start, first, last, answer in pairs:
        label = line[label_start:first]
        doubt = _DOUBT.search(line[last : _next_label(pairs, first, len(line))])
        for rule in rules.facts.values():
            if not rule.allows(kind, "") or (hit := _asked(rule, label)) is None:
                continue
            if answer is None or doubt or label[hit.end() :].strip(" :.?()").count(" ") > 4:  # noqa: PLR2004 - of the label
                continue
            yield _proposal(page, rule, line, start, first, last, "yes" if answer else "no")
    taken = {box for _, first, last, _ in pairs for box in found if first - 4 <= box.start <= last}
    for number, box in enumerate(found):
        if box in taken:
            continue
        for rule in rules.facts.values():
            if not rule.ticked or not rule.allows(kind, ""):
                continue
            if not box.ticked:
                yield from _none(page, rule, line, start, box, found)
                continue
            yield from _single(page, rule, line, start, found, number)


def _single(page: Page, rule: Rule, line: str, start: int, found: list[Box], number: int) -> Iterator[Proposal]:
    """Yield what a ticked box of its own says: of the label behind it, or before it where labels stand before."""
    box = found[number]
    behind = line[box.end : found[number + 1].start if number + 1 < len(found) else len(line)]
    before = line[found[number - 1].end if number else 0 : box.start]
    after_style = not line[: found[0].start].strip(" \t:") or bool(re.match(r" ?\S", line[found[-1].end :]))
    text, at = (behind, box.end) if after_style else (before, box.start - len(before))
    for shown, value in rule.ticked:
        hit = shown.search(text)
        if hit is None or len(text[: hit.start()].split()) > 3:  # noqa: PLR2004 - of this label
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


def _pairs(line: str, found: list[Box]) -> list[tuple[int, int, int, bool | None]]:
    """Return where the label of a yes and a no begins, where the two begin and end, and which is ticked."""
    made: list[tuple[int, int, int, bool | None]] = []
    label = 0
    number = 0
    while number + 1 < len(found):
        one, two = found[number], found[number + 1]
        between, after = line[one.end : two.start], line[two.end :]
        before = line[label : one.start]
        if _YES.match(between) and _NO.match(after) and len(between.split()) <= 1:
            no_end = two.end + (_NO.match(after) or re.compile("").match("")).end()  # type: ignore[union-attr]
            made.append((label, one.start, no_end, _which(one, two)))
            label, number = no_end, number + 2
        elif _NO.match(between) and _YES.match(after) and len(between.split()) <= 1:
            yes_end = two.end + (_YES.match(after) or re.compile("").match("")).end()  # type: ignore[union-attr]
            made.append((label, one.start, yes_end, _which(two, one)))
            label, number = yes_end, number + 2
        elif _YES_BEFORE.search(before) and _NO_BEFORE.search(between):
            begins = label + (_YES_BEFORE.search(before) or re.compile("").match("")).start()  # type: ignore[union-attr]
            made.append((label, begins, two.end, _which(one, two)))
            label, number = two.end, number + 2
        else:
            number += 1
    return made


def _which(yes: Box, no: Box) -> bool | None:
    return None if yes.ticked == no.ticked else yes.ticked


def _next_label(pairs: list[tuple[int, int, int, bool | None]], first: int, end: int) -> int:
    return next((start for start, at, _, _ in pairs if at > first), end)


def _asked(rule: Rule, label: str) -> re.Match[str] | None:
    """Return where a label asks for a fact: by its words, else by a shape that states it."""
    if rule.boxes is not None and (hit := _last(rule.boxes, label)) is not None:
        return hit
    if rule.fact.kind not in ("attestation", "condition", "event") or "signed" in rule.options:
        return None
    shapes = (said.shape.find for said in rule.shapes if said.says == "stated" and not said.shape.find.groupindex)
    return next((hit for find in shapes if (hit := find.search(label)) is not None), None)


def _last(shown: re.Pattern[str], label: str) -> re.Match[str] | None:
    """Return the last place of a label that shows a fact."""
    hit = None
    for hit in shown.finditer(label):  # noqa: B007 - the last one
        pass
    return hit


def _proposal(page: Page, rule: Rule, line: str, start: int, first: int, last: int, value: str) -> Proposal:
    polarity: Polarity = "denied" if value == "no" else "stated"
    if polarity == "denied" and rule.fact.kind in ("event", "measurement", "regimen"):
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


def answered(line: str, end: int) -> str | None:
    """Return the yes or no that is written behind a label that ends there; None where neither is."""
    hit = _SAID.match(line, end)
    return None if hit is None else ("yes" if hit["said"][0].lower() == "y" else "no")
