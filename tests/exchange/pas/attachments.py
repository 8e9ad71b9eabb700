"""What is sent after a request (CDex), made of what the examples have on file and lack."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.ledger.house import example

Json = dict[str, Any]
MEMBER: Json = {"system": "urn:example:member", "value": "M-ask"}


def attached(tracking: Json, *contents: Json, member: Json = MEMBER, final: bool | None = True, **more: Any) -> Json:
    """Parameters of $submit-attachment; ``more``: parameters by name, in the place of those there are."""
    said: Json = {
        "TrackingId": {"valueIdentifier": tracking},
        "AttachTo": {"valueCode": "preauthorization"},
        "OrganizationId": {"valueIdentifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}},
        "MemberId": {"valueIdentifier": member},
        **more,
    }
    parameters = [{"name": name, **value} for name, value in said.items() if value is not None]
    for place, one in enumerate(contents, 1):
        code = {"coding": [{"system": "http://loinc.org", "code": "102089-0"}]}
        part = [{"name": "LineItem", "valueString": "1"}, {"name": "Code", "valueCodeableConcept": code}]
        parameters.append({"name": "Attachment", "part": [*part, {"name": "Content", "resource": one}]})
        assert place
    if final is not None:
        parameters.append({"name": "Final", "valueBoolean": final})
    return {"resourceType": "Parameters", "parameter": parameters}


def observations(of: str = "ask", *begins: str) -> list[Json]:
    """Observations of the example that is approved, as those of another's member."""
    found = json.loads(example("approve").decode().replace("Patient/approve", f"Patient/{of}"))["entry"]
    kept = [one["resource"] for one in found if one["resource"]["resourceType"] == "Observation"]
    return [{**one, "id": f"new-{one['id']}"} for one in kept if one["id"].startswith(begins or ("a1c", "smbg"))]


def bundle(resources: list[Json]) -> Json:
    """Resources as a Bundle."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def form(*items: Json, of: str = "ask") -> Json:
    """Answers of the practice."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "answers",
        "status": "completed",
        "subject": {"reference": f"Patient/{of}"},
        "authored": "2026-11-23T09:30:00-05:00",
        "author": {"reference": "Practitioner/endocrinologist"},
        "item": list(items),
    }


def hba1c(value: float, day: str = "2026-11-01") -> Json:
    """The answer that states a laboratory result."""
    return {
        "linkId": "hba1c",
        "answer": [
            {"valueQuantity": {"value": value, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}}
        ],
        "item": [{"linkId": "hba1c.date", "answer": [{"valueDate": day}]}],
    }


def document(content: bytes, media: str, title: str = "a file") -> Json:
    """A DocumentReference that holds a file."""
    data = base64.b64encode(content).decode()
    about = {"contentType": media, "data": data, "title": title, "creation": "2026-11-20"}
    return {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": about}]}


def meter_log() -> bytes:
    """A log of a meter, as Glooko exports it: five tests a day over the weeks before the request."""
    lines = [
        "Name:Nobody,Date Range:2026-10-01 - 2026-11-19",
        "Timestamp,Glucose Value (mg/dl),Manual Reading,Serial Number",
    ]
    for month, days in ((10, 31), (11, 19)):
        for day in range(1, days + 1):
            for place, hour in enumerate((7, 9, 12, 3, 6)):
                half = "AM" if place < 2 else "PM"
                lines.append(f"{month}/{day}/2026 {hour}:{day:02} {half},{120 + day + place},,CN1")
    return "\n".join(lines).encode()
