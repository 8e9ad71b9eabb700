from msgspec.structs import asdict

from priorauth.glucose.definitions import definitions
from priorauth.glucose.derivations import derivations
from tests.glucose.evidence_of import VOCABULARY


def test_the_figures_are_those_of_the_vocabulary() -> None:
    assert asdict(derivations(VOCABULARY)) == {
        "low": 70,
        "one_event": 15,
        "least": 15,
        "recovery": 15,
        "gap": 20,
        "night": (0, 360),
        "fasting_meter": (240, 600),
        "fasting_sensor": 480,
        "range_least": 2,
        "log_days": 14,
    }


def test_they_are_read_once() -> None:
    assert derivations(VOCABULARY) is derivations(VOCABULARY)


def test_a_determination_and_a_summary_count_events_by_the_same_figures() -> None:
    rules, given = definitions().rules, derivations(VOCABULARY)
    assert (rules.low, rules.event, rules.recovery, rules.longest_step, rules.meter_apart) == (
        given.low,
        given.least,
        given.recovery,
        given.gap,
        given.one_event,
    )
    assert (rules.night_from, rules.night_until) == given.night
    assert (rules.meter_fasting_from, rules.meter_fasting_until) == given.fasting_meter
    assert rules.sensor_fasting_until == given.fasting_sensor + 1
