"""The official validator finds no error in a response: of every example, and of 200 requests drawn in every shape.

It finds every one of the faults planted beside them. README.md of tests/peers/validator says what it needs.
"""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from priorauth import determine
from priorauth.exchange.pas.respond import bundle
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.pas_response import response
from priorauth.exchange.plan import Partner, plan_of
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.schema import open_store
from tests.exchange.house import PLAN
from tests.exchange.pas.sending import asking, rich
from tests.exchange.shapes import SHAPES, Shapes, resources
from tests.ledger import house
from tests.ledger.house import done
from tests.ledger.standing import STATES
from tests.parts import need

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
VALIDATOR = ROOT / "tests" / "peers" / "validator"
BUILT = VALIDATOR / "target" / "classpath"
BUILD = "mvn -q -B -f tests/peers/validator/pom.xml process-classes"
DRAWN = 200
OUTCOMES = {
    "approve": 30, "clinical-review": 30, "request-information": 15, "not-applicable": 20,
    "other-criteria": 2, "not-required": 2, "not-yet": 2,
}  # fmt: skip
EXPECTED = {
    "Terminology_TX_ValueSet_NotFound",  # X12 is not free
    "Terminology_TX_NoValid_2_CC",  # identifier types need a terminology server
    "Bundle_BUNDLE_Not_Local",  # the claim stays with its sender; only a warning that names `request` is expected
}

OF_THE_GUIDE = {"Extension_EXTP_Context_Wrong"}
"""PAS slices extensions of a claim's item into the item that a response adds; their own definitions do not name it."""
FOLLOWS = ".communicationRequest["
"""Where it is said that a resource does not fit, which follows from what is said of that resource itself."""

Json = dict[str, Any]


class Said(NamedTuple):
    """A message of the validator."""

    mode: str
    file: str
    severity: str
    kind: str
    place: str
    text: str


def broken(change: Callable[[Json, Json], object]) -> Callable[[Json], Json]:
    """Make a fault out of what changes the Bundle and its ClaimResponse."""

    def plant(good: Json) -> Json:
        made = copy.deepcopy(good)
        change(made, made["entry"][0]["resource"])
        return made

    return plant


FAULTS: dict[str, Callable[[Json], Json]] = {
    "no-outcome": broken(lambda _, made: made.pop("outcome")),
    "no-insurer": broken(lambda _, made: made.pop("insurer")),
    "no-patient": broken(lambda _, made: made.pop("patient")),
    "no-request": broken(lambda _, made: made.pop("request")),
    "no-timestamp": broken(lambda bundle, _: bundle.pop("timestamp")),
    "no-identifier": broken(lambda bundle, _: bundle.pop("identifier")),
    "empty-type": broken(lambda _, made: made.update(type={})),
    "created-without-zone": broken(lambda _, made: made.update(created="2026-11-20T09:45:00")),
    "timestamp-is-a-date": broken(lambda bundle, _: bundle.update(timestamp="2026-11-20")),
    "other-use": broken(lambda _, made: made.update(use="claim")),
    "no-sequence": broken(lambda _, made: made["item"][0].pop("itemSequence")),
    "sequence-zero": broken(lambda _, made: made["item"][0].update(itemSequence=0)),
    "note-without-text": broken(lambda _, made: made["processNote"][0].pop("text")),
    "unknown-element": broken(lambda _, made: made.update(decision="approve")),
    "response-not-first": broken(lambda bundle, _: bundle["entry"].reverse()),
    "two-responses": broken(lambda bundle, made: bundle["entry"].append({"fullUrl": "urn:x:2", "resource": made})),
    "batch": broken(lambda bundle, _: bundle.update(type="batch")),
    "insurer-not-active": broken(lambda bundle, _: resources(bundle, "Organization")[0].pop("active")),
    "patient-without-name": broken(lambda bundle, _: resources(bundle, "Patient")[0].pop("name")),
    "relative-full-url": broken(lambda bundle, _: bundle["entry"][1].update(fullUrl="Patient/approve")),
}
UNRESOLVED = broken(lambda _, made: made.update(patient={"reference": "Patient/approve"}))


RICH = ("ask", "approve")


def of_the_ledger(folder: Path) -> Iterator[tuple[str, Json]]:
    """Yield the answers of a plan to a case in every state, and to requests that state everything."""
    store = open_store(f"sqlite:///{folder}/ledger.db")
    house.furnish(store)
    numbers = {state: make(store) for state, make in STATES.items()}
    plan = plan_of({"exchange": PLAN})
    for state, number in numbers.items():
        answer = standing(store, house.TENANT, number)
        assert answer is not None
        yield f"ledger-{state}", bundle(answer, plan, "2.2", Partner(), "https://plan.example/plan/2.2")
    for name in RICH:
        sent = done(store, Receive(bundle=json.dumps(rich(asking(name))).encode()), house.SYSTEM).case
        answer = standing(store, house.TENANT, str(sent))
        assert answer is not None
        yield f"ledger-rich-{name}", bundle(answer, plan, "2.2", Partner(), "https://plan.example/plan/2.2")
    store.close()


@pytest.fixture(scope="module")
def drawn() -> Shapes:
    return Shapes(seed=20261128)


@pytest.fixture(scope="module")
def messages(drawn: Shapes, tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """Run the validator once: over the responses to every example and every drawn request, and over the faults."""
    need(shutil.which("java"), "Java 17 runs the HL7 validator: apt install openjdk-17-jdk-headless maven")
    need(BUILT.is_file(), f"the HL7 validator is not built: {BUILD}")
    jars = BUILT.read_text("utf-8")
    need(all(Path(jar).is_file() for jar in jars.split(":")), f"jars of the HL7 validator are gone: {BUILD}")
    folder = tmp_path_factory.mktemp("responses")

    def write(name: str, made: Json) -> None:
        (folder / f"{name}.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")

    for path in EXAMPLES:
        write(f"example-{path.stem}", response(determine(path.read_bytes()), path.read_bytes()))
    for one in drawn.draw(DRAWN):
        write(one.name, response(one.found, one.bundle))
    for name, made in of_the_ledger(tmp_path_factory.mktemp("ledger")):
        write(name, made)
    approve = (ROOT / "examples" / "approve.json").read_bytes()
    good = response(determine(approve), approve)
    for name, plant in FAULTS.items():
        write(f"broken-{name}", plant(good))
    write("unresolved", UNRESOLVED(good))
    packages = [part for path in sorted((VALIDATOR / "packages").glob("*.tgz")) for part in ("--package", str(path))]
    classes = f"{BUILT.parent / 'classes'}:{jars}"
    command = ["java", "-Xmx3g", "-cp", classes, "Validate", *packages, str(folder)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=1200)
    *lines, last = ran.stdout.splitlines()
    count = len(EXAMPLES) + DRAWN + len(STATES) + len(RICH) + len(FAULTS) + 1
    assert last.startswith(f"# {count} files"), ran.stderr[-2000:]
    return [Said(*line.split("\t")) for line in lines]


def errors(said: list[Said], start: str) -> list[Said]:
    return [one for one in said if one.file.startswith(start) and one.severity in ("ERROR", "FATAL")]


@pytest.mark.parametrize("start", ["example-", "drawn-"])
def test_no_response_has_an_error_also_where_the_validator_is_strict(messages: list[Said], start: str) -> None:
    assert errors(messages, start) == []


@pytest.mark.shall("PAS 2.2.1/spec-23")
def test_no_answer_of_the_ledger_has_an_error_but_of_codes_that_are_not_at_hand_and_of_the_guides_own(
    messages: list[Said],
) -> None:
    found = [one for one in errors(messages, "ledger-") if not one.kind.startswith("Terminology_")]
    left = [one for one in found if one.kind not in OF_THE_GUIDE and FOLLOWS not in one.place]
    assert left == []
    assert {one.file for one in messages if one.file.startswith("ledger-")}


def test_warnings_are_only_of_codes_that_are_not_free_and_of_the_claim_that_stays_with_its_sender(
    messages: list[Said],
) -> None:
    listed = [one for one in messages if one.file.startswith(("example-", "drawn-")) and one.severity == "WARNING"]
    assert [one for one in listed if one.kind not in EXPECTED] == []
    assert all(one.place.endswith(".request") for one in listed if one.kind == "Bundle_BUNDLE_Not_Local")


def test_what_was_drawn_has_every_outcome_and_every_shape(messages: list[Said], drawn: Shapes) -> None:
    assert messages
    print(dict(sorted(drawn.mix.items())))
    assert {key: drawn.mix[key] for key in OUTCOMES if drawn.mix[key] < OUTCOMES[key]} == {}
    shapes = [f"{key}: {value}" for key, values in SHAPES.items() for value in values]
    assert {shape: drawn.mix[shape] for shape in shapes if drawn.mix[shape] < DRAWN // 10} == {}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_a_planted_fault_is_found(messages: list[Said], name: str, mode: str) -> None:
    assert [one for one in errors(messages, f"broken-{name}.json") if one.mode == mode]


def test_a_reference_that_does_not_resolve_is_found(messages: list[Said]) -> None:
    assert {one.kind for one in messages if one.file == "unresolved.json"} - EXPECTED
