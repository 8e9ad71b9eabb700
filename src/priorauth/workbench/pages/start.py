"""The start page, which is another one for each role, and the help."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from priorauth.workbench import render, words
from priorauth.workbench.visit import Visit, anybody, page

_FIRST: Final = {
    "coordinator": "/clinic",
    "prescriber": "/clinic",
    "supplier": "/clinic",
    "nurse": "/queue",
    "director": "/queue",
    "appeals": "/queue",
    "analyst": "/policies",
    "manager": "/metrics",
    "admin": "/admin",
}
KEYS: Final = (
    ("j, k", "next and previous row of the worklist"),
    ("Enter", "open it"),
    ("u", "back to the worklist"),
    ("], [", "next and previous case; on a document its next page and the one before"),
    ("n, p", "next and previous open criterion; on a document what it states and nobody has confirmed"),
    ("+, -", "a page of a document larger and smaller"),
    ("e", "its evidence"),
    ("d", "its document"),
    ("t", "timeline"),
    ("g", "glucose"),
    ("a", "ask the clinic"),
    ("r", "route to another queue"),
    ("m", "note"),
    ("/", "search"),
    ("c", "copy the case number"),
    ("?", "this page"),
)


@page("start")
def start(visit: Visit) -> Response:
    """Send her to where her day begins."""
    return visit.see(_FIRST[visit.role])


@page("keys")
def keys(visit: Visit) -> Response:
    """Show the keys."""
    return render.page(visit, "keys.html", keys=KEYS)


@anybody("keys")
def keys_for_anybody() -> Response:
    """Show the keys to somebody who is not signed in."""
    return render.plain("keys.html", keys=KEYS)


@page("words")
def glossary(visit: Visit) -> Response:
    """Show what the words mean."""
    return render.page(visit, "words.html", glossary=words.GLOSSARY)


@anybody("words")
def glossary_for_anybody() -> Response:
    """Show what the words mean to somebody who is not signed in: the foot of every page leads here."""
    return render.plain("words.html", glossary=words.GLOSSARY)
