"""The windows of a leaf as CQL: a span of days, and the stretches of days on which regimens hold."""

from __future__ import annotations

from collections.abc import Callable

from priorauth.engines.cql import pieces
from priorauth.engines.cql.pieces import AS_OF, call
from priorauth.engines.cql.view import View
from priorauth.language import forms as f


def frame(windows: tuple[f.Window, ...], view: View, compared: tuple[str, str] | None = None) -> str:
    """Return the name of the windows of a leaf; ``compared``: a span of `no worse than before`, in words and as CQL."""
    spans = [span(one, view.anchor) for one in windows if not isinstance(one, f.While)]
    words = [said(one) for one in windows]
    if compared:
        words.append(compared[0])
        spans.append(compared[1])
    text = spans[0] if spans else f"PA.Until({AS_OF})"
    for one in spans[1:]:
        text = f"PA.Meet({text}, {one})"
    holding = [view.once(said(one), held(one, view.fact(one.fact))) for one in windows if isinstance(one, f.While)]
    if holding:
        text = f"PA.During({text}, {{{', '.join(holding)}}})"
    return view.once(f"in: {' '.join(words) or 'up to the request'}", text)


def span(window: f.Window, anchor: Callable[[str], str]) -> str:
    """Write one window as CQL; of `while` the stretches of days are written by :func:`held`."""
    match window:
        case f.Within(length=length, anchor=name):
            return call("Within", *pieces.length(length.duration), anchor(name))
        case f.Since(anchor=name):
            return call("Since", anchor(name), AS_OF)
        case f.Before(anchor=name):
            return call("Before", anchor(name))
        case f.While():
            raise TypeError(window)


def held(window: f.While, fact: str) -> str:
    """Write the days on which a regimen holds as CQL."""
    return call("Holding", fact, AS_OF, *pieces.compare(window.compare))


def said(window: f.Window) -> str:
    """Return the name of a window in the words of the language, its lengths and numbers put in."""
    match window:
        case f.Within(length=length, anchor=anchor):
            return f"within {length.duration}" + ("" if anchor == "request" else f" before {anchor}")
        case f.Since(anchor=anchor):
            return f"since {anchor}"
        case f.Before(anchor=anchor):
            return f"before {anchor}"
        case f.While(fact=fact, compare=compare):
            return f"while {fact} {compare.op} {compare.amount.text}"
