"""Earlier approvals of this payer: when a product was approved, and until when an authorization of a pump is valid.

Counted are answers (ClaimResponse) that are complete, not cancelled, and approve by their review action. An answer that
does not say for which product is not counted. Facts that name products (``approved``) want what was asked for to be
certified as it was: what was certified in part, or with a change, is only a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.facts.rows import Event, Row, Source, mentioned
from priorauth.facts.rows import Period as PeriodRow
from priorauth.fhir import dated
from priorauth.fhir.elements import Extension, Period
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Adjudication, Claim, ClaimResponse
from priorauth.record.chart import Chart
from priorauth.record.claims import Asked
from priorauth.record.codes import matches, plain
from priorauth.record.readers.coverage import of_this_payer
from priorauth.record.readers.responses import actions, approves
from priorauth.record.request import approvable, product_of
from priorauth.record.tables import CERTIFIED, INSULIN_PUMPS
from priorauth.values.dates import LAST_DAY, When

_PERIOD: Final = "itemPreAuthPeriod"
_IN_PART: Final = "certified in part, or with a change"
_PRODUCT: Final = re.compile(r"\b[A-V]\d{4}\b", re.ASCII)


class Approved(NamedTuple):
    """One approved product of an answer, with the period it names for it."""

    product: str | None
    period: Period | None
    whole: bool
    """Whether all that was asked for is certified, as it was asked for."""


def rows(chart: Chart, asked: Asked) -> Iterator[Row]:
    """Yield the rows of every earlier approval by the payer of the request."""
    for response in chart.record.all(ClaimResponse):
        if response.outcome != "complete":
            continue
        if response.use not in ("preauthorization", "") or not of_this_payer(chart, asked, response.insurer):
            continue
        ground = chart.doubt(response)
        for row in _rows(chart, response):
            yield row if ground is None else mentioned(row, ground)


def _rows(chart: Chart, response: ClaimResponse) -> Iterator[Event | PeriodRow]:
    ref = name_of(response)
    found = list(approved(chart, response))
    if any(one.product is None for one in found):
        chart.warnings.append(f"{ref} does not say which product it approves; not counted")
    pumps = [one for one in found if one.product in INSULIN_PUMPS]
    when = dated.read_or_warn(response.created, f"{ref}: created", chart.warnings)
    if pumps and when is not None:
        yield Event("prior_approval_on", Source.RECORD, ref, when.first, when.last, when.minute)
    if when is not None:
        yield from _of_products(chart, found, ref, when)
    for one in pumps:
        period = one.period or response.pre_auth_period
        start, end = dated.start_and_end(period, f"{ref}: preAuthPeriod", chart.warnings)
        if start is not None:
            last = (LAST_DAY, LAST_DAY) if end is None else (end.first, end.last)
            yield PeriodRow(
                "current_authorization", Source.RECORD, ref, start.first, start.last, max(last[0], start.first), last[1]
            )


def _of_products(chart: Chart, found: list[Approved], ref: str, when: When) -> Iterator[Event]:
    """Yield the events of facts that name the products approved, one a fact."""
    for fact in approvable(chart.vocabulary):
        ours = [one for one in found if one.product and matches(fact.approved, "hcpcs", plain(one.product))]
        if ours:
            row = Event(fact.name, Source.RECORD, ref, when.first, when.last, when.minute)
            yield row if any(one.whole for one in ours) else mentioned(row, _IN_PART)


def approved(chart: Chart, response: ClaimResponse) -> Iterator[Approved]:
    """Yield what an answer approves, item by item; where it has no items, the whole."""
    request = chart.references.find(response.request, response)
    claim = request if isinstance(request, Claim) else None
    for item in response.item:
        if approves(item.adjudication):
            product = _asked_product(response, claim, item.item_sequence)
            yield Approved(product, _period(item.extension), _whole(item.adjudication))
    for added in response.add_item:
        if approves(added.adjudication):
            product = product_of(added.product_or_service)
            yield Approved(product, _period(added.extension), _whole(added.adjudication))
    if not response.item and not response.add_item and approves(response.adjudication):
        yield Approved(_asked_product(response, claim, None), None, _whole(response.adjudication))


def _whole(adjudications: list[Adjudication]) -> bool:
    return set(actions(adjudications)) == {CERTIFIED}


def _asked_product(response: ClaimResponse, claim: Claim | None, sequence: int | None) -> str | None:
    """Return the product that was asked for: from the claim that was answered, else as the answer displays it."""
    if claim is not None:
        products = {product_of(item.product_or_service) for item in claim.item if sequence in (None, item.sequence)}
        return products.pop() if len(products) == 1 else None
    shown = "" if response.request is None else response.request.display
    named = set(_PRODUCT.findall(shown))
    return named.pop() if len(named) == 1 else None


def _period(extensions: list[Extension]) -> Period | None:
    return next((one.value_period for one in extensions if one.url.endswith(_PERIOD) and one.value_period), None)
