"""The official validator finds no error in the answers to 200 drawn requests and to all inputs of the kits, in both
versions, beside what the kits leave aside and what cannot be judged here (tests/exchange/kit/suppressions.yaml).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.exchange.house import Exchange, exchanging
from tests.exchange.kit import tester, validator
from tests.exchange.kit.crd import COVERAGE
from tests.exchange.kit.hooks import HOOKS, of_kit
from tests.exchange.kit.validator import Said
from tests.exchange.shapes import Shapes
from tests.ledger.conftest import copied

pytestmark = pytest.mark.slow

DRAWN = 200
SEED = 20261128
VERSIONS = ("2.0", "2.2")
REFUSED = ("related-unknown", "other-member", "items-missing", "decided", "not-found", "nothing-asked")
CODES = {"codes": {"reject": dict.fromkeys(REFUSED, "33")}}
"""A response has to bear codes of X12 where something is refused; which, a plan says that has a licence."""
Json = dict[str, Any]


class Answers:
    """Answers by version, how many came of each kind, and what the validator finds."""

    def __init__(self) -> None:
        self.documents: dict[str, list[Json]] = {version: [] for version in VERSIONS}
        self.mix: Counter[str] = Counter()
        self.found: dict[str, list[Said]] = {}

    def keep(self, version: str, kind: str, told: Any) -> None:
        """Keep the resources of an answer that have a profile."""
        self.mix[f"{kind} {version}: {told.status_code}"] += 1
        if told.status_code == 200:
            listed = list(_documents(told.json()))
            self.documents[version] += listed
            self.mix[f"{kind} {version}"] += len(listed)


def _documents(body: Json) -> Iterator[Json]:
    """Yield what of an answer is held against a profile."""
    if body.get("resourceType") == "Bundle":
        yield body
    for one in body.get("parameter", ()):
        yield from _documents(one.get("resource", {}))
    for action in body.get("systemActions", ()):
        if any(one["url"] == COVERAGE for one in action["resource"].get("extension", ())):
            yield action["resource"]


def _drawn(exchange: Exchange, answers: Answers) -> None:
    for number, one in enumerate(Shapes(seed=SEED).draw(DRAWN)):
        version = VERSIONS[number % 2]
        answers.keep(version, "drawn", exchange.post("/fhir/Claim/$submit", one.bundle, version))


def _kits(exchange: Exchange, answers: Answers) -> None:
    for version, kit in zip(VERSIONS, ("2.0.1", "2.2.1"), strict=True):
        for name, held in tester.inputs("pas", kit).items():
            for body in held if isinstance(held, list) else [held]:
                if isinstance(body, dict) and body.get("resourceType") == "Bundle":
                    operation = "inquire" if "inquire" in name else "submit"
                    answers.keep(version, operation, exchange.post(f"/fhir/Claim/${operation}", body, version))
        for hook in HOOKS:
            for body in of_kit(hook, "https://ehr.example.org/fhir"):
                answers.keep(version, "hook", exchange.post(f"/cds-services/{hook}-crd", body, version))


@pytest.fixture(scope="module")
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Ask everything, and the validator once of all that was answered."""
    found = Answers()
    with copied(request.getfixturevalue("migrated")) as store, exchanging(store, CODES) as exchange:
        _drawn(exchange, found)
        _kits(exchange, found)
    found.found = validator.asked(tmp_path_factory.mktemp("answers"), found.documents)
    return found


@pytest.mark.shall("PAS 2.2.1/spec-23")
def test_no_answer_has_an_error(answers: Answers) -> None:
    left = {name: [one for one in said if validator.left(one) is None] for name, said in answers.found.items()}
    assert {name: said for name, said in left.items() if said} == {}


def test_there_are_answers_of_every_kind_and_few_refusals(answers: Answers) -> None:
    print(dict(sorted(answers.mix.items())))
    for version in VERSIONS:
        assert answers.mix[f"drawn {version}"] >= DRAWN * 0.45
        assert answers.mix[f"submit {version}"] >= 5
        assert answers.mix[f"inquire {version}"] >= 1
        assert answers.mix[f"hook {version}"] >= 1
    assert sum(count for name, count in answers.mix.items() if name.endswith((": 500", ": 503"))) == 0


def test_what_is_left_aside_was_said_of_something(answers: Answers) -> None:
    used = Counter(aside.why for said in answers.found.values() for one in said if (aside := validator.left(one)))
    print(dict(used))
    assert used
