"""FHIR: glucose Observations, one reading each (HL7 CGM, or any meter's), or many in a SampledData.

The code says what measured: interstitial fluid is the sensor, capillary blood the meter; laboratory codes are neither
and are left to the record. A unit other than mg/dL and mmol/L, a status that withdraws the result, a preliminary
result with a final successor, and a result that says why it is absent are counted. In a SampledData ``L`` and ``U``
are below and above what the device measures, ``E`` is no value. A time without a zone beside times with one cannot be
placed and is counted.

Resources are plain dicts of parsed JSON; a row is the resource's place from 1. They prove nothing whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from typing import Any, Final

import numpy as np

from priorauth.glucose.formats.amount import DEXCOM, HIGHEST, LOWEST, Amounts, Unit, coded, refused, unit_named
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.entries import whole, words
from priorauth.glucose.formats.reading import Device, Flag, Raw
from priorauth.glucose.formats.tags import CODED, MEAL_CODES
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "fhir"
TITLE: Final = "FHIR"

_LOINC: Final = "http://loinc.org"
_MDC: Final = "urn:iso:std:iso:11073:10101"
# LOINC as in policies/vocabulary.yaml (cgm_glucose, glucose_self_test); MDC from ISO/IEEE 11073-10101, part 2.
_CODES: Final[Mapping[tuple[str, str], Device]] = {
    (_LOINC, "99504-3"): "cgm",
    (_LOINC, "105272-9"): "cgm",
    (_MDC, "160212"): "cgm",
    (_LOINC, "41653-7"): "meter",
    (_LOINC, "14743-9"): "meter",
    (_LOINC, "2340-8"): "meter",
    (_MDC, "160184"): "meter",
    (_MDC, "160188"): "meter",
}
_CONTROL: Final = (_MDC, "160208")
_WITHDRAWN: Final = frozenset({"entered-in-error", "cancelled", "registered"})
_SETTLED: Final = frozenset({"final", "amended", "corrected"})
_COMPARED: Final = {"<": (-1, Flag.LOW), "<=": (0, Flag.LOW), ">": (1, Flag.HIGH), ">=": (0, Flag.HIGH)}
_SAMPLES: Final = 2_000_000
_DAY_MS: Final = 86_400_000
_NO_TIME: Final = -(1 << 40)
_UNITS_OF_TIME: Final = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}  # R5 SampledData.intervalUnit

Resource = Mapping[str, Any]


@dataclass(slots=True)
class _Columns:
    """Single readings of one device class, column by column."""

    rows: list[int] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    makers: list[int] = field(default_factory=list)


def read_resources(name: str, resources: Iterable[object], notes: tuple[str, ...] = ()) -> Raw:
    """Read glucose Observations, leaving all other resources alone; raises LogRefused for two patients."""
    reading = _Reading(name)
    chosen = [
        (row, resource, device)
        for row, resource in enumerate(resources, 1)
        if isinstance(resource, dict) and (device := reading.device_of(row, resource)) is not None
    ]
    settled = {_key(resource, device) for _, resource, device in chosen if words(resource.get("status")) in _SETTLED}
    for row, resource, device in chosen:
        status = words(resource.get("status"))
        replaced = status == "preliminary" and _key(resource, device) in settled
        if replaced or status in _WITHDRAWN:
            reading.tally.add(RejectReason.WITHDRAWN, [row])
        else:
            reading.take(row, resource, device)
    return reading.finish(notes)


def _key(resource: Resource, device: Device) -> tuple[str, ...]:
    return device, _reference(resource.get("subject")), _start(resource), _reference(resource.get("device"))


class _Reading:
    """Observations while they are read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._times, self._makers = Times(), Numbers()
        self._units: dict[Unit, None] = {}
        self._amounts = {unit: Amounts(unit, DEXCOM) for unit in Unit}
        self._columns: dict[Device, _Columns] = {"cgm": _Columns(), "meter": _Columns()}
        self._tracks: dict[Device, Track] = {"cgm": Track("cgm"), "meter": Track("meter")}
        self._patient = ""
        self._samples = 0
        self.tally = Tally()

    def device_of(self, row: int, resource: Resource) -> Device | None:
        """Find what measured; None for what is no glucose reading of a device."""
        if resource.get("resourceType") != "Observation":
            return None
        codes = _codings(resource.get("code"))
        device = next((_CODES[code] for code in codes if code in _CODES), None)
        if _CONTROL in codes:
            self.tally.add(RejectReason.CONTROL_SOLUTION, [row])
            return None
        return device

    def take(self, row: int, resource: Resource, device: Device) -> None:
        """Take one Observation."""
        patient = _reference(resource.get("subject"))
        if patient and self._patient and patient != self._patient:
            raise log_refused(self._name, "a second patient; expected the readings of one patient", row=row)
        self._patient = self._patient or patient
        maker = self._makers[_reference(resource.get("device"))]
        samples = resource.get("valueSampledData")
        if isinstance(samples, dict):
            self._take_samples(row, samples, _start(resource), device, maker)
            return
        columns = self._columns[device]
        columns.rows.append(row)
        columns.times.append(_start(resource))
        columns.amounts.append(self._amount(resource))
        columns.flags.append(_flags(resource))
        columns.makers.append(maker)

    def _amount(self, resource: Resource) -> int:
        quantity = resource.get("valueQuantity")
        if not isinstance(quantity, dict):
            said = words(resource.get("valueString"))
            return self._amounts[Unit.MG][said] if said.isalpha() else refused(RejectReason.NO_VALUE)
        unit = unit_named(words(quantity.get("code"))) or unit_named(words(quantity.get("unit")))
        value = quantity.get("value")
        if value is None:
            return refused(RejectReason.NO_VALUE)
        if unit is None:
            return refused(RejectReason.UNIT_UNKNOWN)
        self._units[unit] = None
        code = self._amounts[unit][_digits(value)]
        compared = _COMPARED.get(words(quantity.get("comparator")))
        if compared is None or code < 0:
            return code
        return coded(min(max((code & 1023) + compared[0], LOWEST), HIGHEST), compared[1])

    def _take_samples(self, row: int, samples: Resource, start: str, device: Device, maker: int) -> None:
        origin = samples.get("origin")
        origin = origin if isinstance(origin, dict) else {}
        unit = unit_named(words(origin.get("code"))) or unit_named(words(origin.get("unit")))
        tokens = words(samples.get("data")).split()
        self._samples += len(tokens)
        if self._samples > _SAMPLES:
            raise log_refused(self._name, f"more than {_SAMPLES} samples in SampledData", row=row)
        period = _period(samples)
        moment = _moment(start)
        if unit is None or samples.get("dimensions", 1) != 1:
            self.tally.add(RejectReason.UNIT_UNKNOWN, [row] * len(tokens))
        elif period is None or moment is None:
            self.tally.add(RejectReason.UNREADABLE_TIME, [row] * len(tokens))
        else:
            self._units[unit] = None
            first, offset = moment
            wall = offset is None
            steps = np.arange(len(tokens), dtype=np.int64) * period
            minutes = (first + steps) // 60_000
            self._tracks[device].add(
                [row] * len(tokens),
                self._times.of_minutes(minutes, zoned=not wall),
                np.array(_decoded(tokens, samples, origin, self._amounts[unit]), dtype=np.int32),
                makers=maker,
                **({} if offset is None else {"offsets": offset}),
            )

    def finish(self, notes: tuple[str, ...]) -> Raw:
        """Settle all readings."""
        for device, columns in self._columns.items():
            self._tracks[device].add(
                columns.rows,
                self._times.stamps(columns.times),
                np.array(columns.amounts, dtype=np.int32),
                flags=columns.flags,
                makers=columns.makers,
            )
        days = self._times.days(self._name)
        return Raw(
            format=NAME,
            readings=tuple(track.settle(self._name, days, self.tally) for track in self._tracks.values()),
            tally=self.tally,
            unit=", ".join(self._units),
            patients=(self._patient,) if self._patient else (),
            notes=notes,
        )


def _decoded(tokens: Sequence[str], samples: Resource, origin: Resource, amounts: Amounts) -> list[int]:
    special = {
        "L": coded(DEXCOM.low, Flag.LOW),
        "U": coded(DEXCOM.high, Flag.HIGH),
        "E": refused(RejectReason.NO_VALUE),
    }
    try:
        zero = Decimal(_digits(origin.get("value", 0)))
        factor = Decimal(_digits(samples.get("factor", 1)))
    except DecimalException:
        return [refused(RejectReason.UNREADABLE_VALUE)] * len(tokens)
    for token in set(tokens) - special.keys():
        try:
            special[token] = amounts[format(zero + Decimal(token) * factor, "f")]
        except (DecimalException, ValueError):
            special[token] = refused(RejectReason.UNREADABLE_VALUE)
    return [special[token] for token in tokens]


def _period(samples: Resource) -> int | None:
    """Find the milliseconds between samples: ``period`` of R4, ``interval`` of R5."""
    period = whole(samples.get("period"))
    if period is None:
        interval, unit = whole(samples.get("interval")), _UNITS_OF_TIME.get(words(samples.get("intervalUnit")))
        period = None if interval is None or unit is None else interval * unit
    return period if period is not None and 0 < period <= _DAY_MS else None


def _moment(start: str) -> tuple[int, int | None] | None:
    """Read a full dateTime: milliseconds of UTC and the offset in minutes, or of the wall clock and None."""
    if len(start) < len("2024-05-02T10:15") or start[10] != "T":
        return None
    try:
        moment = dt.datetime.fromisoformat(start)
    except ValueError:
        return None
    offset = moment.utcoffset()
    wall = moment.replace(tzinfo=dt.UTC)
    since = (wall - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)
    if offset is None:
        return since, None
    minutes = offset // dt.timedelta(minutes=1)
    return since - minutes * 60_000, minutes


def _start(resource: Resource) -> str:
    """Find when it was measured: the instant, or where a period begins."""
    at = words(resource.get("effectiveDateTime")) or words(resource.get("effectiveInstant"))
    period = resource.get("effectivePeriod")
    return at or (words(period.get("start")) if isinstance(period, dict) else "")


def _flags(resource: Resource) -> int:
    flags = Flag(0)
    components = resource.get("component")
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict) and MEAL_CODES & set(_codings(component.get("code"))):
            for code in _codings(component.get("valueCodeableConcept")):
                flags |= CODED.get(code, Flag(0))
    return int(flags)


def _codings(concept: object) -> list[tuple[str, str]]:
    listed = concept.get("coding") if isinstance(concept, dict) else None
    return [
        (words(coding.get("system")), words(coding.get("code")))
        for coding in (listed if isinstance(listed, list) else ())
        if isinstance(coding, dict)
    ]


def _reference(value: object) -> str:
    return words(value.get("reference")) if isinstance(value, dict) else ""


def _digits(value: object) -> str:
    """Write a JSON number as its shortest decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return ""
    return format(value, "f") if isinstance(value, Decimal) else value if isinstance(value, str) else repr(value)
