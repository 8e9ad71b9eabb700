"""The same damaged cases through a population: ingested and decided in SQL, they come out as one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from priorauth import determine
from priorauth.errors import InputRefused
from priorauth.policy.catalog import open_catalog
from priorauth.population import run
from priorauth.population.ingest.ingest import ingest
from tests.exports import rejects
from tests.record.fails_closed import ALWAYS, TABLE, drawn, mentioned, put
from tests.record.mentions import MENTIONS
from tests.record.worked import JUDGMENTS, Case, Json, Worked, approves, changed, name, said, worked

pytestmark = pytest.mark.slow
EACH = 2
"""Cases of one damage, and of one mention."""
AS_OF = "2026-06-15"
STRANGER = "Patient/somebody-else"
CATALOG = open_catalog()
ELSEWHERE = ("QuestionnaireResponse: authored, two days after the Bundle", "versions: same version, other content")
"""Damages that mean something else in an export: its resources come without the Bundle that bears the time, and of two
copies of which neither has a version the later counts, for files stand in order."""


class Member(NamedTuple):
    """One damaged case as a member of the population; ``left``: the plain states that the damage leaves possible."""

    what: str
    patient: str
    bundle: Json
    of: Worked
    left: tuple[Case, ...]

    @property
    def may_be_approved(self) -> bool:
        """Whether a population, which lays a resource aside and goes on, may approve: with each of those states."""
        return bool(self.left) and all(approves(said(one), self.of.items) for one in self.left)

    def seats(self) -> Iterator[tuple[str, str, str]]:
        """Name the version that approved the case as it was, with the seat of each approved item."""
        found = determine(self.of.case.bundle)
        for item in self.of.items:
            policy = found[item].policy
            assert policy is not None
            yield policy.id, policy.version, seat(self.patient, item + 1)


def seat(patient: str, turn: int) -> str:
    return patient if turn == 1 else f"{patient}#{turn}"


NO_REQUEST = ("use ", "status 'cancelled'", "status 'entered-in-error'")
"""Names of damages to a claim after which it asks for nothing: a population is full of such claims."""


def _cases() -> Iterator[tuple[str, Worked, Case, tuple[Case, ...]]]:
    yield from (("as it was", one, one.case, ()) for one in worked()[::20])
    for damage in TABLE:
        for pair in (
            ()
            if JUDGMENTS in damage.types or f"{damage.kind}, {damage.name}".startswith(ELSEWHERE)
            else drawn(damage, EACH)
        ):
            states = pair.change.held or (() if pair.reference.startswith(ALWAYS) else ([],))
            left = tuple(changed(pair.worked.case, pair.place, state, pair.change.others) for state in states)
            yield f"{damage.kind}, {damage.name}", pair.worked, pair.case, left
    for mention in MENTIONS:
        for one, _, what in mentioned(mention, EACH):
            yield f"{mention.kind}, {mention.name}", one, put(one, what), ()


def _members() -> list[Member]:
    plain = [each for each in _cases() if (each[2].judgments, each[2].policy, each[2].as_of) == (None, None, None)]
    return [
        Member(what, *_apart(case.bundle, number), one, left) for number, (what, one, case, left) in enumerate(plain)
    ]


def _apart(bundle: Json, number: int) -> tuple[str, Json]:
    """Give every resource of a case an id that no other case has, on a server of its own."""
    resources = [entry["resource"] for entry in bundle["entry"]]
    claim = next(one for one in resources if one["resourceType"] == "Claim")
    names = {name(one) for one in resources}
    patient = next(one["id"] for one in resources if one["resourceType"] == "Patient" and _own(claim, one, resources))

    def renamed(reference: str) -> str:
        tail = "/".join(reference.split("/")[-2:])
        if tail in names:
            head = reference[: -len(tail)]
            kind, _, known = tail.partition("/")
            return f"{head}{kind}/n{number}-{known}"
        if tail == STRANGER:
            return f"Patient/n{number}-stranger"
        return f"#n{number}-{patient}" if reference == f"#{patient}" else reference

    def walked(value: Any) -> Any:
        if isinstance(value, list):
            return [walked(one) for one in value]
        if not isinstance(value, dict):
            return value
        made = {key: walked(one) for key, one in value.items()}
        if isinstance(made.get("reference"), str):
            made["reference"] = renamed(made["reference"])
        if made.get("resourceType") == "Patient" and made.get("id") == patient:
            made["id"] = f"n{number}-{patient}"
        return made

    entries = []
    for one in resources:
        made = {**walked(one), "id": f"n{number}-{one['id']}"}
        entries.append({"fullUrl": f"https://n{number}.example.org/fhir/{name(made)}", "resource": made})
    return f"n{number}-{patient}", {**bundle, "entry": entries}


def _own(claim: Json, patient: Json, resources: list[Json]) -> bool:
    """Say whether a Patient is the claim's; where the claim names another, the only one is."""
    people = [one for one in resources if one["resourceType"] == "Patient"]
    return len(people) == 1 or claim.get("patient", {}).get("reference") == name(patient)


class Told(NamedTuple):
    """What a population says: outcomes by policy version and seat, and the rejects."""

    outcomes: dict[tuple[str, str, str], str]
    rejects: list[dict[str, Any]]


@pytest.fixture(scope="module")
def members() -> list[Member]:
    return _members()


@pytest.fixture(scope="module")
def told(members: list[Member], tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "in").mkdir()
    lines = b"".join(json.dumps(one.bundle).encode() + b"\n" for one in members)
    (folder / "in" / "bundles.ndjson").write_bytes(lines)
    out = folder / "out"
    ingest(folder / "in", out, as_of=AS_OF, jobs=1)
    outcomes = dict[tuple[str, str, str], str]()
    for policy in CATALOG.all():
        place = folder / "rows.parquet"
        run.run(out, run.compiled(CATALOG, policy, None), place)
        for row in pq.read_table(place, columns=["patient", "outcome"]).to_pylist():
            outcomes[policy.id, policy.version, row["patient"]] = row["outcome"]
    return Told(outcomes, rejects(out))


def test_a_damaged_case_comes_out_of_a_population_as_it_does_alone(members: list[Member], told: Told) -> None:
    wrong, counts = list[str](), Counter[str]()
    for member in members:
        try:
            found = determine(member.bundle)
        except InputRefused:
            continue
        for turn, one in enumerate(found, 1):
            if one.policy is None:
                continue
            key = (one.policy.id, one.policy.version, seat(member.patient, turn))
            outcome = told.outcomes.get(key, "nothing")
            counts[outcome] += 1
            if outcome != one.outcome:
                wrong.append(f"{member.what}: {key[-1]}: {outcome}, alone {one.outcome}")
    print(dict(counts))
    if wrong:
        pytest.fail(f"{len(wrong)} of {counts.total()} differ\n" + "\n".join(wrong))
    assert counts.total() > len(members) / 2
    assert counts["approve"] > 10


def test_what_is_refused_alone_is_rejected_and_not_approved(members: list[Member], told: Told) -> None:
    at = {one["line"] for one in told.rejects if "line" in one}
    wrong, count = list[str](), 0
    for line, member in enumerate(members, 1):
        try:
            determine(member.bundle)
        except InputRefused:
            count += 1
            approved = any(told.outcomes.get(key) == "approve" for key in member.seats())
            if approved and not member.may_be_approved:
                wrong.append(f"{member.what}: {member.patient} is approved")
            if line not in at and not member.what.partition(", ")[2].startswith(NO_REQUEST):
                wrong.append(f"{member.what}: {member.patient} is no reject")
    print(f"{count} refused")
    if wrong:
        pytest.fail(f"{len(wrong)} wrong of {count} refused\n" + "\n".join(wrong))
    assert count > 10
