"""Forms over regimens, conditions, statements and attributes as SQL."""

from __future__ import annotations

from priorauth.engines.sql import pieces
from priorauth.engines.sql.pieces import Ends, Pair, compare, fill, listed, literal
from priorauth.engines.sql.shared import Shared, ends
from priorauth.engines.sql.statements import Saying
from priorauth.engines.sql.windows import FIRST, Anchor, Day, Frame
from priorauth.facts.rows import UNREAD
from priorauth.language import forms as f


def _lost(anchor: Anchor) -> dict[str, str]:
    which = f"CASE WHEN {anchor.missing} THEN {literal(anchor.name)} END" if anchor.may_miss else "NULL"
    return {"lost": anchor.missing, "which": which}


def regimen(made: Shared, name: str, form: f.Throughout | f.On) -> tuple[str, ...]:
    """A regimen in a relation to a number on a day, or on every day of a stretch."""
    anchor = made.anchors.anchor(form.anchor)
    first, last = _first(form, anchor.first), anchor.last
    assert form.compare is not None  # noqa: S101 - the caller chose by it
    values = {
        "": Ends("l.low", "l.high"),
        "answers_": Ends("l.answers_low", "l.answers_high"),
        "record_": Ends("l.record_low", "l.record_high"),
    }
    parts: dict[str, str] = {}
    open_day = {"": "NOT (l.in_record OR l.in_answers)", "answers_": "NOT l.in_answers", "record_": "NOT l.in_record"}
    for side, value in values.items():
        pair = compare(value, form.compare.op, form.compare.amount.number)
        parts[f"{side}can"] = _over(form, anchor, f"{open_day[side]} OR {pair.can}", "l.day", "l.until")
        parts[f"{side}fail"] = pair.fail
    line = fill(
        "line",
        name=f"{name}_line",
        fact=literal(form.fact),
        fact_name=form.fact,
        first=first.text,
        last=last.text,
    )
    made.sources.rows(form.fact)
    none = f"{last.text} < {first.text}"
    own = compare(Ends("p.low", "p.high"), form.compare.op, form.compare.amount.number)
    days_of = "" if anchor.first == anchor.last else " JOIN seat s ON s.member = l.member AND s.side = 0"
    shape = {
        "name": name,
        "all_seats": made.sources.seats(form.fact),
        "none": none,
        "meets": own.met,
        "days_of": days_of,
    }
    return line, fill("regimen_throughout", **shape, **parts, **_waiting(form, anchor), **_lost(anchor))


def _first(form: f.Throughout | f.On, day: Day) -> Day:
    """Return the first day that a form looks at, counted back from a day."""
    return day.moved(form.length.duration, "-").next() if isinstance(form, f.Throughout) else day


def _over(form: f.Throughout | f.On, anchor: Anchor, can: str, day: str, until: str) -> str:
    """Return whether a test may hold over stretches of days, where the day counted from may be known in part.

    What fails on a day that every possible window holds fails; what fails on others alone may be no part of the window.
    """
    if anchor.first == anchor.last:
        return f"bool_and({can})"
    sure = f"greatest({day}, {_first(form, anchor.last).text}) <= least({until}, {anchor.first.text})"
    return f"(bool_or({can}) AND bool_and(NOT ({sure}) OR ({can})))"


def _waiting(form: f.Throughout | f.On, anchor: Anchor) -> dict[str, str]:
    """Return the condition that time fills the window, and the first day on which what began then fills it."""
    eve = pieces.day_before("b.day")
    if isinstance(form, f.On):
        return {"moves": "FALSE", "filled": "CAST(NULL AS DATE)", "eve": eve}
    return {"moves": anchor.moves, "filled": pieces.filled("b.day", form.length.duration), "eve": eve}


def condition(made: Shared, name: str, form: f.Throughout | f.On) -> str:
    """A condition present on a day, or on every day of a stretch."""
    anchor = made.anchors.anchor(form.anchor)
    if isinstance(form, f.On) and form.anchor == "request":
        return _on_day(made, name, form, anchor.first)
    first = _first(form, anchor.first)
    whole, complete = made.whole(form.fact, first, anchor.last)
    until = Day(f"least(d.until, {anchor.last.text})")
    whole_part, complete_part = made.whole(form.fact, Day("d.day"), until, seat="d")
    all_seats = made.sources.seats(form.fact)
    return fill(
        "condition",
        name=name,
        all_seats=all_seats,
        rows=made.sources.rows(form.fact),
        first=first.text,
        last=anchor.last.text,
        none=f"coalesce({anchor.last.text} < {first.text}, FALSE)",
        whole=whole,
        complete=complete,
        whole_part=whole_part,
        complete_part=complete_part,
        can=_over(form, anchor, "d.can_hold", "d.day", "d.until"),
        days_of="" if anchor.first == anchor.last else f" JOIN {all_seats} s ON s.seat = d.seat",
        **_waiting(form, anchor),
        **_lost(anchor),
    )


def _on_day(made: Shared, name: str, form: f.On, day: Day) -> str:
    """A condition present on a day that is known."""
    all_seats = made.sources.seats(form.fact)
    whole, complete = made.whole(form.fact, day, day)
    return fill(
        "on_day",
        name=name,
        all_seats=all_seats,
        rows=made.sources.rows(form.fact),
        seats=_seats(all_seats, day),
        day=day.text,
        said="NOT (r.low = 0 AND r.high = 1)",
        covers=f"r.start_first <= {day.text} AND {day.text} <= r.end_last",
        whole=whole,
        complete=complete,
    )


def lasts(made: Shared, name: str, form: f.Lasts) -> str:
    """A period that has run for a length of time."""
    long_first, long_last = (pieces.shifted(f"r.start_{end}", form.length.duration, "+") for end in ("first", "last"))
    return fill(
        "lasts",
        name=name,
        all_seats=made.sources.seats(form.fact),
        rows=made.sources.rows(form.fact),
        long_first=long_first,
        long_last=long_last,
    )


def begun(made: Shared, name: str, form: f.Earlier | f.Later) -> str:
    """A condition present on a day before an anchor, or begun after it."""
    anchor = made.anchors.anchor(form.anchor)
    if isinstance(form, f.Earlier):
        sure, maybe = f"r.start_last < {anchor.first.text}", f"r.start_first < {anchor.last.text}"
        first, last = FIRST, Day(pieces.day_before(anchor.first.text))
    else:
        sure, maybe = f"r.start_first > {anchor.last.text}", f"r.start_last > {anchor.first.text}"
        first, last = anchor.last.next(), made.anchors.today()
    whole, complete = made.whole(form.fact, first, last)
    return fill(
        "begun",
        name=name,
        all_seats=made.sources.seats(form.fact),
        rows=made.sources.rows(form.fact),
        sure=sure,
        maybe=maybe,
        first=first.text,
        last=last.text,
        whole=whole,
        complete=complete,
        **_lost(anchor),
    )


def documented(made: Shared, name: str, form: f.Documented) -> tuple[str, ...]:
    """A document or an event on file, dated in the window."""
    from priorauth.engines.sql import measures

    frame = made.frame(form.windows)
    rows, before = made.sources.rows(form.fact), []
    if made.sources.table(form.fact) == "answer":
        good = _good(frame)
    else:
        good = frame.member("r.first", "r.last").met
        for place, regimen_ in enumerate(frame.regimens):
            texts, rows = measures.during(made, f"{name}_while_{place}", form.fact, rows, regimen_)
            before += texts
            good += " AND r.during_can AND NOT r.during_fail"
    all_seats = made.sources.seats(form.fact)
    seats = "" if frame.constant else f"\n  JOIN {all_seats} s ON s.seat = r.seat"
    one = made.vocabulary[form.fact].one_paper
    text = fill(
        "documented_one" if one else "documented",
        name=name,
        all_seats=all_seats,
        rows=rows,
        seats=seats,
        good=good,
        lost=frame.lost,
        which=frame.which,
    )
    return (*before, text)


def _good(frame: Frame) -> str:
    """Return the condition that a statement is of a document on file that is dated in the window."""
    low, high = "coalesce(r.low, 0)", f"coalesce(r.high, {pieces.ordinal(pieces.LAST)})"
    inside = frame.member(low, high, pieces.ordinal("{}")).met
    return f"CASE WHEN r.text = 'yes' THEN TRUE WHEN r.text = 'no' OR {_UNREAD} THEN FALSE ELSE {inside} END"


def age(made: Shared, name: str, form: f.Age) -> str:
    """The member's age in whole years on a day."""
    anchor = made.anchors.anchor(form.anchor)
    value = compare(Ends("m.least", "m.most"), form.op, form.years.number)
    return fill(
        "age",
        name=name,
        all_seats=made.sources.seats("birth_date"),
        newest=made.sources.newest("birth_date"),
        earliest=pieces.day_of("min(r.low)"),
        latest=pieces.day_of("max(r.high)"),
        least=_years("b.latest", anchor.first.text),
        most=_years("b.earliest", anchor.last.text),
        can=value.can,
        fail=value.fail,
        **_lost(anchor),
    )


def _years(birth: str, on: str) -> str:
    later = f"100 * month({on}) + day({on}) < 100 * month({birth}) + day({birth})"
    return f"year({on}) - year({birth}) - CASE WHEN {later} THEN 1 ELSE 0 END"


def saying(made: Shared, form: f.Spoken | f.Documented) -> tuple[Saying, dict[str, str] | None, str]:
    """Return what one statement says of a leaf; with it the anchor it needs, and the join that its days need."""
    fact = made.vocabulary.facts[form.fact]
    all_seats = made.sources.seats(form.fact)
    match form:
        case f.Stated() | f.Judged():
            return Saying(form.fact, _text("r.text = 'yes'"), _UNREAD), None, ""
        case f.Refused():
            return Saying(form.fact, _text("r.text = 'no'"), _UNREAD), None, ""
        case f.Is():
            pending = f"r.text IN {listed(fact.pending)}" if fact.pending else "FALSE"
            return Saying(form.fact, _text(f"r.text IN {listed(form.values)}"), _UNREAD, pending), None, ""
        case f.Documented():  # one on file is enough: none speaks against it
            frame = made.frame(form.windows)
            truth = Pair("TRUE", f"NOT ({_good(frame)})")
            return Saying(form.fact, truth, newest=False), None, ""
        case f.Has():
            truth = compare(ends("r", "answer"), form.compare.op, form.compare.amount.number)
            return Saying(form.fact, truth, f"({truth.open})"), None, ""
        case f.Earlier() | f.Later():
            anchor = made.anchors.anchor(form.anchor)
            truth = _beside(form, anchor)
            return Saying(form.fact, truth, f"({truth.open})"), _lost(anchor), _seats(all_seats, anchor.first)
        case f.Offset():
            anchor = made.anchors.anchor(form.anchor)
            truth = _after(form, anchor)
            return Saying(form.fact, truth, f"({truth.open})"), _lost(anchor), _seats(all_seats, anchor.first)
        case f.Recent():
            frame = made.frame((f.Within(form.length, form.anchor),))
            truth = _known(frame.member("r.low", "r.high", pieces.ordinal("{}")))
            seats = _seats(all_seats, frame.from_first, frame.to_last)
            return Saying(form.fact, truth, f"({truth.open})"), {"lost": frame.lost, "which": frame.which}, seats


def spoken(made: Shared, name: str, form: f.Spoken) -> tuple[tuple[str, ...], frozenset[str]]:
    """The newest statement of a fact, by itself."""
    said, lost, seats = saying(made, form)
    more, parts = "", {}
    for kind, condition in (("unclear", said.unclear), ("pending", said.pending)):
        parts[f"{kind}_said"] = "FALSE"
        if condition != "FALSE":
            more += f",\n    max(CASE WHEN {condition} THEN r.minute END) AS {kind}"
            more += f", max(CASE WHEN {condition} THEN r.last END) AS {kind}_day"
            test = f"CASE WHEN timed THEN {kind} = newest ELSE {kind}_day >= newest_day END"
            parts[f"{kind}_said"] = f"coalesce({test}, FALSE)"
    shape = {"name": name, "rows": made.sources.rows(form.fact), "seats": seats, "more_times": more, **parts}
    before = fill("spoken", **shape, met=said.truth.met, not_met=said.truth.not_met)
    if lost is None:
        return (f"{before}\n" + fill("spoken_alone", name=name),), frozenset({"conflict", "pending"})
    after = fill("spoken_anchored", name=name, all_seats=made.sources.seats(form.fact), **lost)
    return (f"{before}\n{after}",), frozenset({"conflict", "pending", "lost"})


_UNREAD = f"r.text = {literal(UNREAD)}"
"""The condition that a statement is no more than a mention."""


def _text(condition: str) -> Pair:
    """What the text of a statement says; a mention may be any text."""
    return Pair(f"({condition} OR {_UNREAD})", f"NOT ({condition})")


def _seats(all_seats: str, *days: Day) -> str:
    return "" if all(day.number is not None for day in days) else f"\n  JOIN {all_seats} s ON s.seat = r.seat"


def _known(truth: Pair) -> Pair:
    """A day that is not known is neither inside nor outside."""
    return Pair(f"coalesce({truth.can}, TRUE)", f"coalesce({truth.fail}, TRUE)")


def _after(form: f.Offset, anchor: Anchor) -> Pair:
    """Hold a day against the day that lies a length after an anchor; each may be one of several."""
    first, last = (pieces.ordinal(day.moved(form.length.duration, "+").text) for day in (anchor.first, anchor.last))
    match form.op:
        case ">":
            can, fail = f"r.high > {first}", f"r.low <= {last}"
        case ">=":
            can, fail = f"r.high >= {first}", f"r.low < {last}"
        case "<":
            can, fail = f"r.low < {last}", f"r.high >= {first}"
        case "<=":
            can, fail = f"r.low <= {last}", f"r.high > {first}"
        case "=":
            can, fail = f"(r.high >= {first} AND r.low <= {last})", f"(r.low <> {last} OR r.high <> {first})"
    unknown = "r.low IS NULL OR r.high IS NULL"
    return Pair(f"({unknown} OR {can})", f"({unknown} OR {fail})")


def _beside(form: f.Earlier | f.Later, anchor: Anchor) -> Pair:
    first, last = pieces.ordinal(anchor.first.text), pieces.ordinal(anchor.last.text)
    if isinstance(form, f.Earlier):
        return _known(Pair(f"r.low < {last}", f"r.high >= {first}"))
    return _known(Pair(f"r.high > {first}", f"r.low <= {last}"))
