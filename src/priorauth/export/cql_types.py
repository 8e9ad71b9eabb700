"""The tuple types of the CQL libraries, by the name under which `PriorAuth.cql` speaks of them.

CQL has no names for types, so each is written out wherever it is used. The elements of the rows are those of
:mod:`priorauth.facts.rows`; days are whole numbers, 1 = 0001-01-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

SHARED = Path(__file__).parent / "PriorAuth.cql"
VERSION = "1.0.0"
"""Of the shared library; an exported policy names it."""

_NAMED: tuple[tuple[str, str], ...] = (
    (
        "Row",
        "Tuple{source String, firstDay Integer, lastDay Integer, instant Integer, low Integer, high Integer, "
        "lowOpen Boolean, highOpen Boolean, specimen String, fault Boolean}",
    ),
    (
        "Stay",
        "Tuple{source String, startFirst Integer, startLast Integer, endFirst Integer, endLast Integer, "
        "low Integer, high Integer}",
    ),
    (
        "Said",
        "Tuple{source String, text String, firstDay Integer, lastDay Integer, instant Integer, "
        "low Integer, high Integer}",
    ),
    (
        "Word",
        "Tuple{fact String, source String, text String, firstDay Integer, lastDay Integer, instant Integer, "
        "low Integer, high Integer}",
    ),
    ("Whole", "Tuple{source String, firstDay Integer, lastDay Integer}"),
    ("When", "Tuple{firstDay Integer, lastDay Integer}"),
    ("Ends", "Tuple{low Integer, high Integer}"),
    ("Measure", "Tuple{low Integer, lowOf Integer, high Integer, highOf Integer}"),
    ("Truth", "Tuple{canHold Boolean, canFail Boolean}"),
    ("Result", "Tuple{canHold Boolean, canFail Boolean, conflict Boolean, assumed Boolean}"),
    ("Verdict", "Tuple{canHold Boolean, canFail Boolean, firstDay Integer, lastDay Integer, instant Integer}"),
    (
        "Finding",
        "Tuple{status String, canHold Boolean, canFail Boolean, conflict Boolean, assumed Boolean, applies Boolean, "
        "countsHold Boolean, countsFail Boolean}",
    ),
    ("Held", "Tuple{firstDay Integer, lastDay Integer, canHold Boolean, canFail Boolean}"),
    (
        "Frame",
        "Tuple{startFirst Integer, startLast Integer, endFirst Integer, endLast Integer, regimens List<List<$Held>>}",
    ),
    ("Chosen", "Tuple{row $Row, sure Boolean}"),
    ("Walk", "Tuple{at Integer, far Integer, left List<$When>}"),
    (
        "Dated",
        "Tuple{filed List<$Row>, together List<$Row>, answers List<$Row>, record List<$Row>, whole List<$Whole>, "
        "recordWhole List<$Whole>, born Integer, both Boolean, silent Boolean}",
    ),
    (
        "Stays",
        "Tuple{together List<$Stay>, answers List<$Stay>, record List<$Stay>, whole List<$Whole>, "
        "recordWhole List<$Whole>, born Integer, both Boolean, silent Boolean, hinted Boolean}",
    ),
    (
        "Statements",
        "Tuple{filed List<$Said>, together List<$Said>, answers List<$Said>, record List<$Said>, both Boolean, "
        "silent Boolean}",
    ),
)


@cache
def types() -> Mapping[str, str]:
    """Give every type written out."""
    known: dict[str, str] = {}
    for name, text in _NAMED:
        known[name] = Template(text).substitute(known)
    return known


@cache
def shared() -> str:
    """Give the text of the library that every exported policy includes."""
    return Template(SHARED.read_text("utf-8")).substitute({**types(), "version": VERSION})
