"""The CapabilityStatement: what it says is so, and all that is so is said."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from priorauth.exchange.guard import scopes
from priorauth.exchange.guard.metadata import capabilities, statement
from priorauth.exchange.plan import VERSIONS
from tests.exchange.guard.partner import BASE, Door
from tests.exchange.test_validator import BUILD, BUILT
from tests.parts import need

PINS = {"2.0": ("", ""), "2.2": ("|2.2.0", "|2.2.1")}


def said(door: Door, version: str) -> dict[str, Any]:
    found = door.running.client.get(f"/plan/{version}/fhir/metadata", headers={"Accept": "application/fhir+json"})
    assert (found.status_code, found.headers["content-type"]) == (200, "application/fhir+json")
    made: dict[str, Any] = found.json()
    return made


@pytest.mark.shall("DTR 2.2.0/conf-1", "PAS 2.2.1/conf-1", "PAS 2.2.1/spec-55", "PAS 2.0.1/149")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_it_says_which_guides_it_follows_and_that_subscriptions_can_be_made_changed_and_taken_away(
    door: Door, version: str
) -> None:
    found = said(door, version)
    dtr, pas = PINS[version]
    assert f"http://hl7.org/fhir/us/davinci-dtr/CapabilityStatement/dtr-payer-service{dtr}" in found["instantiates"]
    (rest,) = found["rest"]
    by_type = {one["type"]: one for one in rest["resource"]}
    interactions = {one["code"] for one in by_type["Subscription"]["interaction"]}
    assert {"create", "update", "delete"} <= interactions
    topic = by_type["Subscription"]["extension"][0]["valueCanonical"]
    assert topic == "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
    operations = {one["name"]: one["definition"] for one in by_type["Claim"]["operation"]}
    assert operations["submit"] == f"http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-submit{pas}"
    assert set(operations) == {"submit", "inquire"}
    assert found["implementation"]["url"] == f"{BASE}/{version}/fhir"


@pytest.mark.shall("DTR 2.2.0/conf-1", "DTR 2.2.0/spec-120")
def test_it_says_that_tokens_of_smart_are_asked_for(door: Door) -> None:
    security = said(door, "2.2")["rest"][0]["security"]
    assert security["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"
    assert f"{BASE}/.well-known/smart-configuration" in security["description"]


def test_every_operation_that_it_names_wants_a_scope_that_there_is() -> None:
    wanted = {
        scope
        for one in capabilities().resources
        for scope in (*one.interactions.values(), *(each.scope for each in one.operations))
    }
    assert wanted | {one.scope for one in capabilities().operations} == set(scopes.wanted())


@pytest.mark.slow
def test_the_official_validator_finds_no_error_and_finds_one_that_is_planted(tmp_path: Path) -> None:
    need(shutil.which("java"), "Java 17 runs the HL7 validator: apt install openjdk-17-jdk-headless maven")
    need(BUILT.is_file(), f"the HL7 validator is not built: {BUILD}")
    made: dict[str, Any] = {
        version: statement(BASE, f"{BASE}/{version}/fhir", version, "A plan") for version in VERSIONS
    }
    broken = {name: value for name, value in made["2.2"].items() if name != "fhirVersion"}
    for name, one in {**made, "broken": broken}.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(one), "utf-8")
    classes = f"{BUILT.parent / 'classes'}:{BUILT.read_text('utf-8')}"
    command = ["java", "-Xmx2g", "-cp", classes, "Validate", "--lenient", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    *lines, last = ran.stdout.splitlines()
    assert last.startswith("# 3 files"), ran.stderr[-2000:]
    wrong = {tuple(line.split("\t")[1:3]) for line in lines}
    assert {file for file, severity in wrong if severity in ("ERROR", "FATAL")} == {"broken.json"}


def test_the_same_plan_is_described_in_the_same_words() -> None:
    one, other = (statement("https://a.example/p", "https://a.example/p/2.2/fhir", "2.2", "A plan") for _ in range(2))
    assert one == other
