"""Devices of the member: implants that can be programmed, and insulin pumps, which only hint that one is in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.facts.rows import Period, Source
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Device
from priorauth.record.chart import Chart, has_code
from priorauth.record.tables import INSULIN_PUMP_DEVICES, INSULIN_PUMP_WORDS, PROGRAMMABLE_IMPLANTS
from priorauth.values.dates import FIRST_DAY, LAST_DAY

FACT: Final = "other_programmable_implant"
PUMP: Final = "insulin_pump_use"


def rows(chart: Chart) -> Iterator[Period]:
    """Yield the devices that are active as far as is said; since when is not said."""
    for device in chart.record.all(Device):
        always = (Source.RECORD, name_of(device), FIRST_DAY, chart.day, LAST_DAY, LAST_DAY)
        ground = chart.doubt(device)
        if has_code([device.type], PROGRAMMABLE_IMPLANTS):
            yield Period(FACT, *always, low=1 if ground is None else 0, ground=ground)
        if has_code([device.type], INSULIN_PUMP_DEVICES) or _said_to_be_a_pump(device):
            yield Period(PUMP, *always, low=0, ground=ground or "a device on file need not be worn")


def _said_to_be_a_pump(device: Device) -> bool:
    """Return whether the words of a device call it an insulin pump."""
    named = [*([] if device.type is None else [device.type.words]), *(one.name.lower() for one in device.device_name)]
    return any(word in words for words in named for word in INSULIN_PUMP_WORDS)
