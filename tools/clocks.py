"""Writes docs/clocks.md from the shipped rules of clocks: what tools/docs.py fills in and checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from priorauth.ledger.clocks import rules as r
from priorauth.ledger.clocks import words
from priorauth.ledger.clocks.load import shipped

MARK: Final = "<!-- clocks -->"
EFFECTS: Final[Mapping[r.Effect, str]] = {
    "runs-on": "runs on",
    "stops": "stands still from the notice until the answer or its day",
    "not-begun": "not begun; once begun, runs on",
}
STARTS: Final[Mapping[r.Start, str]] = {
    "receipt": "receipt",
    "complete-receipt": "complete receipt",
    "last-needed-item": "last needed item",
}
FROM: Final[Mapping[r.From, str]] = {
    "receipt-of-notice": "receipt of the notice",
    "mailing-of-notice": "mailing of the notice",
    "notice": "the notice",
    "request": "the request",
}


def filled(text: str) -> str:
    """Write the tables after the mark."""
    head, _, _ = text.partition(MARK)
    return f"{head}{MARK}\n\n" + "\n".join(written(shipped())).rstrip() + "\n"


def written(book: r.Book) -> Iterator[str]:
    """Write every table."""
    for line in book.lines.values():
        yield from clocks(book, line)
    yield "## Each clock in words"
    yield ""
    yield from (f"* `{clock.id}`: {' '.join(filter(None, told(clock)))}" for clock in book.clocks.values())
    yield ""
    yield from appeals(book)
    yield from duties(book)
    yield "## Grounds of an extension"
    yield ""
    yield from (f"* `{name}`: {said}" for name, said in book.grounds.items())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a table."""
    columns = tuple(head)
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def clocks(book: r.Book, line: r.Line) -> Iterator[str]:
    """Write the clocks of a line of business, what is not clocked, and what is not known."""
    yield f"## {line.name}"
    yield ""
    found = [clock for clock in book.clocks.values() if line.id in clock.lines]
    if found:
        head = (
            "clock",
            "state",
            "kind",
            "time",
            "starts with",
            "a question",
            "extension",
            "a miss means",
            "citation",
            "verified",
        )
        yield from table(head, map(row, found))
    for entry in book.unclocked.values():
        if line.id in entry.lines:
            yield f"* `{entry.id}` ({', '.join(entry.kinds)}): {entry.says} {cited(entry.source)}"
    if line.missing:
        where = "Of any other state" if line.states else "Of this line"
        yield f"* {where}: {line.missing}."
    yield ""


def row(clock: r.Clock) -> Iterator[str]:
    """Write a clock's row."""
    yield f"`{clock.id}`"
    yield ", ".join(clock.states) or "any"
    yield f"{', '.join(clock.kinds)}; {clock.urgency}"
    yield f"**{words.counted(clock.within.amount)}**"
    yield said(STARTS[clock.starts], clock.starts_source)
    yield question(clock.question)
    yield "none" if clock.extension is None else extension(clock.extension)
    within = "" if clock.missed.within is None else f", {words.counted(clock.missed.within.amount)}"
    yield said(clock.missed.means + within, clock.missed.source)
    yield clock.within.source.cite
    yield "yes" if clock.within.source.verified else "**no**"


def question(rule: r.Question) -> str:
    """Write what a question does, with its figures."""
    parts = [said(EFFECTS[rule.effect], rule.source)]
    for name, found in (("ask within", rule.ask_within), ("to answer at least", rule.least), ("then", rule.then)):
        if found is not None:
            parts.append(said(f"{name} {words.counted(found.amount)}", found.source))
    return "; ".join([*parts, *figures(rule.figures)])


def extension(rule: r.Extension) -> str:
    """Write by how much a clock may be extended, how often, on which grounds."""
    times = "" if rule.times is None else ", once" if rule.times == 1 else f", {rule.times} times"
    grounds = ", ".join(f"`{ground}`" for ground in rule.grounds)
    return said(f"{words.counted(rule.by.amount)} in all{times}: {grounds}", rule.by.source)


def figures(found: Mapping[str, r.Figure]) -> Iterator[str]:
    """Write further figures by their names."""
    for name, figure in found.items():
        yield said(f"{name.replace('_', ' ')} {words.counted(figure.amount)}", figure.source)


def told(clock: r.Clock) -> Iterator[str]:
    """Write in sentences what a row cannot hold."""
    yield clock.question.says
    if clock.extension is not None and clock.extension.says:
        yield clock.extension.says
    due = "; ".join(figures(clock.notice.figures))
    yield f"Notice: {clock.notice.says}{f' ({due}.)' if due else ''} {cited(clock.notice.source)}"
    yield f"Missed: {clock.missed.says} {cited(clock.missed.source)}"
    if clock.conditions:
        listed = ", ".join(f"{key} {value}" for key, value in clock.conditions.items())
        yield f"Runs unless it is known otherwise: {listed}."
    yield clock.notes
    yield f"Read: {clock.read}"


def appeals(book: r.Book) -> Iterator[str]:
    """Write the levels of appeal."""
    yield "## Appeals"
    yield ""
    head = ("way", "level", "to file", "decided within", "in words", "citation", "verified")
    rows = [(found.id, level) for found in book.appeals.values() for level in (*found.levels, *found.external)]
    yield from table(head, (level_row(name, level) for name, level in rows))


def level_row(name: str, level: r.Level) -> Iterator[str]:
    """Write a level of appeal."""
    yield f"`{name}`"
    yield level.name
    yield filing(level)
    decided = [
        said(f"{words.counted(one.within.amount)} {one.urgency} ({', '.join(one.kinds)})", one.within.source)
        for one in level.decide
    ]
    yield "; ".join([*decided, *figures(level.figures)]) or "not read"
    yield level.says
    yield level.source.cite
    yield "yes" if level.source.verified else "**no**"


def filing(level: r.Level) -> str:
    """Write until when a level is filed."""
    if level.automatic:
        return "nobody has to"
    if level.file is None or level.counts_from is None:
        return "not read"
    text = said(f"{words.counted(level.file.amount)} from {FROM[level.counts_from]}", level.file.source)
    if level.presumed is None:
        return text
    return (
        f"{text}, presumed {said(f'{words.counted(level.presumed.amount)} after it was sent', level.presumed.source)}"
    )


def duties(book: r.Book) -> Iterator[str]:
    """Write the duties that are no clock of a decision."""
    yield "## Other duties"
    yield ""
    head = ("duty", "about", "lines and states", "in words", "figures", "citation", "verified")
    yield from table(head, map(duty_row, book.duties.values()))


def duty_row(duty: r.Duty) -> Iterator[str]:
    """Write a duty."""
    yield f"`{duty.id}`"
    yield duty.section
    yield ", ".join((*duty.lines, *duty.states)) or "all"
    yield duty.says
    yield "; ".join(figures(duty.figures)) or "-"
    yield duty.source.cite
    yield "yes" if duty.source.verified else "**no**"


def said(text: str, source: r.Source) -> str:
    """Mark a text whose source was not verified."""
    return text if source.verified else f"{text} (**{words.UNVERIFIED}**)"


def cited(source: r.Source) -> str:
    """Write a source."""
    return f"({source.cite}{'' if source.verified else f', **{words.UNVERIFIED}**'}.)"
