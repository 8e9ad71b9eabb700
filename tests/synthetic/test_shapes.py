"""The shapes of synthetic resources: FHIR that the record can read, with slots."""

from __future__ import annotations

import json

import pytest

from priorauth.population.ingest.heads import READ
from priorauth.synthetic import shapes
from priorauth.synthetic.lines import Shape

SHAPES = {name: made for name, made in vars(shapes).items() if isinstance(made, Shape)}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_with_plain_slots_is_a_resource_that_is_read(name: str) -> None:
    made = SHAPES[name]
    text = bytearray(bytes(made.base))
    for places in made.slots.values():
        for start, _ in places:
            if text[start - 1 : start] == b":":
                text[start : start + 1] = b"0"
    found = json.loads(bytes(text))
    assert found["resourceType"] in READ
    assert text.endswith(b"\n")


def test_every_slot_stands_once_or_says_the_same_twice() -> None:
    twice = {slot for made in SHAPES.values() for slot, places in made.slots.items() if len(places) > 1}
    assert twice == {"member", "unit"}
