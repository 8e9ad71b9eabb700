"""Readings that two people have published: which hold on a day, and how a setting says so.

A tenant's setting ``published`` has, in the order of their publication, ``{policy, reading, value, from, proposal}``. A
run uses those whose day has come, in the plan's zone; what a run used stands in its receipt, and a run that is done
again is done under those of its own day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from priorauth.errors import PolicyFaults
from priorauth.ledger.events import Json
from priorauth.policy.catalog import Catalog, reading_of
from priorauth.policy.tree import NamedReading

PUBLISHED: Final = "published"
READINGS: Final = "readings"


def held(settings: Mapping[str, Any], day: date) -> Json:
    """Return the settings as they hold on a day: the published readings of that day stand among the readings."""
    found = on(settings, day)
    if not found:
        return dict(settings)
    return {**settings, READINGS: {**(settings.get(READINGS) or {}), **found}}


def on(settings: Mapping[str, Any], day: date) -> dict[str, str]:
    """Return the readings that hold on a day by ``policy:reading``; of two of one reading the later day's holds."""
    come = [one for one in published(settings) if date.fromisoformat(one["from"]) <= day]
    come.sort(key=lambda one: str(one["from"]))  # stable: of one day, the one published last
    return {reading_of(one["policy"], one["reading"]): one["value"] for one in come}


def published(settings: Mapping[str, Any]) -> list[Json]:
    """Return every reading that was published, the oldest first."""
    listed: Iterable[Json] = settings.get(PUBLISHED) or ()
    return [dict(one) for one in listed]


def kept(settings: Mapping[str, Any]) -> Json:
    """Return what a new set-up of the tenant leaves as it is: what two people published."""
    return {PUBLISHED: settings[PUBLISHED]} if PUBLISHED in settings else {}


def unfit(catalog: Catalog, policy: str, name: str, value: str) -> str | None:
    """Return why a reading of a policy cannot have a value; None where it can, in each version that has the reading."""
    if policy not in catalog.files:
        return f"no policy is named {policy[:80]}"
    if not any(name in (one.readings or {}) for one in catalog.versions(policy)):
        return f"{policy} has no reading named {name[:80]}"
    try:
        catalog.with_readings({reading_of(policy, name): value}).versions(policy)
    except PolicyFaults as faults:
        return "; ".join(dict.fromkeys(fault.message.partition("\n")[0] for fault in faults.faults))
    return None


def now(catalog: Catalog, policy: str, name: str, settings: Mapping[str, Any], day: date) -> NamedReading | None:
    """Return a reading of the newest version as runs of a day use it; None where it has none of that name."""
    readings = {**(settings.get(READINGS) or {}), **on(settings, day)}
    known = catalog.with_readings(readings) if readings else catalog
    return (known.versions(policy)[-1].readings or {}).get(name)
