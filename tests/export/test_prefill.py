"""What fills in forms: the libraries are up to date, named once, and give what ``record`` reads of the same chart."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from priorauth.errors import InputRefused
from priorauth.export import prefill
from priorauth.export.libraries import FOLDER, Library, libraries
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, ground_of
from priorauth.fhir.elements import Quantity
from priorauth.record.quantities import scales
from priorauth.record.read import read_bundle
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY
from tests.casebook.kept import every as every_case
from tests.engines.cql.peer import SCRIPTS, node
from tests.export.filling import CATALOG
from tests.parts import need
from tools import elm as tool

VOCABULARY = CATALOG.vocabulary
EXAMPLES = Path(__file__).parents[2] / "examples"
KNOWN = libraries(VOCABULARY, VOCABULARY)[1:]


def test_the_libraries_are_those_of_the_vocabulary_and_their_elm_is_of_their_cql() -> None:
    assert tool.stale(prefill.texts(CATALOG)) == []


def test_a_changed_code_or_a_file_that_nothing_makes_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FOLDER, tmp_path / "elm")
    monkeypatch.setattr(tool, "FOLDER", tmp_path / "elm")
    texts = prefill.texts(CATALOG)
    hba1c = prefill.name_of("hba1c")
    assert tool.stale({**texts, hba1c: texts[hba1c].replace("4548-4", "4548-5")}) == [f"{hba1c}.cql", f"{hba1c}.json"]
    (tmp_path / "elm" / "Odd.cql").write_text("")
    assert tool.stale(texts) == ["Odd.cql"]


def test_a_library_looks_back_as_far_as_the_widest_window_that_a_plan_may_choose() -> None:
    assert prefill.widest("urine_albumin_creatinine_ratio", CATALOG) == 12 * 31
    assert prefill.widest("hba1c", CATALOG) is None  # an earlier approval may lie any time back


# ---- against record


def charts() -> list[Path]:
    return sorted(
        path for path in EXAMPLES.glob("*.json") if json.loads(path.read_bytes()).get("resourceType") == "Bundle"
    )


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in charts():
        yield path.name, json.loads(path.read_bytes())


@pytest.mark.shall("DTR 2.2.0/spec-54", "DTR 2.0.1/57")
def test_what_is_filled_in_is_what_record_reads_of_the_examples() -> None:
    agree(list(cases())[:3])


@pytest.mark.slow
def test_what_is_filled_in_is_what_record_reads_of_every_case() -> None:
    """One case in six, to fit an hour with all else; PRIORAUTH_EVERY=1 takes each."""
    kept = [(str(one), one.load()["bundle"]) for one in every_case()]
    assert len(kept) > 200
    agree([*cases(), *kept[:: int(os.environ.get("PRIORAUTH_EVERY", "6"))]])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_is_filled_in_of_charts_with_everything_changed_is_what_record_reads(seed: int) -> None:
    agree(
        [(f"{name} {number}", changed(bundle, seed * 100 + number)) for number in range(4) for name, bundle in cases()]
    )


def changed(bundle: dict[str, Any], seed: int) -> dict[str, Any]:
    """Change statuses, dates, units, comparators and codes of a chart by lot."""
    lot = np.random.default_rng(seed)
    made: dict[str, Any] = json.loads(json.dumps(bundle))
    for entry in made["entry"]:
        one = entry["resource"]
        if lot.random() < 0.5:
            continue
        match one["resourceType"]:
            case "Observation":
                _observation(one, lot)
            case "Condition":
                _condition(one, lot)
            case "DeviceRequest" | "ServiceRequest":
                one["status"] = str(lot.choice(["active", "completed", "draft", "revoked"]))
            case "DocumentReference":
                one["status"] = str(lot.choice(["current", "superseded"]))
    return made


def _observation(one: dict[str, Any], lot: np.random.Generator) -> None:
    one["status"] = str(lot.choice(["final", "amended", "corrected", "cancelled", "entered-in-error"]))
    if "effectiveDateTime" in one:
        one["effectiveDateTime"] = str(
            lot.choice([one["effectiveDateTime"], one["effectiveDateTime"][:10], "2025", "2026-03"])
        )
    if "valueQuantity" in one:
        if lot.random() < 0.2:
            one["valueQuantity"]["comparator"] = ">"
        if lot.random() < 0.2:
            one["valueQuantity"] = {"value": 7.1, "unit": "odd"}


def _condition(one: dict[str, Any], lot: np.random.Generator) -> None:
    if lot.random() < 0.3:
        one.pop("onsetDateTime", None)
    if lot.random() < 0.3:
        one["abatementDateTime"] = "2026-05-01"
    code = str(lot.choice(["confirmed", "provisional", "refuted"]))
    one["verificationStatus"] = {"coding": [{"code": code}]}
    coded = {
        "system": "http://hl7.org/fhir/sid/icd-10-cm",
        "code": str(lot.choice(["E10.65", "E10.A0", "N18.6", "E11.641", "C18.9", "E10.10"])),
    }
    one["code"] = {"coding": [coded]}


def agree(charts: list[tuple[str, dict[str, Any]]]) -> None:
    """Hold what cql-execution finds in charts against what record reads of them."""
    need(shutil.which("node"), "node runs the CQL engine")
    need((SCRIPTS / "node_modules").is_dir(), "npm ci --prefix tests/peers/cql installs the CQL engine")
    wanted = {one.name: definitions(one) for one in KNOWN}
    readable = [(name, bundle, rows) for name, bundle in charts if (rows := read(bundle)) is not None]
    assert readable
    lines = [json.dumps({"bundle": bundle, "now": now(bundle), "wanted": wanted}) for _, bundle, _ in readable]
    answers = node("forms.mjs", str(FOLDER), given="\n".join(lines)).splitlines()
    seen = 0
    for (name, bundle, rows), line in zip(readable, answers, strict=True):
        found = json.loads(line)
        for one in KNOWN:
            if one.fact == "prescription_signed_on" and not ordered_as_asked(bundle):
                continue
            here = expected(one.fact, rows.get(one.fact, ()), bundle)
            assert given(one.fact, found[one.name]) == here, (name, one.fact)
            seen += bool(here)
    assert seen > len(readable)


def definitions(one: Library) -> list[str]:
    return [each for each in ("value", "date", "from", "until") if f'define "{each}"' in one.cql.decode()]


def now(bundle: dict[str, Any]) -> str:
    day = next(one["resource"]["created"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Claim")
    return f"{day[:10]}T23:59:59.000+00:00"


def read(bundle: dict[str, Any]) -> dict[str, tuple[Row, ...]] | None:
    """Give the rows of the record alone; None of a Bundle that is refused."""
    made = {
        **bundle,
        "entry": [one for one in bundle["entry"] if one["resource"]["resourceType"] != "QuestionnaireResponse"],
    }
    try:
        file = read_bundle(made, vocabulary=VOCABULARY, units=CATALOG.units)
    except InputRefused:
        return None
    return dict(file.requests[0].rows) if file.requests else None


def given(fact: str, found: dict[str, Any]) -> Any:
    """Give what was found in the terms of rows."""
    if not any(found.values()):
        return None
    match VOCABULARY[fact].kind:
        case "measurement":
            quantity = Quantity(value=str(found["value"]["value"]), code=found["value"]["unit"])  # type: ignore[arg-type]
            low, high, *_, fault = scales(VOCABULARY, CATALOG.units).amount(fact, read_quantity(quantity))
            return None if fault else (low, high, days(found["date"]))
        case "event":
            return sorted(map(days, found["value"]))
        case "condition":
            return days(found["from"]), days(found["until"])
        case _:
            return days(found["value"])


def read_quantity(quantity: Quantity) -> Quantity:
    from decimal import Decimal

    return Quantity(value=Decimal(str(quantity.value)), code=quantity.code)


def expected(fact: str, rows: tuple[Row, ...], bundle: dict[str, Any]) -> Any:
    """Give what a library has to find: what the record says for certain, of resources that it reads."""
    open_ = dated(bundle, begun=VOCABULARY[fact].kind == "event")
    sure = [row for row in rows if row.source is Source.RECORD and ground_of(row) is None and row.ref in open_]
    match VOCABULARY[fact].kind:
        case "measurement":
            own = coded(fact, bundle)
            results = [row for row in sure if isinstance(row, Measurement) and row.low == row.high and row.ref in own]
            newest = max(results, key=lambda row: (row.first, row.minute or 0), default=None)
            return None if newest is None else (newest.low, newest.high, (newest.first, newest.last))
        case "event":
            found = {(row.first, row.last) for row in sure if isinstance(row, Event) and row.low is None}
            return sorted(found) or None
        case "condition":
            held = [row for row in sure if isinstance(row, Period) and row.ref.startswith("Condition/")]
            limited = "AtMost" in library(fact)
            return course([row for row in held if begun(row) or not limited], dates.day(now(bundle)[:10]))
        case _:
            kind = (
                ("DeviceRequest/", "ServiceRequest/")
                if "order" in fact or "prescription" in fact
                else "DocumentReference/"
            )
            said = [row for row in sure if isinstance(row, Answer) and row.low is not None and row.ref.startswith(kind)]
            if fact == "prescription_signed_on":
                said = [row for row in said if ordered(bundle, row.ref) & {*VOCABULARY["product_code"].values}]
            return (said[0].low, said[0].high) if said else None


def dated(bundle: dict[str, Any], *, begun: bool) -> set[str]:
    """Name the resources that a library may fill in from: no result after the request; ``begun``: of a stated day."""
    last = now(bundle)[:10]
    found = set()
    for one in (entry["resource"] for entry in bundle["entry"]):
        at = one.get("effectiveDateTime") or one.get("authoredOn") or one.get("date") or last
        if at[:10] <= last and (not begun or one["resourceType"] != "Condition" or "onsetDateTime" in one):
            found.add(f"{one['resourceType']}/{one.get('id')}")
    return found


def coded(fact: str, bundle: dict[str, Any]) -> set[str]:
    """Name the observations that bear a code of a fact themselves: what is worked out of readings is no library's."""
    codes = set(VOCABULARY[fact].codes["loinc"])
    observations = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Observation"]
    return {
        f"Observation/{one['id']}"
        for one in observations
        if codes & {each.get("code") for each in one["code"].get("coding", ())}
    }


def ordered(bundle: dict[str, Any], ref: str) -> set[str]:
    """Give the codes of an order."""
    resources = {
        f"{one['resource']['resourceType']}/{one['resource'].get('id')}": one["resource"] for one in bundle["entry"]
    }
    return {each.get("code") for each in resources[ref]["codeCodeableConcept"].get("coding", ())}


def ordered_as_asked(bundle: dict[str, Any]) -> bool:
    """Say whether an order is of the product of an item; a library, which knows no item, gives the day of any order."""
    listed = [one["resource"] for one in bundle["entry"]]
    items = [item for one in listed if one["resourceType"] == "Claim" for item in one.get("item", ())]
    asked = {each.get("code") for item in items for each in item.get("productOrService", {}).get("coding", ())}
    made = {each.get("code") for one in listed if one["resourceType"] == "DeviceRequest"
            for each in one.get("codeCodeableConcept", {}).get("coding", ())}  # fmt: skip
    return not made or bool(made & asked)


def library(fact: str) -> str:
    return next(one.cql.decode() for one in KNOWN if one.fact == fact)


def course(rows: list[Period], today: int) -> Any:
    """Give the one that lasts and began first, else the one that ended last; what will end lasts still."""
    lasting = [row for row in rows if row.end_first > today]
    if lasting:
        return begun(min(lasting, key=lambda row: (begun(row) is None, row.start_first))), None
    over = sorted(rows, key=lambda row: row.end_last)
    return (begun(over[-1]), (over[-1].end_first, over[-1].end_last)) if over else None


def begun(row: Period) -> tuple[int, int] | None:
    return None if row.start_first == FIRST_DAY else (row.start_first, row.start_last)


def days(text: str | None) -> tuple[int, int] | None:
    """Read a date, whole or in part, as the days that it may be."""
    return None if text is None else dates.read(text)[:2]
