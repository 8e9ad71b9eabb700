"""A page that was recognised from a picture, with what recognisers commonly mistake made right: specks, boxes, a one read
as a letter, a slash read as a seven. The text stays as long as it was, so that every place in it still holds.

What cannot be made right is made unreadable: a figure that may be another one is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from priorauth.documents.pages import Page
from priorauth.documents.understand.spelling import Spelling

_SPECK: Final = re.compile(r"[^A-Za-z0-9]*(?:[A-Za-z0-9][^A-Za-z0-9]*)?")
"""A line of dirt: stops and strokes, with one letter or figure at most."""
_MOST_SPECKS: Final = 6
_BEFORE: Final = re.compile(r"( *)([^\s\[\]{}()]{1,2})(?=  +\S)")
"""Dirt left of the margin."""
_BEHIND: Final = re.compile(r"(?<=\S)\s{4,}(?:[.'`,:;~*_^|\"“”‘’-]{1,3}|[a-wyz])\s*$")
"""Dirt right of the text."""
_QUOTES: Final = re.compile(r"[“”\"]|(?<![A-Za-z])[‘’']|[‘’'](?![A-Za-z])")

_ONES: Final = str.maketrans("IliL|!tTJj]}", "1" * 12)
_BOXES: Final = (
    (re.compile(r"[\[{]([\[{ ]{0,2})[xX×✓√]([\]}) ]{0,2})[\])}jJ|]"), "[x]"),
    (re.compile(r"(?<![A-Za-z])[iIl1|]([xX])[\])}]"), "[x]"),
    (re.compile(r"[\[{]([xX])(?:[jJ|1lI](?=\s))"), "[x]"),
    (re.compile(r"[\[{][\[{\s_]{0,3}[\])}jJ]"), "[ ]"),
    (re.compile(r"(?<![A-Za-z])[CLI|_][\]](?=\s|[A-Z])"), "[ ]"),
    (re.compile(r"(?<=\s)[\[{](?=\s{2,5}[A-Za-z])"), "["),
)
_REPAIRED: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    # HbA1c with any stroke for its one
    (
        re.compile(r"\b(?:H[bho8]|Hgb|HGB|hgb) ?A ?[1lIi|t!TJ\]] ?[ceC](?![A-Za-z])", re.IGNORECASE),
        lambda hit: re.sub(r"(?i)(a ?)[1liIt|!TJ\]]( ?)[ceC]$", r"\g<1>1\g<2>c", hit.group()),
    ),
    (re.compile(r"\b[Aa][Iil|!tT]([cC])(?![A-Za-z])"), lambda hit: f"{hit.group()[0]}1{hit[1]}"),
    (re.compile(r"\bAl(?=C[:= ]+<?\d)"), lambda _: "A1"),
    # type 1
    (re.compile(r"\b(T)(?:[Iil|!](?=DM\b)|[il|!](?=D\b))"), lambda hit: f"{hit[1]}1"),
    (re.compile(r"\b(T)[Zz](?=DM?\b)"), lambda hit: f"{hit[1]}2"),
    (re.compile(r"\b([Tt]ype )[|lIi!\]](?![\w|])"), lambda hit: f"{hit[1]}1"),
    # codes
    (re.compile(r"[£€][0O]?(?=\d\d)"), lambda hit: "E" + "0" * (len(hit.group()) - 1)),
    (re.compile(r"\b[EFB][0O][0O]?(?=7[78]\d\b)"), lambda hit: "E" + "0" * (len(hit.group()) - 1)),
    (re.compile(r"\bE[Il|](?=[01]\.\d)"), lambda _: "E1"),
    # days
    (re.compile(r"\b(\d\d)7(?=\d\d/(?:19|20)\d\d\b)"), lambda hit: f"{hit[1]}/"),
    (re.compile(r"\b(\d\d?/\d\d)7(?=(?:19|20)\d\d\b)"), lambda hit: f"{hit[1]}/"),
    (re.compile(r"\b(\d)7(?=\d\d/\d\d\b)"), lambda hit: f"{hit[1]}/"),
    (re.compile(r"(?<![\w\[({])[1|\]}!lI]{1,2}(?=/\d)"), lambda hit: hit.group().translate(_ONES)),
    (re.compile(r"(?<=\d)[|\]}!lI](?=/\d)"), lambda hit: hit.group().translate(_ONES)),
    (
        re.compile(r"(?<![\w\[({])[1|\]}!lI]{1,2}(?= (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"),
        lambda hit: hit.group().translate(_ONES),
    ),
    # figures and units
    (re.compile(r"(?<![\d,])(\d{1,2}),(?=\d(?![\d,]))"), lambda hit: f"{hit[1]}."),
    (re.compile(r"(?<![\d:;.,])(?!1[:;])(\d{1,2})[:;](?=\d(?![\d:;]))"), lambda hit: f"{hit[1]}."),
    (re.compile(r"(?<=\d)( ?)&(?=\s|$)"), lambda hit: f"{hit[1]}%"),
    (re.compile(r"\bm[agqo]/d[LlIi1btJ]\b", re.IGNORECASE), lambda _: "mg/dL"),
    (re.compile(r"\bng/m[LlIi1tJ]\b"), lambda _: "ng/mL"),
    (re.compile(r"\bmmo[l1Ii|](?=/)"), lambda _: "mmol"),
    (re.compile(r"(?<=mmol/)mo[l1Ii|]\b"), lambda _: "mol"),
    (re.compile(r"(?<=mg/)mmo[l1Ii|]\b"), lambda _: "mmol"),
    (re.compile(r"(?<![(\[\d.])\b\d{1,3}[)\]}|!](?=\s?(?:mmol|mg|ng|%|kg|/d))"), lambda hit: "?" * len(hit.group())),
    (re.compile(r"\bW[re]:?(?= \d{2,3}(?:\.\d)? ?(?:kg|lb))"), lambda hit: "Wt" + hit.group()[2:]),
    (re.compile(r"\b[Ff]am:(?=ly\b)"), lambda hit: f"{hit.group()[:3]}i"),
    (re.compile(r"(?<=\d )kg[il;](?![A-Za-z])"), lambda _: "kg "),
    (re.compile(r"\bma(?=/(?:day|d|kg)\b)"), lambda _: "mg"),
    (
        re.compile(r"(?<![\w.,/:#-])\d (?=\d{1,2}(?![\d/:.,-])(?: ?(?:%|mg|kg|\()|\s{2}|$))", re.MULTILINE),
        lambda _: "? ",
    ),
    (re.compile(r"(?<=[:.] )1\.(?= {1,2}[A-Z][a-z]{2})|(?<=[Ss]ignature: )1\.(?=\s)"), lambda _: "I."),
    (re.compile(r"\b([Gg])[oecq0]a[il1|tj!](?=[\s:])"), lambda hit: f"{hit[1]}oal"),
    # short words on which the sense of a sentence hangs
    (re.compile(r"(?<![\w'-])(?:h|H|n|N)[oec0](?![\w'./-])"), lambda hit: _no(hit.group())),
    (re.compile(r"\b([Nn])(?:at|ct|of|ol|oi|0t)\b"), lambda hit: f"{hit[1]}ot"),
    (re.compile(r"\b([Nn])(?:cne|ane|onc|cnc)\b"), lambda hit: f"{hit[1]}one"),
    (re.compile(r"\bmone\b"), lambda _: "none"),
)


def righted(page: Page, spelling: Spelling) -> Page:
    """Return a page as long as before; one whose text was its own is returned as it is."""
    if page.how != "ocr":
        return page
    text = _without_dirt(page.text)
    text = _QUOTES.sub(" ", text)
    for shape, box in _BOXES:
        text = shape.sub(lambda hit, box=box: _boxed(hit.group(), box), text)  # type: ignore[misc]
    for shape, right in _REPAIRED:
        text = shape.sub(right, text)
    return msgspec.structs.replace(page, text=spelling.righted(text))


def _no(word: str) -> str:
    """Return "no" for what a scan makes of it; "he" stays."""
    return word if word.lower() in ("he", "no") or word == "NC" else ("N" if word[0].isupper() else "n") + "o"


def _boxed(said: str, box: str) -> str:
    """Return a box as long as what stood for it."""
    if box == "[":
        return " "
    inner = "x" if "x" in box else " "
    return "[" + inner.center(len(said) - 2) + "]" if len(said) > 2 else "[]"  # noqa: PLR2004 - two brackets


def _without_dirt(text: str) -> str:
    """Return a text without specks; a line of nothing else parts no paragraph."""
    lines = text.split("\n")
    margin = _margin(lines)
    made: list[str] = []
    for line in lines:
        bare = line.strip()
        if bare and len(bare) <= _MOST_SPECKS and _SPECK.fullmatch(bare) and not bare.endswith(")"):
            joined = bool(made)
            made.append((" " if joined else "") + " " * len(line))
            continue
        cut = _BEHIND.sub(lambda hit: " " * len(hit.group()), line)
        first = _BEFORE.match(cut)
        if first is not None and first.end() <= margin:
            cut = " " * first.end() + cut[first.end() :]
        made.append(cut)
    return _joined(lines, made)


def _margin(lines: Iterable[str]) -> int:
    """Return in which column the text of a page begins."""
    begins = sorted(
        len(line) - len(line.lstrip())
        for line in lines
        if len(line.strip()) > 30 and _BEFORE.match(line) is None  # noqa: PLR2004 - a line of text
    )
    return begins[len(begins) // 10] if begins else 0


def _joined(lines: list[str], made: list[str]) -> str:
    """Return lines put together; before one that held dirt alone the line does not end."""
    text = made[0] if made else ""
    for line, one in zip(lines[1:], made[1:], strict=True):
        text += one if len(one) == len(line) + 1 else "\n" + one
    return text
