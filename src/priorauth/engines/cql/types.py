"""The tuple types of the CQL libraries, by the name under which `PriorAuth.cql` speaks of them.

CQL has no names for types, so each is written out wherever it is used. The elements of the rows are those of
:mod:`priorauth.facts.rows`; days are whole numbers, 1 = 0001-01-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from priorauth.facts.rows import SIDES, Source
from priorauth.version import __version__

NAME = "PriorAuth"
"""Of the library that every exported policy includes."""
SHARED = Path(__file__).parent / "PriorAuth.cql"
VERSION = __version__
"""Of the shared libraries; an exported policy names it. Their text comes with a release, and so does their version."""

_DAYS = "firstDay Integer, lastDay Integer"
_STATED = f"{_DAYS}, instant Integer, low Integer, high Integer"
_COVERED = "startFirst Integer, startLast Integer, endFirst Integer, endLast Integer"
_VERDICT = "canHold Boolean, canFail Boolean"
_BY_SIDE = "together List<{0}>, answers List<{0}>, record List<{0}>, both Boolean, silent Boolean"
_WHOLE = "whole List<$Whole>, recordWhole List<$Whole>, born Integer"

_ELEMENTS = {
    "Row": f"source String, {_STATED}, lowOpen Boolean, highOpen Boolean, specimen String, fault Boolean",
    "Stay": f"source String, {_COVERED}, low Integer, high Integer",
    "Said": f"source String, text String, {_STATED}, author String",
    "Word": f"fact String, source String, text String, {_STATED}",
    "Whole": f"source String, {_DAYS}",
    "When": _DAYS,
    "Ends": "low Integer, high Integer",
    "Measure": "low Integer, lowOf Integer, high Integer, highOf Integer",
    "Truth": _VERDICT,
    "Result": f"{_VERDICT}, conflict Boolean, assumed Boolean",
    "Verdict": f"{_VERDICT}, {_DAYS}, instant Integer",
    "Finding": f"status String, {_VERDICT}, conflict Boolean, assumed Boolean, applies Boolean, "
    "countsHold Boolean, countsFail Boolean",
    "Held": f"{_DAYS}, {_VERDICT}",
    "Days": f"{_DAYS}, sureFirst Integer, sureLast Integer",
    "Frame": f"{_COVERED}, regimens List<List<$Held>>",
    "Chosen": "row $Row, sure Boolean",
    "Walk": "at Integer, far Integer, left List<$When>",
    "Dated": f"filed List<$Row>, {_BY_SIDE.format('$Row')}, {_WHOLE}",
    "Stays": f"{_BY_SIDE.format('$Stay')}, {_WHOLE}, hinted Boolean",
    "Statements": f"filed List<$Said>, {_BY_SIDE.format('$Said')}, hinted Boolean",
}
"""Each may name types that stand above it."""


@cache
def types() -> Mapping[str, str]:
    """Return every type written out."""
    known: dict[str, str] = {}
    for name, elements in _ELEMENTS.items():
        known[name] = f"Tuple{{{Template(elements).substitute(known)}}}"
    return known


@cache
def shared() -> str:
    """Return the text of the library that every exported policy includes."""
    text = Template(SHARED.read_text("utf-8"))
    of_record = " or ".join(f"source = '{source}'" for source in SIDES["record"])
    (shown,) = (f"'{source}'" for source in Source if not any(source in sources for sources in SIDES.values()))
    return text.substitute({**types(), "version": VERSION, "of_record": of_record, "shown_source": shown})
