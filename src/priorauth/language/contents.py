"""What a form holds: the facts it reads, the anchors it counts from, its windows, its numbers and its readings."""

from __future__ import annotations

from priorauth.language.forms import (
    Age,
    Amount,
    Anchored,
    AnyRow,
    Average,
    Compare,
    Count,
    DaysWith,
    Form,
    Gap,
    Has,
    Lasts,
    Latest,
    Length,
    NoWorse,
    Recent,
    Share,
    Since,
    Spread,
    Test,
    Throughout,
    While,
    Window,
    Windowed,
    Within,
)


def windows_of(form: Form) -> tuple[Window, ...]:
    """Give the windows of a form; of a comparison over time, those of its measure."""
    if isinstance(form, NoWorse):
        return form.measure.windows
    return form.windows if isinstance(form, Windowed) else ()


def facts_of(form: Form) -> tuple[str, ...]:
    """Name the facts that a form reads, its own first, without those that only give an anchor."""
    names = [form.fact]
    if isinstance(form, AnyRow) and form.partner:
        names.append(form.partner.fact)
    names += [window.fact for window in windows_of(form) if isinstance(window, While)]
    return tuple(dict.fromkeys(names))


def anchors_of(form: Form) -> tuple[str, ...]:
    """Name the anchors from which a form counts."""
    names = [window.anchor for window in windows_of(form) if not isinstance(window, While)]
    if isinstance(form, Anchored | NoWorse):
        names.append(form.anchor)
    if any(isinstance(window, Since) for window in windows_of(form)) or isinstance(form, NoWorse | Lasts):
        names.append("request")
    return tuple(dict.fromkeys(names))


def amounts_of(form: Form) -> tuple[Amount, ...]:
    """List the numbers in a form, in the order in which they are written."""
    found: list[Amount] = []

    def test(part: Test | None) -> None:
        if isinstance(part, Compare):
            found.append(part.amount)
        elif part is not None:
            found.extend((part.low, part.high))

    match form:
        case Share(above=above, compare=compare, least=least):
            found.append(above)
            test(compare)
            if least:
                found.append(least)
        case Count(test=tested, compare=compare) | DaysWith(test=tested, compare=compare):
            test(tested)
            test(compare)
        case AnyRow(compare=compare, partner=partner):
            test(compare)
            test(partner.compare if partner else None)
        case Age(years=years):
            found.append(years)
        case NoWorse(measure=measure, by=by):
            found.extend(amounts_of(measure))
            if by:
                found.append(by)
        case (
            Latest(compare=compare)
            | Average(compare=compare)
            | Spread(compare=compare)
            | Throughout(compare=compare)
            | Has(compare=compare)
        ):
            test(compare)
        case _:
            pass
    for window in windows_of(form):
        if isinstance(window, While):
            test(window.compare)
    return tuple(dict.fromkeys(found))


def lengths_of(form: Form) -> tuple[Length, ...]:
    """List the calendar lengths in a form."""
    found = [window.length for window in windows_of(form) if isinstance(window, Within)]
    if isinstance(form, Throughout | Lasts | Recent | Gap):
        found.append(form.length)
    return tuple(found)


def readings_of(form: Form) -> tuple[str, ...]:
    """Name the readings that a form rests on."""
    named = [amount.reading for amount in amounts_of(form)] + [length.reading for length in lengths_of(form)]
    return tuple(dict.fromkeys(name for name in named if name))
