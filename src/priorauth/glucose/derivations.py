"""The derivations of the vocabulary that glucose readings go by: thresholds, durations and times of day, as numbers.

They are named and sourced in ``policies/vocabulary.yaml``; rows for a determination are made by these alone.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from priorauth.facts.vocabulary import Vocabulary


class Derivations(Struct, frozen=True):
    """Glucose in whole mg/dL, durations in minutes, times in minutes after local midnight."""

    low: int
    one_event: int
    least: int
    recovery: int
    gap: int
    night: tuple[int, int]
    fasting_meter: tuple[int, int]
    fasting_sensor: int
    range_least: int
    log_days: int


class _Same:
    """A vocabulary under its hash, so that what was read of it once is remembered."""

    __slots__ = ("sha256", "vocabulary")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary, self.sha256 = vocabulary, vocabulary.sha256

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


def derivations(vocabulary: Vocabulary) -> Derivations:
    """Read them; of the same vocabulary, once."""
    return _read(_Same(vocabulary))


@lru_cache(maxsize=8)
def _read(same: _Same) -> Derivations:
    vocabulary = same.vocabulary
    amount = vocabulary.amount

    def clock(name: str) -> int:
        hour, _, minute = vocabulary.derivations[name].partition(":")
        return int(hour) * 60 + int(minute)

    return Derivations(
        low=int(amount("hypoglycemia_below")),
        one_event=int(amount("hypoglycemia_readings_one_event")),
        least=int(amount("hypoglycemia_sensor_least")),
        recovery=int(amount("hypoglycemia_sensor_recovery")),
        gap=int(amount("sensor_gap_above")),
        night=(clock("night_from"), clock("night_until")),
        fasting_meter=(clock("fasting_meter_from"), clock("fasting_meter_until")),
        fasting_sensor=clock("fasting_sensor_latest"),
        range_least=int(amount("premeal_range_readings_least")),
        log_days=int(amount("glucose_log_least")),
    )
