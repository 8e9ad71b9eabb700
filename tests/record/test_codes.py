import pytest

from priorauth.fhir.elements import Coding
from priorauth.record.codes import CodeTables, compiled, matches, plain, system_of
from tests.record.building import SYSTEMS, VOCABULARY

TABLES = compiled(VOCABULARY)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("http://hl7.org/fhir/sid/icd-10-cm", "icd10cm"),
        ("urn:oid:2.16.840.1.113883.6.90", "icd10cm"),
        ("urn:oid:2.16.840.1.113883.6.103", "icd9cm"),
        ("http://snomed.info/sct/731000124108", "snomed"),
        ("https://loinc.org/", "loinc"),
        ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "hcpcs"),
        ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "hcpcs"),
        ("https://bluebutton.cms.gov/resources/codesystem/hcpcs", "hcpcs"),
        ("urn:oid:2.16.840.1.113883.6.285", "hcpcs"),
        ("http://hl7.org/fhir/sid/icd-10", ""),
        ("", ""),
    ],
)
def test_a_code_system_is_known_by_every_uri_in_use_for_it(uri: str, name: str) -> None:
    assert system_of(uri) == name


@pytest.mark.parametrize(
    ("code", "known"), [("E10.65", True), ("E1065", True), ("e10", True), ("E1", False), ("E11.9", False)]
)
def test_a_wildcard_means_the_code_and_everything_below_it(code: str, known: bool) -> None:  # noqa: FBT001
    assert bool(matches({"icd10cm": ("E10.*",)}, "icd10cm", plain(code))) == known


def test_a_code_without_a_wildcard_means_itself_alone() -> None:
    assert matches({"icd10cm": ("Z79.4",)}, "icd10cm", "Z794")
    assert not matches({"icd10cm": ("Z79.4",)}, "icd10cm", "Z7940")


def test_an_exception_is_taken_out_of_its_wildcard() -> None:
    assert "type_1_diabetes" in TABLES.look(SYSTEMS["icd10"], "E10.65").facts
    assert "type_1_diabetes" not in TABLES.look(SYSTEMS["icd10"], "E10.A0").facts
    assert "pregnancy" in TABLES.look(SYSTEMS["icd10"], "O24.410").facts
    assert "pregnancy" not in TABLES.look(SYSTEMS["icd10"], "O24.430").facts


def test_icd_9_counts_like_icd_10() -> None:
    assert set(TABLES.look(SYSTEMS["icd9"], "250.01").facts) >= {"diabetes", "type_1_diabetes"}


def test_a_code_of_another_system_is_another_code() -> None:
    assert TABLES.look("http://example.org/local", "E10.65").facts == ()


def test_a_hint_is_no_fact() -> None:
    hits = TABLES.look(SYSTEMS["icd10"], "B20")
    assert hits.hints == ()
    assert TABLES.look(SYSTEMS["icd10"], "A41.9").hints == ("active_infection",)
    assert TABLES.look(SYSTEMS["icd10"], "A41.9").facts == ()


def test_of_two_values_the_longer_pattern_wins() -> None:
    assert TABLES.value("infusion_drug", [Coding(SYSTEMS["atc"], "L01BC09")]) == "floxuridine"
    assert TABLES.value("infusion_drug", [Coding(SYSTEMS["atc"], "L01BC02")]) == "other-chemotherapy"
    assert TABLES.value("infusion_drug", [Coding(SYSTEMS["atc"], "N02AA01")]) == "morphine"


def test_codes_of_two_drugs_at_once_are_no_drug() -> None:
    two = [Coding(SYSTEMS["rxnorm"], "7052"), Coding(SYSTEMS["rxnorm"], "3131")]
    assert TABLES.value("infusion_drug", two) is None


def test_a_modifier_stands_in_the_same_system_as_products() -> None:
    assert TABLES.value("purchase_or_rental", [Coding(SYSTEMS["hcpcs"], "RR")]) == "rental"


def test_facts_stand_in_the_order_of_the_vocabulary_each_once() -> None:
    codes = [Coding(SYSTEMS["icd10"], "E10.65"), Coding(SYSTEMS["snomed"], "46635009")]
    assert TABLES.facts(codes) == ("diabetes", "type_1_diabetes")


def test_a_vocabulary_is_compiled_once() -> None:
    assert compiled(VOCABULARY) is compiled(VOCABULARY)
    assert isinstance(TABLES, CodeTables)


def test_a_pregnancy_status_counts_only_with_its_value() -> None:
    assert TABLES.look(SYSTEMS["loinc"], "82810-3").valued == ("pregnancy",)
    assert TABLES.value_of_fact("pregnancy", "82810-3", [Coding(SYSTEMS["snomed"], "77386006")])
    assert not TABLES.value_of_fact("pregnancy", "82810-3", [Coding(SYSTEMS["snomed"], "60001007")])


def test_the_longest_of_several_patterns_counts_wherever_it_stands() -> None:
    for listed in (("E10.*", "E*", "E10.65"), ("E10.65", "E10.*", "E*"), ("E*", "E10.65", "E10.*")):
        assert matches({"icd10cm": listed}, "icd10cm", "E1065") == len("E1065")
        assert matches({"icd10cm": listed}, "icd10cm", "E109") == len("E10")


def test_of_some_codes_one_that_stands_for_anything_is_enough() -> None:
    known, strange = Coding(SYSTEMS["icd10"], "E10.9"), Coding(SYSTEMS["icd10"], "Z99.9")
    assert TABLES.any_known([strange, known])
    assert not TABLES.any_known([strange])
    assert not TABLES.any_known([])
