"""What a request asks for of supplies, as rows that add up with what was supplied before (`requested_units`).

Each item of the request with such a product is a row on the day of the request. What was supplied before is asked: a
claim of it and the answer could both tell of the same box.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from priorauth.facts.rows import Measurement, Source
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.fhir.structs import ClaimItem
from priorauth.record.chart import Chart
from priorauth.record.claims import Asked
from priorauth.record.together import Line, of_parts, of_product


@lru_cache(maxsize=8)
def facts(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts of which a request makes rows."""
    return tuple(fact for fact in vocabulary.facts.values() if fact.requested)


def rows(chart: Chart, asked: Asked, held: Sequence[Line]) -> Iterator[Measurement]:
    """Yield what each item asks for; of a part of an item it is not known how many there are."""
    day = asked.created.first
    for fact in facts(chart.vocabulary):
        for line in held:
            product = of_product(line.item.product_or_service) & fact.requested.keys()
            low = high = None
            if product:
                of_one, count = [fact.requested[code] for code in product], _quantity(line.item)
                low, high = min(of_one) * count, max(of_one) * count
            if product or of_parts(line.item) & fact.requested.keys():
                yield Measurement(fact.name, Source.RECORD, line.ref, day, day, None, low, high)


def _quantity(item: ClaimItem) -> int:
    """Return how many units an item asks for: one where it does not say."""
    value = None if item.quantity is None else item.quantity.value
    return 1 if value is None else int(value)
