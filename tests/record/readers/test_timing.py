from fractions import Fraction
from typing import Any

import msgspec
import pytest

from priorauth.fhir.prescriptions import Dosage
from priorauth.record.readers.timing import Rate, as_needed, injected, per_day


def dosage(**elements: Any) -> Dosage:
    return msgspec.json.decode(msgspec.json.encode(elements), type=Dosage)


def rate(**repeat: Any) -> Rate | None:
    return per_day(dosage(timing={"repeat": repeat}))


def exactly(number: int | Fraction) -> Rate:
    return Rate(Fraction(number), Fraction(number))


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        ({"frequency": 3, "period": 1, "periodUnit": "d"}, exactly(3)),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, exactly(3)),
        ({"frequency": 2, "period": 1, "periodUnit": "wk"}, exactly(Fraction(2, 7))),
        ({"period": 2, "periodUnit": "d"}, exactly(Fraction(1, 2))),
        ({"frequency": 3, "frequencyMax": 4, "period": 1, "periodUnit": "d"}, Rate(Fraction(3), Fraction(4))),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, Rate(Fraction(4), Fraction(6))),
        ({"timeOfDay": ["08:00:00", "20:00:00"]}, exactly(2)),
        ({"timeOfDay": ["08:00:00"], "dayOfWeek": ["mon", "thu"]}, exactly(Fraction(2, 7))),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon"]}, exactly(Fraction(1, 7))),
        ({"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}, exactly(Fraction(1, 7))),
        ({"when": ["ACM", "ACD", "ACV"]}, exactly(3)),
        ({"when": ["HS"]}, exactly(1)),
        ({"when": ["AC"]}, Rate(Fraction(3), None)),
        ({"frequency": 3, "period": 1, "periodUnit": "d", "when": ["AC"]}, exactly(3)),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "when": ["CM", "CD", "CV"]}, Rate(Fraction(1), Fraction(3))),
        ({"frequency": 3}, None),
        ({"frequency": 3, "period": 1, "periodUnit": "mo"}, None),
        ({"frequency": 3, "period": 0, "periodUnit": "d"}, None),
        ({"frequency": 3, "frequencyMax": 2, "period": 1, "periodUnit": "d"}, None),
        ({"when": ["SOMETIMES"]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_timing_is_how_often_a_day(repeat: dict[str, Any], expected: Rate | None) -> None:
    assert rate(**repeat) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("QD", 1),
        ("BID", 2),
        ("TID", 3),
        ("QID", 4),
        ("Q6H", 4),
        ("HS", 1),
        ("ACM", 1),
        ("QOD", Fraction(1, 2)),
        ("229798009", 3),
    ],
)
def test_a_coded_timing_is_how_often_a_day(code: str, expected: int | Fraction) -> None:
    assert per_day(dosage(timing={"code": {"coding": [{"system": "x", "code": code}]}})) == exactly(expected)


def test_a_timing_that_is_nothing_but_a_code_in_words_counts_and_a_sentence_does_not() -> None:
    assert per_day(dosage(timing={"code": {"text": "tid"}})) == exactly(3)
    assert per_day(dosage(timing={"code": {"text": "three times a day"}})) is None


def test_text_alone_is_not_computed() -> None:
    assert per_day(dosage(text="8 units three times a day")) is None


def test_what_a_pump_gives_is_no_injection() -> None:
    assert (
        per_day(dosage(text="by insulin pump", timing={"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}))
        is None
    )


def test_as_needed_is_said_by_a_mark_or_by_a_reason() -> None:
    assert as_needed(dosage(asNeededBoolean=True))
    assert as_needed(dosage(asNeededCodeableConcept={"text": "high glucose"}))
    assert not as_needed(dosage(asNeededBoolean=False))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, True),
        ({"route": {"coding": [{"code": "34206005"}]}}, True),
        ({"route": {"coding": [{"code": "sc"}]}}, True),
        ({"route": {"coding": [{"code": "47625008"}]}}, False),
        ({"route": {"coding": [{"code": "nowhere"}]}}, False),
        ({"route": {"coding": [{"code": "47625008"}, {"code": "34206005"}]}}, True),
        ({"route": {"text": "Intravenous"}}, False),
        ({"route": {"text": "inhaled"}}, False),
        ({"route": {"text": "under the skin"}}, True),
        ({"doseAndRate": [{"rateQuantity": {"value": 1, "unit": "U/h"}}]}, False),
        ({"doseAndRate": [{"rateRatio": {"numerator": {"value": 1}, "denominator": {"value": 1}}}]}, False),
        ({"doseAndRate": [{"rateRange": {"low": {"value": 1}}}]}, False),
        ({"doseAndRate": [{"doseQuantity": {"value": 10, "unit": "U"}}]}, True),
        ({"doseAndRate": [{}, {"rateQuantity": {"value": 1}}]}, False),
    ],
)
def test_what_runs_in_at_a_rate_or_is_given_elsewhere_is_no_injection(more: dict[str, Any], *, found: bool) -> None:
    assert injected(dosage(**more)) is found


def test_a_number_of_doses_says_how_many_there_are_and_not_how_often() -> None:
    assert rate(count=3) is None
    assert rate(count=3, countMax=6) is None
    assert rate(count=3, frequency=2, period=1, periodUnit="d") == exactly(2)
