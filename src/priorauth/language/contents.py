"""What a form holds: the facts it reads, the anchors it counts from, its windows, its numbers and its readings.

Numbers and lengths are found in the fields of a form, whichever it is: a new form needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from msgspec import Struct

from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import traits
from priorauth.language.forms import (
    Amount,
    Anchored,
    AnyRow,
    Form,
    Length,
    NoRow,
    NoWorse,
    Since,
    While,
    Window,
    Windowed,
)

_WINDOWED = frozenset(get_args(Windowed))
"""Asked of every leaf for every request: a set answers faster than a test of each type."""


def windows_of(form: Form) -> tuple[Window, ...]:
    """Return the windows of a form; of a comparison over time, those of its measure."""
    if isinstance(form, NoWorse):
        return form.measure.windows
    return form.windows if type(form) in _WINDOWED else ()  # type: ignore[union-attr]  # it is one of these forms


def facts_of(form: Form) -> tuple[str, ...]:
    """Return the names of the facts that a form reads, its own first, without those that only give an anchor."""
    names = [form.fact]
    if isinstance(form, AnyRow) and form.partner:
        names.append(form.partner.fact)
    names += [window.fact for window in windows_of(form) if isinstance(window, While)]
    return tuple(dict.fromkeys(names))


def role_of(form: Form) -> str | None:
    """Return the role that who states the fact of a form has to have; None where anybody may."""
    role: str | None = getattr(form, "role", None)
    return role


def anchors_of(form: Form) -> tuple[str, ...]:
    """Return the names of the anchors from which a form counts."""
    names = [window.anchor for window in windows_of(form) if not isinstance(window, While)]
    if isinstance(form, Anchored | NoWorse):
        names.append(form.anchor)
    if any(isinstance(window, Since) for window in windows_of(form)) or traits.of(form).to_request:
        names.append("request")
    return tuple(dict.fromkeys(names))


def never(anchor: str, vocabulary: Vocabulary) -> NoRow | None:
    """Return the form that says that an anchor has no day: its event never was. None where no form can say so."""
    fact = vocabulary.facts.get(ANCHOR_FACTS[anchor])
    return NoRow(fact.name, ()) if fact is not None and fact.kind == "event" else None


def amounts_of(form: Form) -> tuple[Amount, ...]:
    """List the numbers in a form: its own in the order of its fields, then those of its windows."""
    return tuple(dict.fromkeys(part for part in _parts(form) if isinstance(part, Amount)))


def lengths_of(form: Form) -> tuple[Length, ...]:
    """List the calendar lengths in a form: those of its windows, then its own."""
    found = [part for window in windows_of(form) for part in _parts(window) if isinstance(part, Length)]
    if not isinstance(form, NoWorse):
        found += [part for name in form.__struct_fields__ if isinstance(part := getattr(form, name), Length)]
    return tuple(found)


def _parts(part: object) -> Iterator[object]:
    """Yield what a form, a test or a window is made of, its windows last."""
    yield part
    if isinstance(part, Struct) and not isinstance(part, Amount | Length):
        own = [name for name in part.__struct_fields__ if name != "windows"]
        for name in own:
            yield from _parts(getattr(part, name))
        for window in getattr(part, "windows", ()):
            yield from _parts(window)


def readings_of(form: Form) -> tuple[str, ...]:
    """Return the names of the readings that a form rests on."""
    named = [amount.reading for amount in amounts_of(form)] + [length.reading for length in lengths_of(form)]
    return tuple(dict.fromkeys(name for name in named if name))
