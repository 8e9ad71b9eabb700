"""A folder with one small policy, and requests to its payer."""

from __future__ import annotations

from pathlib import Path

from priorauth.decide.determination import Determination
from priorauth.decide.determine import determine
from tests.policy.files import folder
from tests.record.building import Json, bundle, observation, quantity

PAYER = {"name": "Payer X", "identifier": [{"system": "urn:priorauth:payer", "value": "payer-x"}]}
HBA1C = observation("loinc:4548-4", quantity(8.1, "%"), "2026-06-01", id="a1c")


def decided(place: Path, text: str, *resources: Json, as_of: str | None = None, **changes: Json) -> Determination:
    """Decide a request by one policy of a folder."""
    folder(place, text)
    (found,) = determine(bundle(*resources, Organization=PAYER, **changes), policies=(place,), as_of=as_of)
    return found
