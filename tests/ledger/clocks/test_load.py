"""A file of clocks is read whole or not at all: every fault at once, each with file and line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.ledger.clocks.load import SHIPPED, load, shipped

OWN = """clocks:
  mh-std:
    why: Our contract gives five days.
    name: our contract
    lines: [medicaid-ffs]
    states: [MA]
    kinds: [pre-service]
    urgency: standard
    authority: plan
    starts: {with: receipt, cite: contract 4.2, verified: yes}
    within: {is: 5 calendar days, cite: contract 4.2, verified: yes}
    question: {effect: runs-on, cite: contract 4.2, verified: yes, says: It runs on.}
    notice: {says: As the law says., cite: contract 4.2, verified: yes}
    missed: {means: none, says: Nothing beside the law., cite: contract 4.2, verified: yes}
    appeals: masshealth
"""


def own(place: Path, text: str) -> Path:
    path = place / "clocks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(place: Path, text: str) -> list[str]:
    with pytest.raises(PolicyFaults) as refused:
        load(own(place, text))
    return [str(fault).replace(f"{place}/", "") for fault in refused.value.faults]


def test_the_shipped_file_is_read_once() -> None:
    assert shipped() is shipped()
    assert shipped().clocks["mh-std"].file == str(SHIPPED)
    assert SHIPPED.read_text("utf-8").splitlines()[shipped().clocks["mh-std"].line - 2].strip() == "mh-std:"


def test_an_entry_of_a_tenant_stands_in_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    book = load(own(tmp_path, OWN))
    clock = book.clocks["mh-std"]
    assert (clock.name, str(clock.within.amount), clock.file) == (
        "our contract",
        "5 calendar days",
        f"{tmp_path}/clocks.yaml",
    )
    assert {name for name in book.clocks if book.clocks[name] != shipped().clocks[name]} == {"mh-std"}
    assert book.appeals == shipped().appeals


def test_a_tenant_adds_clocks_days_zones_and_profiles(tmp_path: Path) -> None:
    text = OWN.replace("  mh-std:\n    why: Our contract gives five days.\n", "  contract:\n") + (
        "days: {closed: [2026-12-24], counted: [2026-11-27]}\n"
        "zones: {MA: America/Chicago}\n"
        "profiles:\n  - {payer: anthem, when: {plan: [gold]}, line: commercial-erisa, zone: America/Denver}\n"
    )
    book = load(own(tmp_path, text))
    assert set(book.clocks) == {*shipped().clocks, "contract"}
    assert [list(days) for days in (book.closed, book.counted)] == [[dt.date(2026, 12, 24)], [dt.date(2026, 11, 27)]]
    assert (book.zones["MA"], book.zones["CT"]) == ("America/Chicago", "America/New_York")
    assert (book.profiles[0].zone, len(book.profiles)) == ("America/Denver", len(shipped().profiles) + 1)


def test_the_example_of_the_docs_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "clocks-override.md").read_text("utf-8")
    book = load(own(tmp_path, page.split("```yaml\n")[1].split("```")[0]))
    assert str(book.clocks["hu-std"].within.amount) == "5 calendar days"
    assert (book.profiles[0].zone, len(book.closed), len(book.counted)) == ("America/Denver", 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "    why: Our contract gives five days.\n",
            "",
            "clocks.yaml:2: mh-std stands in the place of a shipped entry",
        ),
        ("clocks:", "clock:", "clocks.yaml:1: a file of clocks has no key 'clock'"),
        ("5 calendar days", "5 months", "clocks.yaml:11: mh-std: expected hours or days under `within:`"),
        ("5 calendar days", "5 days", "clocks.yaml:11: expected `is:` with a number and one of"),
        (
            "verified: yes}\n    question",
            "verified: maybe}\n    question",
            "clocks.yaml:11: expected `verified:` one of no",
        ),
        ("[medicaid-ffs]", "[medicaid]", "clocks.yaml:5: expected `lines:` of medicaid-ffs, chip"),
        ("[MA]", "[Massachusetts]", "clocks.yaml:6: expected a state of two capital letters"),
        ("[MA]", "MA", "clocks.yaml:6: expected a list of words under `states:`"),
        ("[pre-service]", "[]", "clocks.yaml:3: mh-std: expected `lines:` and `kinds:`"),
        ("urgency: standard", "urgency: fast", "clocks.yaml:8: expected `urgency:` one of standard, expedited"),
        ("authority: plan", "authority: us", "clocks.yaml:9: expected `authority:` one of federal, state, plan"),
        ("with: receipt", "with: monday", "clocks.yaml:10: expected `with:` one of receipt, complete-receipt"),
        ("with: receipt", "with: last-needed-item", "clocks.yaml:3: mh-std: a question finds a clock not begun"),
        ("effect: runs-on", "effect: not-begun", "clocks.yaml:3: mh-std: a question finds a clock not begun"),
        ("says: It runs on.", "says: It runs on., times: 1", "clocks.yaml:12: only a question that stops the clock"),
        ("means: none", "means: nothing", "clocks.yaml:14: expected `means:` one of adverse-by-lapse"),
        ("appeals: masshealth", "appeals: nobody", "clocks.yaml:15: mh-std: expected `appeals:` one of masshealth"),
        ("  mh-std:", "  MH std:", "clocks.yaml:2: expected a name under `clocks:` of small letters"),
        (
            "    name: our contract\n",
            "    name: our contract\n    colour: red\n",
            "clocks.yaml:5: mh-std has no key 'colour'",
        ),
        ("    name: our contract\n", "", "clocks.yaml:3: expected `name:` with a text"),
    ],
)
def test_a_clock_that_cannot_be_used_is_a_fault_with_its_line(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    assert before in OWN
    found = faults(tmp_path, OWN.replace(before, after, 1))
    assert any(one.startswith(expected) for one in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("days: {closed: [24 December]}\n", "clocks.yaml:1: expected days (YYYY-MM-DD) under `closed:`"),
        ("days: {closed: [2026-02-30]}\n", "clocks.yaml:1: expected days (YYYY-MM-DD) under `closed:`"),
        (
            "days: {closed: [2026-12-24], counted: [2026-12-24]}\n",
            "clocks.yaml:1: 2026-12-24 stands under `closed:` and",
        ),
        ("days: {open: []}\n", "clocks.yaml:1: `days:` has no key 'open'"),
        ("zones: {MA: Boston}\n", "clocks.yaml:1: expected a time zone, as America/New_York, found 'Boston'"),
        ("zones: {MA: ../../etc/passwd}\n", "clocks.yaml:1: expected a time zone"),
        ("profiles:\n  - {payer: x, line: gold}\n", "clocks.yaml:2: expected `line:` one of medicaid-ffs"),
        ("profiles:\n  - {payer: x, when: {hair: [red]}, line: chip}\n", "clocks.yaml:2: `when:` has no key 'hair'"),
        ("profiles:\n  - {payer: x, line: chip, zone: Boston}\n", "clocks.yaml:2: expected a time zone"),
        ("profiles: {a: b}\n", "clocks.yaml:1: expected a list of at most 1,000 mappings under `profiles:`"),
        ("clocks: [a]\n", "clocks.yaml:1: expected a mapping of at most 1,000 keys under `clocks:`"),
        ("clocks:\n  x: {}\n", "clocks.yaml:2: x: expected an entry"),
        ("clocks:\n  x: y\n", "clocks.yaml:2: expected a mapping of at most 1,000 keys under `clocks: x:`"),
        ("appeals:\n  x: {read: here}\n", "clocks.yaml:2: x: expected `levels:` with at least one"),
        (
            "appeals:\n  x:\n    levels:\n      - {id: a, name: A, from: notice, says: b, cite: c, verified: no}\n",
            "clocks.yaml:4: expected `file:` and `from:` together",
        ),
        ("retention:\n  x: {says: b, verified: no}\n", "clocks.yaml:2: expected `cite:` with a text"),
        ("lines:\n  chip: {name: Ours}\n", "clocks.yaml:2: chip stands in the place of a shipped entry"),
        ("a: b\na: c\n", "clocks.yaml:2: the key 'a' stands twice"),
    ],
)
def test_what_else_cannot_be_used_is_a_fault_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    found = faults(tmp_path, text)
    assert any(one.startswith(expected) for one in found), found


def test_every_fault_of_a_file_is_found_at_once(tmp_path: Path) -> None:
    text = OWN.replace("5 calendar days", "5 days").replace("effect: runs-on", "effect: waits").replace("[MA]", "[ma]")
    assert len(faults(tmp_path, text)) == 3
