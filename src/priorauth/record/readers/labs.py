"""What laboratory results show together: C-peptide with its limit and its glucose, antibodies, kidney function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from priorauth.facts.rows import UNDATED, UNREAD, Answer, Measurement, Period, Row, Source, mentioned
from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir.elements import Quantity, Range
from priorauth.record.chart import Chart, has_code
from priorauth.record.quantities import Scales
from priorauth.record.readers.mentions import Rate
from priorauth.record.readers.observations import Antibody, Findings, Result
from priorauth.record.tables import INSULIN_ANTIBODIES, NEGATIVE, NEGATIVE_VALUES, POSITIVE, POSITIVE_VALUES
from priorauth.values.dates import ANY_DAY, LAST_DAY, years_between
from priorauth.values.units import number, plain

PERCENT: Final = "c_peptide_percent_of_lower_limit"
TOGETHER: Final = "fasting_glucose_with_c_peptide"
CLEARANCE: Final = "creatinine_clearance"
WEIGHT: Final = "body_weight"
CREATININE: Final = "serum_creatinine"
_FEMALE: Final = "female"


def rows(chart: Chart, findings: Findings, treated: Iterable[Period]) -> Iterator[Row]:
    """Yield what the results show; ``treated`` are the spans of treatment with insulin."""
    peptides = findings.results.get("c_peptide", [])
    yield from _percents(chart, peptides)
    yield from _drawn_together(peptides, findings.results.get("fasting_glucose", []))
    yield from _antibodies(chart, findings.antibodies, treated)
    yield from clearances(chart, findings.results)
    yield from _low_rates(chart, findings.rates)
    yield from _worn(chart, findings)


def _percents(chart: Chart, peptides: list[Result]) -> Iterator[Measurement]:
    """Yield each C-peptide as percent of the lower limit that was reported with it, before any rounding."""
    for row, quantity, ranges in peptides:
        value = chart.scales.credible("c_peptide", quantity)
        limits = [
            limit for one in _normal(ranges) if (limit := _limit(chart, quantity, one.low)) is not None and limit > 0
        ]
        if value is None or not limits:
            continue
        least = chart.scales.multiple(PERCENT, 100 * value / max(limits))
        most = chart.scales.multiple(PERCENT, 100 * value / min(limits))
        low = None if quantity.comparator.startswith("<") else least
        high = None if quantity.comparator.startswith(">") else most
        yield Measurement(
            PERCENT, Source.RECORD, row.ref, row.first, row.last, row.minute, low, high,
            specimen=row.specimen, fault=row.fault,
        )  # fmt: skip


def _normal(ranges: Iterable[Range]) -> list[Range]:
    """Return the ranges that are of normal values, as far as they say what they are of."""
    return [one for one in ranges if one.type is None or has_code([one.type], {"normal"})]


def _limit(chart: Chart, quantity: Quantity, limit: Quantity | None) -> Fraction | None:
    """Return a limit in the unit of the fact; without a unit it stands in the unit of the result."""
    if limit is None or limit.value is None:
        return None
    if not limit.code and not limit.unit:
        limit = Quantity(value=limit.value, unit=quantity.unit, system=quantity.system, code=quantity.code)
    return chart.scales.exact("c_peptide", limit)


def _drawn_together(peptides: list[Result], glucoses: list[Result]) -> Iterator[Measurement]:
    """Yield each laboratory fasting glucose of the same specimen as a C-peptide, else of the same minute."""
    draws = [one.row for one in peptides]
    for row, _, _ in glucoses:
        same = [one.specimen for one in draws if one.specimen is not None and one.specimen == row.specimen]
        if not same and row.minute is not None:
            same = [one.specimen for one in draws if one.minute == row.minute and one.specimen is not None]
        if same:
            yield Measurement(
                TOGETHER, Source.RECORD, row.ref, row.first, row.last, row.minute,
                row.low, row.high, row.low_open, row.high_open, min(same), row.fault,
            )  # fmt: skip


def _antibodies(chart: Chart, found: list[Antibody], treated: Iterable[Period]) -> Iterator[Answer]:
    """Yield the positive antibodies, or where there is none, the negative ones: one positive suffices and stays."""
    first_insulin = min((period.start_first for period in treated if period.low == 1), default=None)
    results: dict[str, dict[str, list[Answer]]] = {}
    for one in found:
        fact = chart.vocabulary[one.fact]
        if fact.values != ("positive", "negative"):
            continue
        if one.loinc & INSULIN_ANTIBODIES and (first_insulin is None or one.when.last >= first_insulin):
            continue
        text = _sign(one)
        ground = None if text else "neither positive nor negative, as far as can be read"
        if one.when == ANY_DAY:
            text, ground = None, UNDATED
        row = Answer(one.fact, Source.RECORD, one.ref, text or UNREAD, one.when.first, one.when.last, one.when.minute)
        if ground is not None:
            row = mentioned(row, ground)
        results.setdefault(one.fact, {}).setdefault(row.text, []).append(row)
    for by_text in results.values():
        yield from by_text.get("positive") or (*by_text.get("negative", ()), *by_text.get(UNREAD, ()))


def _sign(one: Antibody) -> str | None:
    """Return whether an antibody is positive: by its interpretation, its coded value, or its reference range."""
    body = one.body
    if has_code(body.interpretation, POSITIVE) or has_code([body.value_codeable_concept], POSITIVE_VALUES):
        return "positive"
    if has_code(body.interpretation, NEGATIVE) or has_code([body.value_codeable_concept], NEGATIVE_VALUES):
        return "negative"
    highs = [limit.high for limit in _normal(body.reference_range) if limit.high is not None]
    return _against(body.value_quantity, highs[0]) if len(highs) == 1 else None


def _against(value: Quantity | None, limit: Quantity) -> str | None:
    """Hold a result against the upper limit of normal in the same unit."""
    if value is None or value.value is None or limit.value is None:
        return None
    if (limit.code or limit.unit) not in ("", value.code, value.unit):
        return None
    try:
        result, upper = number(value.value), number(limit.value)
    except ValueError:
        return None
    match value.comparator:
        case "":
            return "positive" if result > upper else "negative"
        case ">" | ">=":
            return "positive" if result > upper or (result == upper and value.comparator == ">") else None
        case "<" | "<=":
            return "negative" if result <= upper else None
    return None


def clearances(chart: Chart, results: Mapping[str, Sequence[Result]]) -> Iterator[Measurement]:
    """Yield the clearance by Cockcroft and Gault for each creatinine newer than any measured clearance."""
    measured = max((one.row.first for one in results.get(CLEARANCE, ())), default=0)
    weights = [one.row for one in results.get(WEIGHT, ()) if one.row.first == one.row.last]
    for creatinine, _, _ in results.get(CREATININE, ()):
        if creatinine.first != creatinine.last or creatinine.first <= measured or chart.born is None:
            continue
        weight = _nearest(weights, creatinine.first)
        if weight is not None:
            yield _clearance(chart, creatinine, weight)


def _nearest(weights: list[Measurement], day: int) -> Measurement | None:
    """Return the newest weight up to a day, else the first after it."""
    known = [row for row in weights if row.low is not None and row.high is not None]
    before = [row for row in known if row.first <= day]
    if before:
        return max(before, key=lambda row: (row.first, row.minute or 0, row.ref))
    return min(known, key=lambda row: (row.first, row.minute or 0, row.ref), default=None)


def _clearance(chart: Chart, creatinine: Measurement, weight: Measurement) -> Measurement:
    """Work out (140 - age) x weight / (72 x creatinine), x 0.85 if female; what is not known gives an interval."""
    least, most = _factors(chart.vocabulary, chart.sex)
    ages = (0, 0) if chart.born is None else (
        years_between(chart.born.last, creatinine.first), years_between(chart.born.first, creatinine.first)
    )  # fmt: skip

    def result(age: int, weight: int, creatinine: int, factor: tuple[int, int]) -> int:
        of_units, per_creatinine = _of_units(chart.scales, age, factor)
        return (2 * of_units * weight + per_creatinine * creatinine) // (2 * per_creatinine * creatinine)

    low = high = None
    if creatinine.high and weight.low is not None:
        low = result(ages[1], weight.low, creatinine.high, least)
    if creatinine.low and weight.high is not None:
        high = result(ages[0], weight.high, creatinine.low, most)
    return Measurement(
        CLEARANCE, Source.RECORD, f"{creatinine.ref}, {weight.ref}",
        creatinine.first, creatinine.last, creatinine.minute, low, high, fault=creatinine.fault,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _factors(vocabulary: Vocabulary, sex: str | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the least and the greatest factor of a sex, as ratios."""
    female = vocabulary.amount("cockcroft_gault_female")
    factors = {_FEMALE: (female, female), None: (min(female, Fraction(1)), max(female, Fraction(1)))}
    least, most = factors.get(sex, (Fraction(1), Fraction(1)))
    return least.as_integer_ratio(), most.as_integer_ratio()


@lru_cache(maxsize=1024)
def _of_units(scales: Scales, age: int, factor: tuple[int, int]) -> tuple[int, int]:
    """Return the clearance at an age where weight and creatinine are one of what they are multiples of, as a ratio.

    It stands in multiples of its own resolution: what is rounded half up is that ratio times weight by creatinine.
    """
    amount, resolution = scales.vocabulary.amount, scales.resolution
    value = (amount("cockcroft_gault_age") - age) * resolution(WEIGHT) * Fraction(*factor)
    unit = value / (amount("cockcroft_gault_divisor") * resolution(CREATININE)) / resolution(CLEARANCE)
    return unit.as_integer_ratio()


def _low_rates(chart: Chart, rates: list[Rate]) -> Iterator[Period]:
    """Yield a hint where the latest result of a code of ``hint_below`` may lie below its value.

    The code itself says per body surface; laboratories write the unit in many ways or leave it out. One in another
    unit, one that cannot be read, and one that no result can be, may be any.
    """
    for fact in dict.fromkeys(rate.fact for rate in rates):
        listed = [rate for rate in rates if rate.fact == fact]
        newest = max(rate.when.first for rate in listed)
        for rate in listed:
            if rate.when.last >= newest and _may_be_below(rate.quantity, chart.vocabulary[fact].hint_below):
                yield Period(
                    fact, Source.RECORD, rate.ref, rate.when.first, rate.when.last, LAST_DAY, LAST_DAY, low=0, high=1,
                    ground="a result that may be that low",
                )  # fmt: skip


def _may_be_below(quantity: Quantity, below: Mapping[str, object]) -> bool:
    """Return whether a result may lie below the value of a ``hint_below``."""
    value, unit = quantity.value, quantity.unit or quantity.code
    if value is None or not value.is_finite() or quantity.comparator not in ("", ">", ">="):
        return True
    if unit and not _units(below).intersection((plain(quantity.unit), plain(quantity.code))):
        return True
    return value < Decimal(str(below["value"])) or ("most" in below and value > Decimal(str(below["most"])))


def _units(below: Mapping[str, object]) -> set[str]:
    listed = below.get("units", ())
    spelled = [str(one) for one in listed] if isinstance(listed, list | tuple) else []
    return {plain(one) for one in (str(below["unit"]), *spelled)}


def _worn(chart: Chart, findings: Findings) -> Iterator[Measurement]:
    """Yield the share of days on which a sensor was worn; the share of time is at most the share of days."""
    fact = "cgm_days_worn_percent"
    derivations = chart.vocabulary.derivations
    for code, ref, when, quantity in findings.worn:
        if code == derivations["sensor_days_worn"]:
            days = chart.scales.exact("diabetes_hospital_stay", quantity)
            if days is not None and when.first > 1 and not quantity.comparator:
                share = chart.scales.multiple(fact, 100 * days / (when.last - when.first + 1))
                yield Measurement(fact, Source.RECORD, ref, when.last, when.last, None, share, share)
        elif code == derivations["sensor_time_active"]:
            low = chart.scales.amount(fact, quantity).low
            if low is not None and when.first > 1:
                yield Measurement(fact, Source.RECORD, ref, when.last, when.last, None, low, None)
