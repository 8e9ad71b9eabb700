"""Which samples were drawn fasting: as their specimen says, a component of the result, or an observation of the draw.

One sign of it suffices where nothing says otherwise. What says no, what cannot be read, and what is in doubt keep a
sample from counting as fasting; that nobody asked says neither. Words alone are no sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from msgspec import Struct, field

from priorauth.fhir.elements import Quantity
from priorauth.fhir.structs import Component, Observation, Specimen
from priorauth.record.chart import AnyConcept, Chart
from priorauth.record.codes import Coded, system_of
from priorauth.record.readers.observed import made, says
from priorauth.record.tables import FASTED, FASTING_NOT_SAID, FASTING_STATUS, FASTING_SYSTEMS, SOUND_SPECIMEN
from priorauth.values.units import number

_HOURS: Final = {"h": Fraction(1), "min": Fraction(1, 60), "s": Fraction(1, 3600), "d": Fraction(24)}
"""Hours of a UCUM unit of time."""


class Fasting(Struct):
    """What is said of fasting in one chart; ``told`` takes in what observations say, ``is_so`` then tells of a draw."""

    chart: Chart
    by_specimen: dict[str, list[bool | None]] = field(default_factory=dict)
    by_minute: dict[int, list[bool | None]] = field(default_factory=dict)

    def told(self, observation: Observation, *, sure: bool = True) -> None:
        """Take in an observation of the fasting status; one that is not ``sure`` leaves its draw in doubt."""
        sign = _value(observation) if sure else False
        key = self.chart.references.key(observation.specimen, observation)
        if key is not None:
            self.by_specimen.setdefault(key, []).append(sign)
        minute = made(self.chart, observation, f"Observation/{observation.id}").minute
        if minute is not None:
            self.by_minute.setdefault(minute, []).append(sign)

    def is_so(self, observation: Observation) -> bool:
        """Whether what an observation tested was drawn fasting."""
        signs = [*self._signs(observation)]
        return True in signs and False not in signs

    def _signs(self, observation: Observation) -> Iterator[bool | None]:
        for component in observation.component:
            if is_status(component.code):
                yield _value(component)
        key = None
        if observation.specimen is not None:
            key = self.chart.references.key(observation.specimen, observation)
            found = self.chart.references.find(observation.specimen, observation)
            if isinstance(found, Specimen):
                yield from self._specimen(found)
        if key is not None and key in self.by_specimen:
            yield from self.by_specimen[key]
        if self.by_minute:
            minute = made(self.chart, observation, f"Observation/{observation.id}").minute
            if minute is not None:
                yield from self.by_minute.get(minute, ())

    def _specimen(self, specimen: Specimen) -> Iterator[bool | None]:
        if specimen.status not in SOUND_SPECIMEN or self.chart.doubt(specimen) is not None:
            yield False
        if specimen.collection is not None:
            status, lasted = (
                specimen.collection.fasting_status_codeable_concept,
                specimen.collection.fasting_status_duration,
            )
            if status is not None:
                yield _coded(status)
            if lasted is not None:
                yield _long_enough(lasted, self.chart.vocabulary.amount("fasting_least"))


def is_status(concept: AnyConcept | None) -> bool:
    """Whether a code is that of the fasting status."""
    if concept is None:
        return False
    return any(one.code in FASTING_STATUS and system_of(one.system) == "loinc" for one in concept.coding)


def _value(body: Observation | Component) -> bool | None:
    """Return what a status says: yes; no, or nothing that can be read; None where it was not asked or has no value."""
    if body.data_absent_reason is not None or not says(body):
        return None
    if body.value_codeable_concept is not None:
        return _coded(body.value_codeable_concept)
    return body.value_boolean is True


def _coded(concept: AnyConcept) -> bool | None:
    signs = {_sign(one) for one in concept.coding}
    if True in signs and False not in signs:
        return True
    return None if signs == {None} else False


def _sign(coding: Coded) -> bool | None:
    named = (_system(coding.system), coding.code)
    return True if named in FASTED else None if named in FASTING_NOT_SAID else False


def _system(uri: str) -> str:
    named = uri.rstrip("/").removeprefix("https://").removeprefix("http://")
    return FASTING_SYSTEMS.get(named) or system_of(uri)


def _long_enough(lasted: Quantity, least: Fraction) -> bool | None:
    """Whether nothing was eaten for long enough; None where the comparator leaves that open."""
    hours = _HOURS.get(lasted.code or lasted.unit)
    if hours is None or lasted.value is None:
        return False
    try:
        enough = number(lasted.value) * hours >= least
    except ValueError:
        return False
    if enough:
        return None if lasted.comparator.startswith("<") else True
    return None if lasted.comparator.startswith(">") else False
