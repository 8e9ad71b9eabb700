from priorauth.glucose import census
from priorauth.glucose.hints import Hint, hints
from priorauth.glucose.traces import Traces
from tests.glucose.drawn import MIDNIGHT, readings

DAY = 1440


def hint(given: Traces, name: str, entries: list[int] | None = None) -> Hint:
    (only,) = [each for each in hints(census.take(given), entries=entries) if each.name == name]
    return only


def events(*begins: int, minutes: int = 15, glucose: int = 50) -> Traces:
    """Give a sensor's trace with events below 54 at these minutes, among readings in range."""
    low = {begin + 5 * place for begin in begins for place in range(minutes // 5)}
    around = {minute for begin in begins for minute in range(begin - 30, begin + minutes + 30, 5)}
    return readings("cgm", *[(minute, glucose if minute in low else 120) for minute in sorted(around)])


def test_four_events_below_54_in_28_days_are_a_hint() -> None:
    assert hint(events(*[DAY * day + 600 for day in range(4)]), "recurrent").holds is True
    assert hint(events(*[DAY * day + 600 for day in range(3)]), "recurrent").holds is False


def test_four_events_spread_over_more_than_28_days_are_none() -> None:
    assert hint(events(600, DAY * 10, DAY * 20, DAY * 28 + 600), "recurrent").holds is False
    assert hint(events(600, DAY * 10, DAY * 20, DAY * 28 + 595), "recurrent").holds is True


def test_two_hours_below_54_are_a_hint() -> None:
    assert hint(events(600, minutes=120), "long").holds is True
    assert hint(events(600, minutes=115), "long").holds is False


def test_half_of_four_events_at_night_are_a_hint() -> None:
    night, noon = 120, 720
    assert hint(events(night, noon, DAY + night, DAY + noon), "night").holds is True
    assert hint(events(night, noon, DAY + noon, 2 * DAY + noon), "night").holds is False


def test_three_events_are_too_few_to_speak_of_nights() -> None:
    assert hint(events(120, DAY + 120, 2 * DAY + 120), "night").holds is False


def test_an_event_without_an_entry_within_half_an_hour_is_unanswered() -> None:
    answered, late = [MIDNIGHT + 630], [MIDNIGHT + 631]
    assert hint(events(600), "unanswered", answered).holds is False
    assert hint(events(600), "unanswered", late).holds is True


def test_no_log_of_entries_is_not_an_empty_one() -> None:
    assert hint(events(600), "unanswered").holds is None
    assert hint(events(600), "unanswered", []).holds is True


def test_too_short_a_trace_gives_no_hint_either_way() -> None:
    short = readings("cgm", (0, 100), (5, 100))
    assert [each.holds for each in hints(census.take(short))] == [None, None, None, None]


def test_each_hint_says_its_counts_in_words() -> None:
    assert hint(events(600, minutes=120), "long").says == "1 of 1 events below 54 mg/dL lasted 120 minutes or longer"
