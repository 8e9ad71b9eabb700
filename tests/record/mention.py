"""A mention: something put into an approved case that speaks against it, plainly and so that it cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tests.record.damage import ref
from tests.record.worked import Json, Worked, name


class Put(NamedTuple):
    """What is put into a case: resources behind all others, in place of some, or a file of judgments."""

    added: list[Json] = []  # noqa: RUF012  # never changed
    others: dict[str, Json] = {}  # noqa: RUF012  # never changed
    judgments: Json | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One line of the table.

    ``plain`` gives ways to say it plainly, each with what is needed to say the same unclearly. ``fact``: only where
    silence settles this fact.
    """

    kind: str
    name: str
    plain: Callable[[Worked], Iterator[tuple[str, Put, Any]]]
    unclear: Callable[[Worked, Any], Put | None]
    fact: str = ""


# ---- resources


def condition(worked: Worked, code: Json, **more: Any) -> Json:
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    sure = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]}
    return {
        "resourceType": "Condition", "id": "put-in", "clinicalStatus": status, "verificationStatus": sure,
        "code": code, "subject": ref(name(worked.patient)), "onsetDateTime": before(worked, 300), **more,
    }  # fmt: skip


def procedure(worked: Worked, code: Json, **more: Any) -> Json:
    return {
        "resourceType": "Procedure", "id": "put-in", "status": "completed", "code": code,
        "subject": ref(name(worked.patient)), "performedDateTime": before(worked, 9), **more,
    }  # fmt: skip


def encounter(worked: Worked, **more: Any) -> Json:
    period = {"start": f"{before(worked, 9)}T08:00:00Z", "end": f"{before(worked, 9)}T12:00:00Z"}
    return {
        "resourceType": "Encounter", "id": "put-in", "status": "finished", "class": {"code": "AMB"},
        "subject": ref(name(worked.patient)), "period": period, **more,
    }  # fmt: skip


def device(worked: Worked, **more: Any) -> Json:
    made: Json = {"resourceType": "Device", "id": "put-in", "status": "active", "patient": ref(name(worked.patient))}
    return {**made, **more}


def result(worked: Worked, code: Json, **value: Any) -> Json:
    return {
        "resourceType": "Observation", "id": "put-in", "status": "final", "code": code,
        "subject": ref(name(worked.patient)), "effectiveDateTime": before(worked, 5), **value,
    }  # fmt: skip


def form(worked: Worked, *items: Json, **more: Any) -> Json:
    """Give a second form, written by the prescriber when the Bundle was sent."""
    order = next((one for one in worked.resources if one["resourceType"] == "DeviceRequest"), {})
    made: Json = {
        "resourceType": "QuestionnaireResponse", "id": "put-in", "status": "completed",
        "subject": ref(name(worked.patient)), "authored": worked.case.bundle.get("timestamp", worked.day),
        "item": list(items),
    }  # fmt: skip
    if "requester" in order:
        made["author"] = order["requester"]
    return {key: value for key, value in {**made, **more}.items() if value is not None}


def before(worked: Worked, days: int) -> str:
    return (dt.date.fromisoformat(worked.day) - dt.timedelta(days=days)).isoformat()


def item(link: str, answer: Json) -> Json:
    return {"linkId": link, "answer": [answer]}


YES: Final = {"valueBoolean": True}


def puts(make: Callable[..., Json], *given: Any, **more: Any) -> Callable[[Worked, Any], Put]:
    """Put in what a maker makes."""
    return lambda worked, _seed: Put([make(worked, *given, **more)])
