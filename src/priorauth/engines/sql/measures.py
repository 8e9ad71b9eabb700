"""Forms over measurements and events as SQL: which rows lie in the windows, and what is measured over them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from priorauth.engines.sql import pieces
from priorauth.engines.sql.pieces import Ends, Pair, both, compare, fill, literal, negate, passes
from priorauth.engines.sql.shared import Chosen, Shared, dated_row, ends
from priorauth.engines.sql.windows import FIRST, Day, Frame
from priorauth.language import forms as f
from priorauth.values.dates import Duration

MEASURE = Ends("m.low", "m.high", "m.low_of", "m.high_of")


def choose(  # noqa: PLR0913, PLR0917 - the parts of a leaf
    made: Shared, name: str, fact: str, windows: tuple[f.Window, ...], test: f.Test | None, frame: Frame | None = None
) -> Chosen:
    """Return which rows of a fact lie in the windows and pass the test."""
    where = frame or made.frame(windows)
    rows, before = made.sources.rows(fact), []
    span = where.member("r.first", "r.last")
    sure = " OR r.fault IS NOT NULL" if made.sources.table(fact) == "measurement" else ""
    parts = [Pair(f"({dated_row('r')} AND {span.can})", f"({span.fail}{sure})")]
    for place, regimen in enumerate(where.regimens):
        texts, rows = during(made, f"{name}_while_{place}" if place else f"{name}_while", fact, rows, regimen)
        before += texts
        parts.append(Pair("r.during_can", "r.during_fail"))
    inside = both(*parts)
    all_seats = made.sources.seats(fact)
    seats = "" if where.constant else f"\n    JOIN {all_seats} s ON s.seat = r.seat"
    number = passes(ends("r", made.sources.table(fact)), test)
    return Chosen(rows, where, seats, inside, both(inside, number), number, tuple(before), all_seats)


def during(made: Shared, name: str, fact: str, rows: str, regimen: f.While) -> tuple[list[str], str]:
    """Return for each row what is known of a regimen on its days."""
    line = f"{name}_line"
    today = made.anchors.today()
    value = compare(Ends("l.low", "l.high"), regimen.compare.op, regimen.compare.amount.number)
    shape = {"name": line, "fact": literal(regimen.fact), "fact_name": regimen.fact}
    texts = [
        fill("line", **shape, first=FIRST.text, last=today.text),
        fill("line_days", name=line, last=today.text, can=value.can, fail=value.fail),
    ]
    columns = "r.seat, " + made.sources.columns(fact, "r")
    texts.append(fill("while", name=name, fact_name=regimen.fact, columns=columns, rows=rows, line=f"{line}_holds"))
    return texts, name


def common(chosen: Chosen, name: str) -> dict[str, str]:
    """Return the parts that every form over rows has."""
    return {
        "name": name,
        "rows": chosen.rows,
        "all_seats": chosen.all_seats,
        "seats": chosen.seats,
        "can": chosen.can,
        "sure": chosen.sure,
        "certain": chosen.certain,
        "lost": chosen.frame.lost,
        "which": chosen.frame.which,
    }


def latest(made: Shared, name: str, form: f.Latest) -> str:
    """The newest measurement in a relation to a number."""
    chosen = choose(made, name, form.fact, form.windows, None)
    value = passes(ends("r", made.sources.table(form.fact)), form.compare)
    reach = literal(int(made.vocabulary.amount("answer_against_record")))
    whole, complete = made.whole(form.fact, chosen.frame.from_first, chosen.frame.to_last)
    told = {"whole": whole, "complete": complete, "undated": f"NOT {dated_row('r')}"}
    text = fill(
        "latest", **common(chosen, name), **told,
        met=value.met, not_met=value.not_met, open=f"({value.open})", reach=reach,
    )  # fmt: skip
    return joined(chosen.before, text)


def any_row(made: Shared, name: str, form: f.AnyRow | f.NoRow) -> tuple[str, ...]:
    """At least one row, or none."""
    test = form.compare if isinstance(form, f.AnyRow) else None
    chosen = choose(made, name, form.fact, form.windows, test)
    before = list(chosen.before)
    if isinstance(form, f.AnyRow) and form.partner:
        text, rows = partnered(made, name, form.fact, chosen.rows, form.partner)
        before.append(text)
        truth = both(chosen.truth, Pair("r.partner_can", "r.partner_fail"))
        chosen = replace(chosen, rows=rows, truth=truth, before=())
    whole, complete = made.whole(form.fact, chosen.frame.from_first, chosen.frame.to_last)
    parts = common(chosen, name) | {"whole": whole, "complete": complete}
    if isinstance(form, f.AnyRow) and measured_once(made, form):
        alone = f"{chosen.surely_inside} AND NOT {chosen.number.fail}" if form.partner else "FALSE"
        undated = f"NOT {dated_row('r')} AND {chosen.number.can}"
        return (*before, fill("any_measured", **parts, inside=chosen.surely_inside, alone=alone, undated=undated))
    return (*before, fill("any" if isinstance(form, f.AnyRow) else "none", **parts))


def measured_once(made: Shared, form: f.AnyRow) -> bool:
    """Whether a result of a leaf that fails is not asked again."""
    return form.compare is not None and made.vocabulary[form.fact].once


def partnered(made: Shared, name: str, fact: str, rows: str, partner: f.Partner) -> tuple[str, str]:
    """Return for each row what is known of a second result of the same draw."""
    value = passes(ends("p", made.sources.table(partner.fact)), partner.compare)
    columns = "r.seat, " + made.sources.columns(fact, "r")
    if rows.endswith("_while"):
        columns += ", r.during_can, r.during_fail"
    text = fill(
        "partner",
        name=f"{name}_partnered",
        fact_name=partner.fact,
        columns=columns,
        rows=rows,
        partners=made.sources.rows(partner.fact, fact),
        dated=dated_row("p"),
        can=value.can,
        fail=value.fail,
    )
    return text, f"{name}_partnered"


def measured(made: Shared, name: str, form: f.Counted) -> tuple[str, ...]:
    """A measure in a relation to a number."""
    if form.compare is None:
        msg = "a measure without a number to compare with"
        raise ValueError(msg)
    texts = measure(made, name, form, made.frame(form.windows))
    verdict = compare(MEASURE, form.compare.op, form.compare.amount.number)
    closed = "m.failed, " if isinstance(form, f.Share) else ""
    return (*texts, fill("compare", name=name, can=verdict.can, fail=verdict.fail, closed=closed))


def measure(made: Shared, name: str, form: f.Measure | f.Counted, frame: Frame) -> tuple[str, ...]:
    """Return what is known of a measure by seat: ``<name>_measure`` with two ends as fractions."""
    test: f.Test | None = getattr(form, "test", None)
    chosen = choose(made, name, form.fact, (), test, frame)
    parts = common(chosen, name)
    whole, complete = made.whole(form.fact, frame.from_first, frame.to_last)
    days_known = f" AND {frame.exact} AND {frame.days} > 0"
    value = ends("r", made.sources.table(form.fact))
    match form:
        case f.Count():
            text = fill("count", **parts, whole=whole, complete=complete, known="", days="1")
        case f.Average():
            text = fill("count", **parts, whole=whole, complete=complete, known=days_known, days=frame.days)
        case f.DaysWith():
            percent = form.compare is not None and form.compare.amount.unit == "%"
            shape = {"scale": "100 *", "of": frame.days, "known": days_known}
            plain = {"scale": "", "of": "1", "known": ""}
            text = fill(
                "days_with",
                **parts,
                **(shape if percent else plain),
                whole=whole,
                complete=complete,
                days=frame.days,
                fewest=pieces.in_turn("r.first", ">"),
            )
        case f.Share():
            above = passes(value, f.Compare(">", form.above))
            least = form.least.number if form.least else Fraction(1)
            text = fill(
                "share",
                **parts,
                met=above.met,
                not_met=above.not_met,
                maybe=chosen.truth.fail,
                above_can=above.can,
                above_fail=above.fail,
                least=literal(-(-least.numerator // least.denominator)),
                whole=whole,
                complete=complete,
                undated=f"NOT {dated_row('r')}",
            )
        case f.Spread():
            text = fill("spread", **parts, whole=whole, complete=complete)
        case f.Sum():
            text = fill("sum", **parts, whole=whole, complete=complete)
        case f.Spaced():
            spaced = pieces.in_turn(pieces.shifted("r.first", form.apart.duration, "-"), ">=")
            text = fill("spaced", **parts, whole=whole, complete=complete, spaced=spaced)
        case f.Latest():
            faulty = "r.fault IS NOT NULL" if made.sources.table(form.fact) == "measurement" else "FALSE"
            text = fill("newest_value", **parts, faulty=faulty)
    return (*chosen.before, text)


def no_worse(made: Shared, name: str, form: f.NoWorse) -> tuple[str, ...]:
    """A measure after an anchor no worse than before it."""
    earlier, later = made.anchors.around(form.measure.windows, form.anchor, endless=isinstance(form.measure, f.Latest))
    by = Fraction(form.by.number) if form.by else Fraction(0)
    before, after = Ends("b.low", "b.high", "b.low_of", "b.high_of"), Ends("a.low", "a.high", "a.low_of", "a.high_of")
    if made.vocabulary[form.fact].worse == "higher":
        holds = _at_most(after.high, after.high_of, before.low, before.low_of, by)
        fails = _above(after.low, after.low_of, before.high, before.high_of, by)
    else:  # of the negated numbers: the ends change places and signs
        holds = _at_most(f"-{after.low}", after.low_of, f"-{before.high}", before.high_of, by)
        fails = _above(f"-{after.high}", after.high_of, f"-{before.low}", before.low_of, by)
    return (
        *measure(made, f"{name}_before", form.measure, earlier),
        *measure(made, f"{name}_after", form.measure, later),
        fill("no_worse", name=name, holds=holds, fails=fails),
    )


def _at_most(one: str, one_of: str, two: str, two_of: str, by: Fraction) -> str:
    return f"coalesce({_difference(one, one_of, two, two_of, by)} <= {by.numerator} * {one_of} * {two_of}, FALSE)"


def _above(one: str, one_of: str, two: str, two_of: str, by: Fraction) -> str:
    return f"coalesce({_difference(one, one_of, two, two_of, by)} > {by.numerator} * {one_of} * {two_of}, FALSE)"


def _difference(one: str, one_of: str, two: str, two_of: str, by: Fraction) -> str:
    """Return ``one - two`` times the product of the denominators and that of the tolerance."""
    return f"({one} * {two_of} - {two} * {one_of}) * {by.denominator}"


def gap(made: Shared, name: str, form: f.Gap) -> str:
    """The longest stretch between rows in a relation to a calendar length."""
    chosen = choose(made, name, form.fact, form.windows, None)
    frame = chosen.frame
    whole, complete = made.whole(form.fact, frame.from_first, frame.to_last)
    back = Day("two").moved(form.length.duration, "-").text
    loose = Pair(f"(NOT {whole} OR coalesce(v.best, g.best))", "NOT g.sure")
    strict = Pair(f"(NOT {whole} OR coalesce(v.best_strict, g.best_strict))", "NOT g.sure_strict")
    verdict = {
        "<=": loose,
        "<": strict,
        ">": negate(loose),
        ">=": negate(strict),
        "=": both(loose, negate(strict)),
    }[form.op]
    parts = common(chosen, name) | {"can": chosen.can, "row_can": chosen.can}
    edges = {
        "from_day": pieces.day_before(frame.from_first.text),
        "before_birth": "CAST(s.born - INTERVAL 1 DAY AS DATE)",
        "to_day": frame.to_last.text,
    }
    parts |= {"verdict_can": verdict.can, "verdict_fail": verdict.fail}
    vague = fill(
        "gap_vague",
        **parts,
        loose=_reachable(form.length.duration, strict=False),
        strict=_reachable(form.length.duration, strict=True),
        opens=f"greatest({edges['from_day']}, {edges['before_birth']})",
        ends=edges["to_day"],
    )
    return joined(chosen.before, fill("gap", **parts, **edges, back=back, complete=complete, vague=f"{vague}\n"))


def _reachable(length: Duration, *, strict: bool) -> str:
    """Return the condition that rows, each a span of days, can be laid so that every step between is short."""

    def close(one: str, two: str) -> str:
        return f"({one} {'>' if strict else '>='} {pieces.shifted(two, length, '-')})"

    at, next_day = "held.at", pieces.next_day("held.at")
    in_reach = f"span.last > {at} AND {close(at, f'greatest(span.first, {next_day})')}"
    ahead = pieces.shifted(at, length, "+")
    later = [f"CAST({ahead} + INTERVAL {days} DAY AS DATE)" for days in (3, 2, 1)]
    reach = " ".join(f"WHEN {close(at, day)} THEN {day}" for day in (*later, ahead, pieces.day_before(ahead)))
    late = f"greatest({next_day}, least(taken.last, CASE {reach} ELSE {at} END))"
    moved = f"{{'at': {late}, 'spans': list_filter(held.spans, lambda span: span.place <> taken.place)}}"
    step = f"CASE WHEN {close(at, 'ends')} OR taken IS NULL THEN held ELSE {moved} END"
    picked = f"list_filter(held.spans, lambda span: {in_reach})[1]"
    held = f"list_reduce(spans, lambda held, ignored: list_transform([{picked}], lambda taken: {step})[1], start)"
    return close(f"{held}.at", "ends")


def joined(before: tuple[str, ...], text: str) -> str:
    """Put expressions one after another."""
    return ",\n".join((*before, text))
