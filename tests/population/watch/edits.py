"""Days of exports drawn by a seed: members, results, corrections, deletions, and what all share, on two servers."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from tests.casebook.kept import every
from tests.exports import Resource, hba1c, lines, patient

A, B = "https://a.example/fhir", "https://b.example/fhir"
SHARED = {"Organization", "Practitioner", "PractitionerRole", "Medication"}
CASE = "anthem/upgrade-in-warranty"
INSULIN, OTHER = "86009", "6809"
VALUES = (5.5, 6.9, 7.0, 7.1, 8.4)
One = TypeVar("One")


def medication(code: str, **more: object) -> Resource:
    system = "http://www.nlm.nih.gov/research/umls/rxnorm"
    return {"resourceType": "Medication", "id": "m1", "code": {"coding": [{"system": system, "code": code}]}, **more}


def role(place: str, name: str = "r1", **more: object) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": name,
        "practitioner": {"reference": "Practitioner/doc-2"},
        "organization": {"reference": f"Organization/{place}"},
        **more,
    }


def payer(value: str, **more: object) -> Resource:
    return {
        "resourceType": "Organization",
        "id": "payer-anthem",
        "name": "A payer",
        "identifier": [{"system": "urn:priorauth:payer", "value": value}],
        **more,
    }


def order(whose: str) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "id": f"rx-{whose}",
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{whose}"},
        "authoredOn": "2026-06-01",
        "medicationReference": {"reference": "Medication/m1"},
    }


def worked(turn: int) -> tuple[list[Resource], list[Resource]]:
    """Give a worked request under ids of its own, and what its record shares with others."""
    bundle = next(one for one in every() if str(one) == CASE).load()["bundle"]
    found = [entry["resource"] for entry in bundle["entry"]]
    shared = [one for one in found if one["resourceType"] in SHARED]
    text = json.dumps([one for one in found if one["resourceType"] not in SHARED])
    own: list[Resource] = []
    for one in json.loads(text):
        names = {f"{each['resourceType']}/{each['id']}": f"w{turn}-{each['id']}" for each in json.loads(text)}
        held = json.dumps(one)
        for name, new in names.items():
            held = held.replace(f'"{name}"', f'"{name.partition("/")[0]}/{new}"')
        made = json.loads(held)
        made["id"] = f"w{turn}-{one['id']}"
        if made["resourceType"] == "Encounter":  # by a colleague, whose role says where
            made["participant"] = [{"individual": {"reference": "Practitioner/doc-2"}}]
        own.append(made)
    return own, shared


@dataclass(slots=True)
class Drawn:
    """A server's members as they are drawn on, day after day."""

    rng: np.random.Generator
    members: list[str] = field(default_factory=list)
    results: dict[str, Resource] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    version: int = 1
    made: int = 0

    def pick(self, listed: Sequence[One]) -> One:
        """Give one of some."""
        return listed[int(self.rng.integers(len(listed)))]

    def first(self, *, with_servers: bool) -> dict[str, bytes]:
        """Give the files of the first day."""
        found: list[Resource] = []
        for turn in range(2):
            own, shared = worked(turn)
            found += [*own, *shared]
        found += [medication(INSULIN), role("dme-1"), {"resourceType": "Practitioner", "id": "doc-2"}]
        found += [role("clinic", "r2", practitioner={"reference": "Practitioner/doc-1"})]
        for _ in range(6):
            found += self.member()
        files = {"a/all.ndjson": lines(*found)}
        return files | (self.other_server() if with_servers else {})

    def member(self) -> list[Resource]:
        """Give a new member with a result, of every other an order of the shared medication."""
        self.made += 1
        name = f"p{self.made}"
        self.members.append(name)
        return [patient(name), self.result(name), *([order(name)] if self.made % 2 else [])]

    def result(self, whose: str) -> Resource:
        """Give a new result."""
        self.made += 1
        one = hba1c(f"o{self.made}", f"Patient/{whose}", self.pick(VALUES))
        self.results[str(one["id"])] = one
        return one

    def other_server(self) -> dict[str, bytes]:
        """Give a patient of another server under an id that the first server has as well."""
        name = self.pick(self.members)
        self.made += 1
        other = hba1c(f"o{self.made}", f"{B}/Patient/{name}", self.pick(VALUES))
        manifest = json.dumps({"transactionTime": "2026-11-01T00:00:00Z", "request": f"{B}/$export"}).encode()
        old = patient(name, birthDate="1950-05-05")
        return {"b/all.ndjson": lines(old, other), "b/manifest.json": manifest}

    def day(self, turn: int) -> dict[str, bytes]:
        """Give the files of a further day: a few edits."""
        self.version += 1
        found: list[Resource] = []
        deleted: list[str] = []
        files: dict[str, bytes] = {}
        for _ in range(int(self.rng.integers(1, 6))):
            kind = self.pick(KINDS)
            self.kinds[kind] += 1
            if kind == "other server":
                files |= self.other_server()
            else:
                self._edit(kind, found, deleted)
        at = f"2026-11-{turn:02}T06:00:00Z"
        if self.rng.random() < 0.7:
            files["a/manifest.json"] = json.dumps({"transactionTime": at, "request": f"{A}/$export"}).encode()
        entries = [{"request": {"method": "DELETE", "url": url}} for url in deleted]
        if entries:
            files["a/deleted/gone.ndjson"] = lines({"resourceType": "Bundle", "type": "transaction", "entry": entries})
        return {"a/all.ndjson": lines(*found), **files}

    def _edit(self, kind: str, found: list[Resource], deleted: list[str]) -> None:
        meta = {"versionId": str(self.version)}
        older = copy.deepcopy(self.results[self.pick(sorted(self.results))])
        match kind:
            case "new result":
                found.append(self.result(self.pick([*self.members, "nobody", "w0-pat-1"])))
            case "correction" | "older version" | "entered in error" | "same again":
                if kind == "correction":
                    older |= {"meta": meta, "valueQuantity": {**older["valueQuantity"], "value": self.pick(VALUES)}}
                    self.results[str(older["id"])] = older
                elif kind == "older version":
                    older |= {"meta": {"versionId": "1"}, "valueQuantity": {**older["valueQuantity"], "value": 9.9}}
                elif kind == "entered in error":
                    older |= {"meta": meta, "status": "entered-in-error"}
                found.append(older)
            case "unreadable":
                found.append({**older, "meta": meta, "valueQuantity": "much"})
            case "deletion":
                deleted.append(f"Observation/{older['id']}")
            case "new member":
                found.extend(self.member())
            case "deleted patient":
                self.gone.append(self.pick(self.members))
                deleted.append(f"Patient/{self.gone[-1]}")
            case "patient back":
                name = self.pick(self.gone or self.members)
                found.append(patient(name, meta={"lastUpdated": "2026-12-24T12:00:00Z"}))
            case "new identifiers":
                found.append(
                    patient(self.pick(self.members), identifier=[{"system": "urn:x", "value": "7"}], meta=meta)
                )
            case _:
                self._shared(kind, found, deleted, meta)

    def _shared(self, kind: str, found: list[Resource], deleted: list[str], meta: dict[str, str]) -> None:
        match kind:
            case "medication":
                found.append(medication(self.pick([INSULIN, OTHER]), meta=meta))
            case "medication deleted":
                deleted.append("Medication/m1")
            case "role":
                found.append(role(self.pick(["clinic", "dme-1"]), self.pick(["r1", "r2", "r3"]), meta=meta))
            case "payer":
                found.append(payer(self.pick(["anthem", "caresource"]), meta=meta))
            case "practitioner deleted":
                deleted.append(self.pick(["Practitioner/doc-2", "PractitionerRole/r1", "Organization/payer-anthem"]))


KINDS = (
    *("new result", "correction", "older version", "entered in error", "same again", "unreadable", "deletion"),
    *("new member", "deleted patient", "patient back", "new identifiers", "other server"),
    *("medication", "medication deleted", "role", "payer", "practitioner deleted"),
)


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files of a day."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
