"""Models of devices: attributes whose values are devices (``value_names``), by the names that orders and items give.

Only a name that is wholly one of those known says which device it is; words that merely hold one do not. An order that
the claim names goes before others, the newest before older ones, and what an item says itself stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from priorauth.facts.rows import Answer, Source, mentioned
from priorauth.facts.vocabulary import OTHER, Vocabulary
from priorauth.fhir.elements import NamedConcept
from priorauth.fhir.prescriptions import DeviceRequest
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import ClaimItem, Device
from priorauth.record.chart import Chart
from priorauth.record.claims import Asked
from priorauth.record.readers import infusion, orders

_BETWEEN: Final = re.compile(r"[^a-z0-9]+")
_UNDATED: Final = "an order that is not dated"
Names = Mapping[str, Mapping[str, str]]
"""Attribute -> a name, in small letters with one space between words -> the value that it stands for."""


@lru_cache(maxsize=8)
def known(vocabulary: Vocabulary) -> Names:
    """Return the names of the devices of each attribute of devices, each value's own among them."""
    found: dict[str, dict[str, str]] = {}
    for fact in vocabulary.facts.values():
        if OTHER in fact.values and fact.value_names:
            own = {_plain(value): value for value in fact.values if value != OTHER}
            found[fact.name] = own | {name: value for value, names in fact.value_names.items() for name in names}
    return found


def rows(chart: Chart, asked: Asked, item: ClaimItem) -> Iterator[Answer]:
    """Yield the devices that an item asks for, as it and its orders name them."""
    names = known(chart.vocabulary)
    if not names:
        return
    for fact, by_name in names.items():
        for value in _values(by_name, _words(item.product_or_service)):
            yield Answer(fact, Source.RECORD, name_of(asked.claim), value, chart.day, chart.day)
        yield from _ordered(chart, fact, by_name, _orders(chart, asked, item))


def _orders(chart: Chart, asked: Asked, item: ClaimItem) -> list[DeviceRequest]:
    """Return the orders that the claim names, else those for the item's product and those of a device alone."""
    named = [one for one in infusion.named(chart, asked, item) if isinstance(one, DeviceRequest)]
    if named:
        return named
    codes = orders.hcpcs(item.product_or_service)
    return [
        order
        for order in chart.record.all(DeviceRequest)
        if not (own := orders.hcpcs(order.code_codeable_concept)) or own & codes
    ]


def _ordered(chart: Chart, fact: str, names: Mapping[str, str], listed: Iterable[DeviceRequest]) -> Iterator[Answer]:
    """Yield what the newest orders that name a device of the attribute say; those that do not count only mention it."""
    sure: dict[int, list[Answer]] = {}
    for order in listed:
        when = orders.authored(chart, order) if order.authored_on else None
        for value, ground in _devices(chart, order, names):
            row = Answer(fact, Source.RECORD, name_of(order), value, chart.day, chart.day)
            doubt = ground or (_UNDATED if when is None else None)
            if doubt is not None or when is None:
                yield mentioned(row, doubt or _UNDATED)
            else:
                sure.setdefault(when.last, []).append(row)
    if sure:
        yield from sure[max(sure)]


def _devices(chart: Chart, order: DeviceRequest, names: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Yield the devices that an order names, each with the ground on which that is in doubt."""
    ground = chart.doubt(order)
    for value in _values(names, _words(order.code_codeable_concept)):
        yield value, ground
    device = chart.references.find(order.code_reference, order)
    if isinstance(device, Device):
        said = [*(one.name for one in device.device_name), *_words(device.type)]
        for value in _values(names, said):
            yield value, ground or chart.doubt(device)
    elif order.code_reference is not None:
        for value in _values(names, [order.code_reference.display]):
            yield value, ground


def _values(names: Mapping[str, str], said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names[name] for words in said if (name := _plain(words)) in names))


def _words(concept: NamedConcept | None) -> list[str]:
    return [] if concept is None else [concept.text, *(coding.display for coding in concept.coding)]


def _plain(words: str) -> str:
    return _BETWEEN.sub(" ", words.lower()).strip()
