"""Devices of the member: implants that can be programmed, and insulin pumps, which only hint that one is in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.facts.rows import Period, Source
from priorauth.record.chart import Chart, has_code
from priorauth.record.references import name_of
from priorauth.record.structs import Device
from priorauth.record.tables import INSULIN_PUMP_DEVICES, PROGRAMMABLE_IMPLANTS
from priorauth.values.dates import FIRST_DAY, LAST_DAY

FACT: Final = "other_programmable_implant"
PUMP: Final = "insulin_pump_use"


def rows(chart: Chart) -> Iterator[Period]:
    """Give the active devices; since when is not said."""
    for device in chart.record.all(Device):
        if device.status != "active":
            continue
        if has_code([device.type], PROGRAMMABLE_IMPLANTS):
            yield Period(FACT, Source.RECORD, name_of(device), FIRST_DAY, chart.day, LAST_DAY, LAST_DAY)
        if has_code([device.type], INSULIN_PUMP_DEVICES):
            yield Period(PUMP, Source.RECORD, name_of(device), FIRST_DAY, chart.day, LAST_DAY, LAST_DAY, low=0, high=1)
