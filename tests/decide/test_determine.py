"""Worked cases, and what the contract says of the whole: same bytes, many threads, one determination an item."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import priorauth.policies
from priorauth import determine
from priorauth.values import dates
from tests.casebook.kept import Kept, every
from tests.decide.own import HBA1C, PAYER
from tests.decide.own import decided as decided_by
from tests.policy.files import SMALL, folder
from tests.record.building import bundle, concept, form, item

CASES = Path(__file__).parent.parent / "cases"
WORKED = [one for one in every() if one.folder != "own"]


def decided(case: Mapping[str, Any]) -> dict[str, Any]:
    judgments = case["judgments"]
    found = determine(case["bundle"], policy=case["policy"], as_of=case["as_of"], judgments=judgments)
    return found[0].as_json()


def statuses(criteria: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for part in criteria:
        if part["id"]:
            yield part["id"], part["status"]
        yield from statuses(part["parts"])


@pytest.mark.parametrize("kept", every(), ids=str)
def test_a_worked_case_comes_out_as_expected(kept: Kept) -> None:
    case = kept.load()
    found, expect = decided(case), case["expect"]
    assert found["outcome"] == expect["outcome"], found["reasons"]
    for key in ("pathway", "decide_after"):
        if key in expect:
            assert found[key] == expect[key]
    seen = dict(statuses(found["criteria"]))
    assert {key: seen.get(key) for key in expect.get("status", {})} == expect.get("status", {})
    said = [*(reason["text"] for reason in found["reasons"]), *found["notes"]]
    named = {reason["criterion"] for reason in found["reasons"]}
    for wanted in expect.get("reasons_include", []):
        assert wanted in named or any(wanted in text for text in said), wanted
    asked = {question["fact"] for question in found["questions"]}
    assert set(expect.get("questions_include", [])) <= asked
    assert not asked & set(expect.get("questions_exclude", []))


def test_there_are_worked_cases_of_every_payer() -> None:
    assert len(WORKED) >= 16
    assert {one.folder for one in WORKED} >= {"anthem", "caresource", "husky", "masshealth"}


def test_the_same_request_gives_the_same_bytes_from_many_threads() -> None:
    cases = [one.load() for one in WORKED]
    alone = [json.dumps(decided(case)) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda case: json.dumps(decided(case)), cases * 4))
    assert together == alone * 4


def test_the_order_of_the_bundle_does_not_matter() -> None:
    for kept in WORKED:
        case = kept.load()
        before = decided(case)
        claim, *rest = case["bundle"]["entry"]
        case["bundle"]["entry"] = [claim, *reversed(rest)]
        assert decided(case) == before, str(kept)


def test_parsed_and_raw_bundles_are_the_same_request() -> None:
    case = WORKED[0].load()
    raw = determine(json.dumps(case["bundle"]).encode())[0].as_json()
    assert raw == decided(case)


def test_a_plan_may_set_a_reading_in_its_payers_file(tmp_path: Path) -> None:
    folder = tmp_path / "masshealth"
    folder.mkdir()
    (folder / "payer.yaml").write_text(
        "payer: masshealth\nname: MassHealth\nplans: {masshealth-standard: {hba1c_age: 24 months}}\n", encoding="utf-8"
    )
    raw = (CASES.parent.parent / "examples" / "ask.json").read_bytes()
    plain, planned = determine(raw)[0], determine(raw, policies=(tmp_path,))[0]
    assert "hba1c" in [question.fact for question in plain.questions]
    assert "hba1c" not in [question.fact for question in planned.questions]
    readings = planned.receipt["readings"]
    assert isinstance(readings, dict)
    assert readings["hba1c_age"] == "24 months"
    assert planned.notes == (*plain.notes, f"payer masshealth is taken from the shipped folder and {tmp_path}")


@pytest.mark.parametrize(
    ("born", "outcome"),
    [
        ("2010-01-01", "clinical-review"),
        ("2005-06-16", "clinical-review"),
        ("2005-06-15", "not-applicable"),
        ("1980-05-01", "not-applicable"),
    ],
)
def test_a_product_that_husky_does_not_list_goes_to_a_person_for_the_young_and_elsewhere_for_others(
    born: str, outcome: str
) -> None:
    payer = {"name": "HUSKY", "identifier": [{"system": "urn:priorauth:payer", "value": "husky"}]}
    asked = {"item": [{"sequence": 1, "productOrService": concept("hcpcs:E1399")}]}
    plan = {"plan_type": "payer-direct", "coverage_program": "husky-a", "line_of_business": "medicaid"}
    said = form(*(item(fact, {"valueString": value}) for fact, value in plan.items()))
    (found,) = determine(bundle(said, Patient={"birthDate": born}, Claim=asked, Organization=payer))
    assert (found.outcome, found.policy.id if found.policy else None) == (outcome, "husky/ambulatory-infusion-pumps")


# ---- what a receipt holds, and which version is applied


def test_the_day_that_is_given_is_the_one_from_which_is_counted_and_the_one_that_is_said(tmp_path: Path) -> None:
    found = decided_by(tmp_path, SMALL, HBA1C, as_of="2027-05-31")
    assert (found.as_of, found.receipt["dates"]["as_of"], found.outcome) == ("2027-05-31", "2027-05-31", "approve")
    late = decided_by(tmp_path, SMALL, HBA1C, as_of="2027-06-01")
    assert (late.as_of, late.outcome) == ("2027-06-01", "request-information")
    assert decided_by(tmp_path, SMALL, HBA1C).as_of == "2026-06-15"


@pytest.mark.parametrize(
    ("by", "version"), [("request date", "2020-01-01"), ("service date", "2026-07-01"), ("receipt date", "2026-06-20")]
)
def test_a_version_is_chosen_by_the_day_that_the_policy_names(tmp_path: Path, by: str, version: str) -> None:
    starts = ("2020-01-01", "2026-06-20", "2026-07-01", None)
    for first, after in pairwise(starts):
        until = "open" if after is None else dates.iso(dates.day(after) - 1)
        head = f"effective: {{from: {first}, until: {until}, by: {by}}}"
        text = SMALL.replace("effective: {from: 2020-01-01, until: open, by: request date}", head)
        folder(tmp_path, text, first=str(first))
    asked = {"item": [{"sequence": 1, "productOrService": concept("hcpcs:E0784"), "servicedDate": "2026-07-02"}]}
    received = form(item("request_received_on", {"valueDate": "2026-06-21"}), id="qr-received")
    (found,) = determine(bundle(HBA1C, received, Organization=PAYER, Claim=asked), policies=(tmp_path,))
    assert found.policy is not None
    assert found.policy.effective.first == version
    assert found.receipt["dates"] == {
        "as_of": "2026-06-15", "service": "2026-07-02", "received": "2026-06-21", "version": version,
    }  # fmt: skip


WORDS = """\
facts:
  walks_a_mile:
    kind: attestation
    ask: "{ask}"
    used_by: [payer-x]
"""


def test_a_receipt_moves_with_the_vocabulary_of_a_folder(tmp_path: Path) -> None:
    seals = []
    for number, ask in enumerate(("Does the member walk a mile?", "Does the member walk a mile a day?")):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "vocabulary.yaml").write_text(WORDS.format(ask=ask), encoding="utf-8")
        seals.append(decided_by(place, SMALL, HBA1C).receipt)
    plain = decided_by(tmp_path / "plain", SMALL, HBA1C).receipt
    assert len({str(one["vocabulary"]) for one in (*seals, plain)}) == 3
    assert len({str(one["sha256"]) for one in (*seals, plain)}) == 3
    assert len({str(one["policy"]) for one in (*seals, plain)}) == 1


def test_a_receipt_holds_the_hash_of_what_is_handed_off_under_every_policy(tmp_path: Path) -> None:
    shipped = (Path(priorauth.policies.__path__[0]) / "common.yaml").read_bytes()
    assert decided_by(tmp_path, SMALL, HBA1C).receipt["common"] == sha256(shipped).hexdigest()


def asked_on(made: dict[str, Any], day: str) -> dict[str, Any]:
    """Give a request of another day."""
    made = deepcopy(made)
    for entry in made["entry"]:
        if entry["resource"]["resourceType"] == "Claim":
            entry["resource"]["created"] = day
    return made


def test_from_the_day_of_a_text_that_was_not_read_a_person_decides_beside_what_the_older_text_says() -> None:
    case = json.loads((CASES / "masshealth" / "initial-approve-record-and-answers.json").read_text(encoding="utf-8"))
    (before,), (after,) = (determine(asked_on(case["bundle"], day)) for day in ("2026-11-27", "2026-11-28"))
    (again,) = determine(case["bundle"], as_of="2026-12-01")
    assert again.outcome == "approve", "received before that day, and only looked at again"
    assert (before.outcome, after.outcome) == ("approve", "clinical-review")
    (reason,) = after.reasons
    assert reason.text.startswith("The payer has a newer text, Guidelines for Medical Necessity Determination")
    assert "The older text (undated) would have said: approve" in after.notes
    assert after.notes[1].startswith("The first day of the newer text is assumed: The payer's first day is not known")
    by_older, told = (list(statuses(one.as_json()["criteria"])) for one in (before, after))
    assert told == by_older
    assert (after.questions, after.ask, after.grants, after.would_grant) == ((), None, None, {"months": 3})
    assert after.policy is not None
    assert (after.policy.version, after.policy.currency) == ("undated", "superseded")
    assert "unread" in after.receipt
    assert "unread" not in before.receipt


def test_what_the_older_text_would_have_asked_is_told_with_its_reasons() -> None:
    case = json.loads((CASES / "masshealth" / "missing-hba1c.json").read_text(encoding="utf-8"))
    (found,) = determine(asked_on(case["bundle"], "2026-12-01"))
    assert (found.outcome, found.questions) == ("clinical-review", ())
    assert found.notes[0].startswith(
        "The older text (undated) would have said: request-information (II.A.T.7: nothing on"
    )
