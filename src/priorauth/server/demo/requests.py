"""Requests of the demo: members drawn as populations are drawn, each with a claim, chart and coverage, in one Bundle.

The same count and day give the same bytes. What comes later stands apart: the form of answers, without which the payer
has to ask. Sensors and meters are left out: their readings are thousands a member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from priorauth.ledger.columns import canonical
from priorauth.synthetic import chart, members, requests, results
from priorauth.synthetic import numbers as distributions
from priorauth.synthetic.cohort import PAYERS, draw
from priorauth.synthetic.lines import Lines
from priorauth.synthetic.pen import Pen
from priorauth.values.dates import day, iso

Json = dict[str, Any]
_COHORT: Final = 400
_MOST_COHORTS: Final = 40
_SEED: Final = 20_260_101
_LATELY: Final = 12
"""How many days back the last days go."""
_FORM: Final = "QuestionnaireResponse"
_DATED: Final = ("effectiveDateTime", "authoredOn", "recordedDate", "date")
_ID: Final = 9
"""How many letters of an id are the member's."""


class Request(NamedTuple):
    """A request: to whom, on which day (ISO), the Bundle without its form of answers, and the form."""

    payer: str
    day: str
    bundle: bytes
    form: bytes | None
    initial: bool


def made(count: int, as_of: str) -> list[Request]:
    """Return so many requests of the last three months before a day, spread over all payers, the oldest first.

    Half of them, where so many were drawn, are of the last days, so that there is work to do.
    """
    pools: dict[str, list[Request]] = {payer: [] for payer in PAYERS}
    share = -(-count // len(PAYERS))
    since = iso(day(as_of) - _LATELY)
    for cohort in range(_MOST_COHORTS):
        for one in _cohort(cohort, as_of):
            pools[one.payer].append(one)
        if all(len(of) >= share and sum(one.day >= since for one in of) >= share // 2 for of in pools.values()):
            break
    listed = [one for place in range(count) for one in _turn(pools, share, since, place)]
    return sorted(listed[:count], key=lambda one: (one.day, one.bundle))


def _turn(pools: Mapping[str, list[Request]], share: int, since: str, place: int) -> Iterator[Request]:
    """Yield of each payer the request that is next in turn: by halves of the last days and of the time before."""
    for pool in pools.values():
        late = [one for one in pool if one.day >= since][: max(share // 2, 1)]
        early = [one for one in sorted(pool, key=lambda one: (not one.initial, one.day)) if one not in late]
        both = [one for pair in zip_longest(late, early) for one in pair if one is not None]
        yield from both[place : place + 1]


def _cohort(number: int, as_of: str) -> Iterator[Request]:
    rng = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(number,)))
    numbers = distributions.load()
    pen = Pen(draw(rng, numbers, "registry", day(as_of), number * _COHORT, _COHORT), numbers, rng)
    asked = {f"m{int(one):08}".encode() for one in pen.cohort.number[np.nonzero(pen.cohort.requests)[0]]}
    by_member: dict[str, list[Json]] = {}
    for line in _lines(pen):
        place = line.find(b'"id":"m') + len('"id":"')
        if line[place : place + _ID] in asked:
            by_member.setdefault(line[place : place + _ID].decode(), []).append(msgspec.json.decode(line))
    for resources in by_member.values():
        if any(one["resourceType"] == "Claim" for one in resources):
            yield _request(resources)


def _lines(pen: Pen) -> Iterator[bytes]:
    severe = chart.events(pen)
    parts: list[Lines | bytes] = [
        *(members.patients(pen), members.coverages(pen), chart.conditions(pen, severe), chart.medications(pen)),
        *(chart.devices(pen), results.results(pen), results.antibodies(pen)),
        *requests.requests(pen).values(),
    ]
    for part in parts:
        data = part if isinstance(part, bytes) else b"".join(bytes(block) for block in part.blocks())
        yield from (line for line in data.splitlines() if line.strip())


def _request(resources: list[Json]) -> Request:
    claim = next(one for one in resources if one["resourceType"] == "Claim")
    made_on = claim["created"]
    forms = [one for one in resources if one["resourceType"] == _FORM]
    kept = [one for one in resources if one["resourceType"] != _FORM and _day(one) <= made_on]
    named = {value for one in (*kept, *forms) for value in _references(one)}
    others = [one for key, one in _shared().items() if key in named]
    entries = [
        {"fullUrl": f"https://clinic.example/{one['resourceType']}/{one['id']}", "resource": one}
        for one in (*kept, *others)
    ]
    kinds = {item["linkId"]: item for item in (forms[0]["item"] if forms else ())}
    kind = kinds.get("request_kind", {}).get("answer", [{}])[0].get("valueCoding", {}).get("code")
    return Request(
        payer=claim["insurer"]["reference"].removeprefix("Organization/payer-"),
        day=made_on,
        bundle=canonical({"resourceType": "Bundle", "type": "collection", "entry": entries}),
        form=canonical(forms[0]) if forms else None,
        initial=kind == "initial",
    )


def _day(resource: Json) -> str:
    return max((str(resource[name])[:10] for name in _DATED if name in resource), default="")


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _shared() -> dict[str, Json]:
    lines = (members.organizations() + members.practitioners()).splitlines()
    listed = [msgspec.json.decode(line) for line in lines]
    return {f"{one['resourceType']}/{one['id']}": one for one in listed}
