"""The vocabulary: every fact is complete, and a vocabulary of one's own adds facts and changes none."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary
from priorauth.facts.vocabulary import ANCHORS, KINDS, PATH, Fact, Vocabulary
from priorauth.values import strict_yaml, units

SHIPPED = vocabulary.load()
FACTS = [SHIPPED[name] for name in SHIPPED]


def load(folder: Path, text: str) -> Vocabulary:
    path = folder / "vocabulary.yaml"
    path.write_text(text, encoding="utf-8")
    return vocabulary.load(path)


# ---- the one that is shipped


def test_there_are_facts_of_every_kind() -> None:
    assert {fact.kind for fact in FACTS} == set(KINDS)


def test_what_is_measured_has_a_unit_that_the_table_of_units_knows() -> None:
    for fact in FACTS:
        if fact.kind in ("measurement", "regimen") or fact.values in (("number",), ("integer",)):
            assert fact.unit is not None, fact.name
            assert fact.numeric, fact.name
            assert units.load().conversion(fact.name, fact.unit) is not None, fact.name


def test_every_attribute_has_values() -> None:
    for fact in FACTS:
        assert bool(fact.values) == (fact.kind == "attribute"), fact.name


def test_every_pending_or_coded_value_is_one_of_the_values() -> None:
    for fact in FACTS:
        assert set(fact.pending) <= set(fact.values), fact.name
        assert set(fact.value_codes) <= set(fact.values), fact.name


def test_every_fact_asks_a_question_in_a_sentence() -> None:
    for fact in FACTS:
        assert fact.ask.endswith(("?", ".")), fact.name
        assert fact.ask[0].isupper(), fact.name


def test_what_is_excepted_from_codes_is_below_one_of_them() -> None:
    for fact in FACTS:
        for codes, without in ((fact.codes, fact.without), (fact.hint_codes, fact.hint_without)):
            for system, listed in without.items():
                stems = [code.removesuffix("*") for code in codes[system] if code.endswith("*")]
                assert all(code.startswith(tuple(stems)) for code in listed), f"{fact.name}: {listed}"


def test_every_code_stands_once_under_its_fact() -> None:
    for fact in FACTS:
        for system in {*fact.codes, *fact.hint_codes}:
            listed = [*fact.codes.get(system, ()), *fact.hint_codes.get(system, ())]
            assert len(set(listed)) == len(listed), f"{fact.name}: {system}"


# The dihedral group of the pentagon: SNOMED CT ends each identifier in a check digit after Verhoeff.
TURN = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210"
SHIFT = "01234567891576283094580379614289160435279453126870428657390127938064157046913258"


def snomed_checks(code: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(TURN[10 * check + int(SHIFT[10 * (place % 8) + int(digit)])])
    return check == 0


def loinc_checks(code: str) -> bool:
    """LOINC ends each code in a check digit after Luhn."""
    digits, given = code.split("-")
    doubled = [sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(digits))]
    return (10 - sum(doubled) % 10) % 10 == int(given)


def test_no_code_of_snomed_ct_or_loinc_is_mistyped() -> None:
    assert snomed_checks("46177005")
    assert not snomed_checks("46177006")
    assert loinc_checks("4548-4")
    assert not loinc_checks("4584-4")
    for fact in FACTS:
        below = fact.hint_below.get("loinc", ())
        for codes in (fact.codes, fact.hint_codes, {"loinc": tuple(str(code) for code in below)}):
            assert [code for code in codes.get("snomed", ()) if not snomed_checks(code)] == [], fact.name
            assert [code for code in codes.get("loinc", ()) if not loinc_checks(code)] == [], fact.name


def test_what_hints_never_settles() -> None:
    for fact in FACTS:
        for system, listed in fact.codes.items():
            hints = fact.hint_codes.get(system, ())
            stems = tuple(code.removesuffix("*") for code in hints if code.endswith("*"))
            without = tuple(code.removesuffix("*") for code in fact.hint_without.get(system, ()))
            within = [code for code in listed if stems and code.startswith(stems) and not code.startswith(without)]
            assert within == [], f"{fact.name}: {within}"


CODES = Path(__file__).parents[2] / "docs" / "codes.md"


def silence_row(fact: Fact) -> str:
    """Write what ends the silence of a fact as the page of codes has it, up to the reason."""
    systems = ", ".join(f"{system} {len(listed)}" for system, listed in fact.hint_codes.items()) or "none"
    days = f" of {fact.hint_days} days" if fact.hint_days and fact.hint_codes else ""
    words = f"{len(fact.hint_words)}, such as {', '.join(fact.hint_words[:3])}" if fact.hint_words else "none"
    below = fact.hint_below
    results = f"{len(below['loinc'])} LOINC codes below {below['value']} {below['unit']}" if below else "none"
    unless = ", ".join(fact.silent_unless) or "none"
    return f"| {fact.name} | {fact.kind} | {systems}{days} | {words} | {results} | {unless} |"


def test_the_page_of_codes_tells_for_every_fact_what_ends_its_silence() -> None:
    page = CODES.read_text(encoding="utf-8")
    start = page.index("## What ends the silence")
    listed = [line for line in page[start:].split("\n\n")[2].splitlines()[2:] if line]
    rows = [silence_row(fact) for fact in FACTS if fact.silent_no]
    assert [line[: len(row)] for line, row in zip(listed, rows, strict=True)] == rows
    assert all(line.removeprefix(row).strip(" |") for line, row in zip(listed, rows, strict=True)), "a reason for each"


def test_the_filtration_rate_is_known_by_every_spelling_of_its_unit() -> None:
    below = SHIPPED["end_stage_renal_disease"].hint_below
    listed = {units.plain(str(below["unit"])), *(units.plain(str(unit)) for unit in below["units"])}
    for unit in ("mL/min/1.73m²", "mL/min/1.73 sq m", "mL/min/{1.73_m2}", "ML/MIN/1.73M2", "ml/min/1.73m^2",
                 "mL/min per 1.73 square meters", "mL/min", "mL/min/BSA"):  # fmt: skip
        assert units.plain(unit) in listed, unit
    assert units.plain("mg/dL") not in listed
    assert number_of(below, "value") < number_of(below, "most")


def number_of(row: Mapping[str, object], key: str) -> Fraction:
    return Fraction(str(row[key]))


def test_the_anchors_of_the_file_are_those_of_the_language() -> None:
    listed = strict_yaml.read_file(PATH)["anchors"]
    assert [row["name"] for row in listed if isinstance(row, strict_yaml.Mapping)] == list(ANCHORS)


def test_what_is_said_of_single_facts_is_read() -> None:
    assert SHIPPED["hba1c"].resolution == Fraction(1, 10)
    assert SHIPPED["end_stage_renal_disease"].silent_no
    assert not SHIPPED["diabetes"].silent_no
    assert SHIPPED["trial_outcome"].pending == ("ongoing",)
    assert SHIPPED["prescription_signed_on"].document
    assert SHIPPED["active_infection"].hint_days == 30
    assert "hemodialysis" in SHIPPED["end_stage_renal_disease"].hint_words
    assert SHIPPED["diabetes"].hint_words == ()
    assert SHIPPED["request_kind"].asked_of == "supplier"
    assert SHIPPED.amount("hypoglycemia_below") == 70


def test_a_fact_may_name_the_products_that_are_requested_with_an_item(tmp_path: Path) -> None:
    fact = load(tmp_path, FACT.format(kind="attestation") + "    requested_together: {hcpcs: [E2103, A4239]}\n")["x"]
    assert fact.together == {"hcpcs": ("E2103", "A4239")}
    assert SHIPPED["hba1c"].together == {}


def test_an_event_may_name_the_products_whose_approval_it_is(tmp_path: Path) -> None:
    fact = load(tmp_path, FACT.format(kind="event") + "    approved: {hcpcs: [E2103]}\n")["x"]
    assert fact.approved == {"hcpcs": ("E2103",)}


def test_the_values_of_an_attribute_may_have_names(tmp_path: Path) -> None:
    text = FACT.format(kind="attribute") + "    values: [a-1, other]\n    value_names: {a-1: [acme 1, a one]}\n"
    assert load(tmp_path, text)["x"].value_names == {"a-1": ("acme 1", "a one")}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("{a-2: [acme]}", "value_names: 'a-2' is no value of it"),
        ("{a-1: [Acme]}", "expected a-1, phrases of small letters"),
        ("{a-1: [acme], b: [acme]}", "value_names: 'acme' names a-1 already"),
        ("[acme]", "expected names by the value that they stand for"),
    ],
)
def test_names_that_cannot_be_read_are_refused(tmp_path: Path, names: str, said: str) -> None:
    text = FACT.format(kind="attribute") + f"    values: [a-1, b, other]\n    value_names: {names}\n"
    with pytest.raises(PolicyFaults) as caught:
        load(tmp_path, text)
    assert said in str(caught.value)


def test_products_that_a_request_counts_have_their_units(tmp_path: Path) -> None:
    fact = load(tmp_path, FACT.format(kind="measurement") + "    unit: d\n    requested_units: {A4253: 50}\n")["x"]
    assert fact.requested == {"A4253": 50}
    assert SHIPPED["hba1c"].requested == {}


def test_the_names_come_in_the_order_of_the_file() -> None:
    lines = [fact.line for fact in FACTS]
    assert lines == sorted(lines)
    assert len(set(lines)) == len(lines)


def test_a_fact_that_is_not_there_is_missed() -> None:
    assert "hba1x" not in SHIPPED
    with pytest.raises(KeyError):
        SHIPPED["hba1x"]


# ---- a file that cannot be read


def test_a_vocabulary_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="cannot be read"):
        vocabulary.load(tmp_path / "vocabulary.yaml")


FACT = "facts:\n  x:\n    kind: {kind}\n    ask: What?\n"
MEASURED = FACT.format(kind="measurement") + "    unit: d\n"
BELOW = FACT.format(kind="event") + "    hint_below: {{{}}}\n"
AGES = (
    FACT.format(kind="condition") + "    only_ages: {}\nderivations:\n  a: {{value: 9}}\n  b: {{value: 64}}\n  c: 1.5\n"
)
NO_AGES = "5: x: expected only_ages, two names of derivations that are whole years, the younger first"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", "1: expected `facts:`"),
        ("facts:\n  x: y\n", "2: x: expected a mapping"),
        ("facts:\n  x:\n    kind: event\n", "2: x: expected the question, `ask:`"),
        (FACT.format(kind="number"), "2: x: expected kind, one of measurement, event,"),
        (FACT.format(kind="event").replace("  x:", "  X-1:"), "2: expected a fact's name of small letters"),
        (FACT.format(kind="measurement"), "2: x: expected the unit of a measurement"),
        (FACT.format(kind="regimen"), "2: x: expected the unit of a regimen"),
        (FACT.format(kind="event") + "    colour: red\n", "5: x: no such key 'colour'"),
        (FACT.format(kind="event") + "    asked_of: nobody\n", "5: x: expected asked_of, one of prescriber,"),
        (FACT.format(kind="event") + "    worse: sideways\n", "5: x: expected worse, one of higher, lower"),
        (FACT.format(kind="event") + "    silence: yes\n", "5: x: expected silence, one of no"),
        (FACT.format(kind="event") + "    document: yes\n", "5: x: expected document, one of true"),
        (FACT.format(kind="event") + "    resolution: 0\n", "5: x: expected resolution, a number above zero"),
        (FACT.format(kind="event") + "    resolution: fine\n", "5: x: expected resolution, a number above zero"),
        (FACT.format(kind="event") + "    hint_days: -1\n", "5: x: expected hint_days, a number above zero"),
        (
            FACT.format(kind="event") + "    hint_words: [Renal]\n",
            "5: x: expected hint_words, phrases of small letters",
        ),
        (FACT.format(kind="event") + "    hint_words: [end-stage]\n", "5: x: expected hint_words, phrases of small"),
        (FACT.format(kind="event") + "    hint_words: ['']\n", "5: x: expected hint_words, phrases of small letters"),
        (FACT.format(kind="event") + "    hint_words: []\n", "5: x: expected hint_words, phrases of small letters"),
        (FACT.format(kind="event") + "    hint_below: 5\n", "5: x: expected hint_below with loinc, value and unit"),
        (BELOW.format("value: 15"), "5: x: expected hint_below with loinc, value and unit"),
        (BELOW.format("loinc: [a], value: 15"), "5: x: expected hint_below with loinc, value and unit"),
        (BELOW.format("loinc: [a], value: 15, unit: u, least: 1"), "5: x: expected hint_below with loinc, value and"),
        (BELOW.format("loinc: [a], value: low, unit: u"), "5: x: expected value, a number above zero"),
        (BELOW.format("loinc: [a], value: 15, unit: u, most: 15"), "5: x: expected most above value"),
        (BELOW.format("loinc: a, value: 15, unit: u"), "5: x: expected lists of LOINC codes, of units and of words"),
        (
            BELOW.format("loinc: [a], value: 15, unit: u, units: []"),
            "5: x: expected lists of LOINC codes, of units and of words",
        ),
        (FACT.format(kind="event") + "    codes: E10\n", "x: expected code systems with lists of codes"),
        (FACT.format(kind="event") + "    codes: {icd: [E10]}\n", "5: x: no such code system 'icd'"),
        (FACT.format(kind="condition") + "    only_sex: both\n", "5: x: expected only_sex, one of female, male"),
        (FACT.format(kind="event") + "    only_sex: male\n", "5: x: expected only_sex of a condition or attestation"),
        (FACT.format(kind="event") + "    only_ages: [a, b]\n", "5: x: expected only_ages of a condition or attest"),
        (
            FACT.format(kind="condition") + "    requested_together: {hcpcs: [E2103]}\n",
            "5: x: expected requested_together of a attestation only",
        ),
        (
            FACT.format(kind="attestation") + "    approved: {hcpcs: [A4253]}\n",
            "5: x: expected approved of a event only",
        ),
        (FACT.format(kind="attestation") + "    requested_together: E2103\n", "x: expected code systems with lists"),
        (FACT.format(kind="event") + "    requested_units: {A4253: 50}\n", "expected requested_units of a measurement"),
        (MEASURED + "    requested_units: A4253\n", "6: x: expected HCPCS codes, each with how many"),
        (
            MEASURED + "    requested_units: {A4253: 0}\n",
            "6: x: requested_units: expected a whole number above zero of A",
        ),
        (MEASURED + "    requested_units: {A4253: [1]}\n", "x: requested_units: expected a whole number above zero"),
        (FACT.format(kind="event") + "    fasting_codes: {loinc: [a]}\n", "5: x: expected fasting_codes of a measure"),
        (AGES.format("a"), NO_AGES),
        (AGES.format("[a, z]"), NO_AGES),
        (AGES.format("[a, c]"), NO_AGES),
        (AGES.format("[b, a]"), NO_AGES),
        (AGES.format("[a, b, b]"), NO_AGES),
        (FACT.format(kind="event") + "derivations: [a]\n", "expected a mapping under `derivations:`"),
        (FACT.format(kind="event") + "derivations:\n  a: {unit: d}\n", "6: a: expected a value"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicyFaults) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)
    assert "vocabulary.yaml:" in str(caught.value)


def test_a_fact_may_be_of_one_sex_and_of_some_ages_only(tmp_path: Path) -> None:
    fact = load(tmp_path, AGES.format("[a, b]").replace("    only_ages", "    only_sex: male\n    only_ages"))["x"]
    assert (fact.only_sex, fact.only_ages) == ("male", (9, 64))
    assert (SHIPPED["hba1c"].only_sex, SHIPPED["hba1c"].only_ages) == (None, None)
    for name in ("pregnancy", "planning_pregnancy"):
        assert (SHIPPED[name].only_sex, SHIPPED[name].only_ages) == ("female", (9, 64))


def test_codes_that_need_a_fasting_sample_never_stand_for_a_fact_alone() -> None:
    for fact in FACTS:
        for system, listed in fact.fasting_codes.items():
            assert not {code for one in FACTS for code in one.codes.get(system, ())} & set(listed), fact.name
            assert all(loinc_checks(code) for code in listed)


def test_a_fact_may_be_of_one_age_alone(tmp_path: Path) -> None:
    assert load(tmp_path, AGES.format("[a, a]"))["x"].only_ages == (9, 9)


def test_only_papers_of_which_there_is_one_can_be_contradicted_by_a_date() -> None:
    assert {fact.name for fact in FACTS if fact.one_paper} == {
        "prescription_signed_on",
        "letter_of_medical_necessity_signed_on",
        "supplies_order_signed_on",
        "education_order_signed_on",
    }
    assert {fact.name for fact in FACTS if fact.document and not fact.one_paper} == {
        "ma_review_form_on_file",
        "pa1_form_on_file",
        "clinical_notes_dated",
        "glucose_log_on_file",
        "loss_report_on_file",
        "necessity_certificate_on_file",
        "repair_assessment_on_file",
    }


def test_an_exception_of_a_code_list_is_read() -> None:
    assert SHIPPED["diabetes"].without == {"icd10cm": ("E10.A*",)}
