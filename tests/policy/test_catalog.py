"""The catalog: which policies there are, which version is in force, and folders laid over the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.engines.python.tree import evaluate
from priorauth.errors import PolicyFaults
from priorauth.policy.catalog import (
    MAX_IMPORTS,
    SHIPPED,
    Catalog,
    gather,
    lay,
    open_catalog,
    payer_faults,
    prefix,
    reading_of,
)
from priorauth.policy.load import MAX_CRITERIA
from priorauth.policy.tree import walk
from priorauth.values import dates
from priorauth.values.truth import MET
from tests.asking import view
from tests.policy.files import SMALL, folder, require

HUSKY = "husky/ambulatory-infusion-pumps"


def on(day: str) -> dict[str, int]:
    return dict.fromkeys(("request", "service", "receipt"), dates.day(day))


def in_force(day: str) -> str | None:
    found = open_catalog().in_force(HUSKY, on(day))
    return found.version if found else None


def test_the_version_in_force_changes_on_the_first_day_of_the_next() -> None:
    assert in_force("2024-12-26") == "December 2023"
    assert in_force("2024-12-27") == "December 2024"


def test_before_the_first_version_none_is_in_force() -> None:
    assert in_force("2024-01-31") is None


def test_a_payer_is_known_by_its_id_or_by_any_name_whatever_the_case() -> None:
    catalog = open_catalog()
    for identifier, names in (("husky", ()), (None, ("husky HEALTH",)), (None, ("nobody", "HUSKY Health"))):
        payer = catalog.payer_of(identifier, names)
        assert payer is not None
        assert payer.id == "husky"
    assert catalog.payer_of(None, ("nobody",)) is None


def test_a_folder_of_ones_own_adds_a_payer_and_leaves_the_shipped_ones(tmp_path: Path) -> None:
    file = folder(tmp_path)
    catalog = open_catalog(tmp_path)
    assert catalog.of_payer("payer-x") == ("payer-x/pumps",)
    assert catalog.load(file).id == "payer-x/pumps"
    assert set(open_catalog().files) < set(catalog.files)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="expected a folder of policies"):
        open_catalog(tmp_path / "none")


def test_a_file_that_is_not_named_by_a_day_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, first="draft")
    with pytest.raises(PolicyFaults, match="named by the first day"):
        open_catalog(tmp_path)


def test_a_policy_whose_id_or_day_is_not_that_of_its_place_is_refused(tmp_path: Path) -> None:
    file = folder(tmp_path, first="2021-01-01", policy="payer-x/other")
    with pytest.raises(PolicyFaults) as refused:
        open_catalog(tmp_path).load(file)
    assert "expected `policy: payer-x/other`" in str(refused.value.faults[0])
    assert "expected a first day of 2021-01-01" in str(refused.value.faults[1])


def test_a_reading_that_no_policy_has_is_refused_and_one_that_a_policy_has_is_set() -> None:
    with pytest.raises(PolicyFaults, match="no policy has a reading named 'x'"):
        open_catalog().with_readings({"x": "1"})
    changed = open_catalog().with_readings({"hba1c_age": "6 months"}).versions("masshealth/insulin-pumps")[-1]
    assert changed.readings is not None
    assert changed.readings["hba1c_age"].text == "6 months"


def test_a_reading_is_set_in_one_policy_alone_where_the_policy_is_named() -> None:
    wanted = reading_of("masshealth/insulin-pumps", "cgm_days_worn")
    changed = open_catalog().with_readings({"cgm_days_worn": "60 %", wanted: "80 %"})
    found = {name: (changed.versions(name)[-1].readings or {}).get("cgm_days_worn") for name in changed.files}
    values = {name: one.text for name, one in found.items() if one}
    assert values.pop("masshealth/insulin-pumps") == "80 %"
    assert set(values.values()) == {"60 %"}
    for unknown in ("masshealth/insulin-pumps:x", "x/y:cgm_days_worn"):
        with pytest.raises(PolicyFaults, match=f"no policy has a reading named '{unknown}'"):
            open_catalog().with_readings({unknown: "80 %"})


def test_a_policy_held_to_one_version_is_in_force_by_it_on_every_day() -> None:
    name = "caresource/insulin-infusion-pump"
    catalog = open_catalog()
    held = catalog.held_to(name, catalog.files[name][0][1])
    day = {"request": 739_999, "service": 739_999, "receipt": 739_999}
    plain, old = catalog.in_force(name, day), held.in_force(name, day)
    assert plain is not None
    assert old is not None
    assert (plain.file[-15:], old.file[-15:]) == ("2026-05-01.yaml", "2025-02-26.yaml")
    assert held != catalog
    assert catalog == open_catalog()


def test_an_imported_criterion_stands_under_the_first_word_of_its_policy() -> None:
    assert prefix("medicare/ncd-280-14") == "NCD."
    policy = open_catalog().versions("uhc-medicare-advantage/infusion-pump-therapy")[-1]
    ids = {node.id for pathway in policy.pathways for node in walk(pathway.require)}
    assert {"NCD.C.1", "NCD.A.2"} <= ids


# ---- strangers


def importing(place: Path, name: str, others: list[str]) -> Path:
    parts = "\n".join(f"  - import: payer-x/{other}" for other in others) or "  - diabetes"
    text = require(f"all:\n{parts}").replace("payer-x/pumps", f"payer-x/{name}")
    return folder(place, text, f"payer-x/{name}")


def test_two_policies_that_import_each_other_are_refused(tmp_path: Path) -> None:
    importing(tmp_path, "a", ["b"])
    file = importing(tmp_path, "b", ["a"])
    with pytest.raises(PolicyFaults, match="an import cannot go in a circle"):
        open_catalog(tmp_path).load(file)


def test_a_policy_that_imports_itself_is_refused(tmp_path: Path) -> None:
    file = importing(tmp_path, "a", ["a"])
    with pytest.raises(PolicyFaults, match="an import cannot go in a circle"):
        open_catalog(tmp_path).load(file)


def test_imports_one_below_another_have_a_limit(tmp_path: Path) -> None:
    for number in range(MAX_IMPORTS + 2):
        last = importing(tmp_path, f"p{number}", [f"p{number - 1}"] if number else [])
    catalog = lay(tmp_path)
    assert catalog.versions(f"payer-x/p{MAX_IMPORTS}")
    with pytest.raises(PolicyFaults, match=f"at most {MAX_IMPORTS} imports one below another"):
        catalog.load(last)
    with pytest.raises(PolicyFaults, match=f"at most {MAX_IMPORTS} imports one below another"):
        open_catalog(tmp_path)


def test_imports_that_multiply_are_refused_by_the_number_of_criteria(tmp_path: Path) -> None:
    importing(tmp_path, "p0", [])
    for number in range(1, MAX_IMPORTS + 1):
        last = importing(tmp_path, f"p{number}", [f"p{number - 1}"] * 10)
    with pytest.raises(PolicyFaults, match=f"at most {MAX_CRITERIA} criteria, imported ones included"):
        open_catalog(tmp_path).load(last)


# ---- vocabulary of one's own


def test_a_folder_may_bring_facts_and_further_values_of_its_own(tmp_path: Path) -> None:
    text = SMALL.replace("[E0784]", "[E0784, E2104]").replace("latest hba1c within 12 months > 7.0 %", "wears_it")
    file = folder(tmp_path, text)
    (tmp_path / "vocabulary.yaml").write_text(
        "more values:\n  product_code: [E2104]\nfacts:\n  wears_it: {kind: attestation, ask: Is it worn?}\n",
        encoding="utf-8",
    )
    assert open_catalog(tmp_path).load(file).products == ("E0784", "E2104")
    assert "E2104" not in open_catalog().vocabulary["product_code"].values


def test_a_value_that_was_once_a_folder_s_own_may_still_come_from_one(tmp_path: Path) -> None:
    folder(tmp_path, SMALL.replace("latest hba1c within 12 months > 7.0 %", "wears_it"))
    file = tmp_path / "vocabulary.yaml"
    own = "facts:\n  wears_it: {kind: attestation, ask: Is it worn?}\n"
    file.write_text(f"more values:\n  product_code: [E2103]\n{own}", encoding="utf-8")
    shipped = open_catalog().vocabulary["product_code"].values
    assert open_catalog(tmp_path).vocabulary["product_code"].values == shipped
    assert "E2103" in shipped


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("facts:\n  hba1c: {kind: event, ask: When?}\n", "the fact hba1c is in the shipped vocabulary"),
        ("more values:\n  hba1c: [x]\n", "hba1c is no attribute with listed values"),
        ("more values:\n  nothing: [x]\n", "nothing is no attribute with listed values"),
        ("more values:\n  birth_date: [x]\n", "birth_date is no attribute with listed values"),
        ("more values:\n  product_code: [E0784]\n", "product_code has the value 'E0784' already"),
        ("more values:\n  product_code: ['E 1']\n", ":2: expected a value of letters and digits"),
        ("more values: [x]\n", "expected attributes with lists of values"),
        ("other: x\n", "expected `facts:`"),
    ],
)
def test_a_vocabulary_of_ones_own_never_changes_what_is_shipped(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "vocabulary.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFaults, match=said):
        open_catalog(tmp_path)


def test_every_shipped_payer_has_its_name_in_its_folder() -> None:
    for path in SHIPPED.glob("*/payer.yaml"):
        assert open_catalog().payers[path.parent.name].name


# ---- folders laid over the shipped one


def test_a_folder_with_one_policy_at_fault_is_refused_whatever_is_asked(tmp_path: Path) -> None:
    folder(tmp_path)
    folder(tmp_path, SMALL.replace("payer-x/pumps", "payer-x/other").replace("hba1c", "nothing"), "payer-x/other")
    assert lay(tmp_path).versions("payer-x/pumps")
    with pytest.raises(PolicyFaults, match=r"other/2020-01-01\.yaml:16: no fact is named 'nothing'"):
        open_catalog(tmp_path)


NCD = "medicare/ncd-280-14"


def of_medicare(place: Path, first: str) -> Path:
    """Write a version of a shipped policy into a folder of one's own, which says nothing of the payer."""
    file = folder(place, SMALL.replace("payer-x/pumps", NCD).replace("2020-01-01", first), NCD, first)
    (place / "medicare" / "payer.yaml").unlink()
    return file


def test_a_version_of_ones_own_stands_beside_the_shipped_ones_of_its_policy_and_is_said(tmp_path: Path) -> None:
    file = of_medicare(tmp_path, "2030-01-01")
    catalog = open_catalog(tmp_path)
    shipped = open_catalog().files[NCD]
    assert catalog.files[NCD] == (*shipped, (dates.day("2030-01-01"), file))
    said = [f"policy {NCD} is taken from the shipped folder and {tmp_path}"]
    for day, version in (("2029-12-31", shipped[-1][1]), ("2030-01-01", file)):
        found = catalog.in_force(NCD, on(day))
        assert found is not None
        assert found.file == str(version)
        assert list(catalog.merged(found)) == said
    importing_it = catalog.versions("uhc-medicare-advantage/infusion-pump-therapy")[-1]
    assert list(catalog.merged(importing_it)) == said
    assert not list(catalog.merged(catalog.versions("masshealth/insulin-pumps")[0]))
    assert catalog.payers["medicare"] == open_catalog().payers["medicare"]


def test_a_version_of_ones_own_that_begins_on_the_day_of_a_shipped_one_is_refused(tmp_path: Path) -> None:
    file = of_medicare(tmp_path, "2004-12-17")
    with pytest.raises(PolicyFaults) as refused:
        open_catalog(tmp_path)
    (fault,) = refused.value.faults
    assert str(fault).startswith(f"{file}:1: {NCD} has a version of 2004-12-17 already, ")
    assert str(fault).endswith("medicare/ncd-280-14/2004-12-17.yaml; expected another first day")


def test_a_payer_whose_policies_stand_in_two_folders_is_said(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    folder(one)
    folder(two, SMALL.replace("2020-01-01", "2021-01-01"), first="2021-01-01")
    catalog = open_catalog(one, two, one)
    assert catalog.folders[1:] == (one, two)
    assert list(catalog.merged(catalog.versions("payer-x/pumps")[0])) == [
        f"policy payer-x/pumps is taken from {one} and {two}",
        f"payer payer-x is taken from {one} and {two}",
    ]


# ---- faults of all files at once


def test_the_faults_of_every_file_of_a_folder_are_said_at_once(tmp_path: Path) -> None:
    folder(tmp_path, SMALL.replace("hba1c", "nothing"))
    folder(tmp_path, SMALL.replace("payer-x/pumps", "payer-y/pumps").replace("hba1c", "mine"), "payer-y/pumps")
    (tmp_path / "payer-y" / "payer.yaml").write_text("payer: payer-x\n", encoding="utf-8")
    (tmp_path / "vocabulary.yaml").write_text("facts:\n  mine: {kind: event}\n", encoding="utf-8")
    (tmp_path / "units.yaml").write_text("analyte: {}\n", encoding="utf-8")
    with pytest.raises(PolicyFaults) as refused:
        open_catalog(tmp_path)
    assert [str(fault).removeprefix(f"{tmp_path}/").partition("\n")[0] for fault in refused.value.faults] == [
        "vocabulary.yaml:2: mine: expected the question, `ask:`",
        "units.yaml:1: expected `analytes:`",
        "payer-y/payer.yaml:1: expected `payer: payer-y`, as the folder says, found payer-x",
        "payer-y/payer.yaml:1: expected `name:` with a line of at most 200 characters",
        "payer-x/pumps/2020-01-01.yaml:16: no fact is named 'nothing'",
    ]


# ---- which of two policies of a payer decides


def two(place: Path, order: str = "", product: str = "E0784") -> None:
    other = SMALL.replace("payer-x/pumps", "payer-x/monitors").replace("E0784", product)
    folder(place, other, "payer-x/monitors")
    file = folder(place)
    (file.parent.parent / "payer.yaml").write_text(f"payer: payer-x\nname: Payer X\n{order}", encoding="utf-8")


def test_two_policies_of_a_payer_for_one_product_need_an_order_that_somebody_wrote(tmp_path: Path) -> None:
    two(tmp_path)
    with pytest.raises(PolicyFaults) as refused:
        open_catalog(tmp_path)
    (fault,) = refused.value.faults
    assert (fault.file, fault.place) == (f"{tmp_path}/payer-x/payer.yaml", "line 1")
    assert fault.message.startswith("payer-x/monitors and payer-x/pumps both list E0784: expected `order:` with both")


@pytest.mark.parametrize("first", ["pumps", "monitors"])
def test_the_order_of_a_payer_is_that_in_which_its_policies_are_asked(tmp_path: Path, first: str) -> None:
    second = {"pumps": "monitors", "monitors": "pumps"}[first]
    two(tmp_path, f"order: [{first}, {second}]\n")
    assert open_catalog(tmp_path).of_payer("payer-x") == (f"payer-x/{first}", f"payer-x/{second}")


def test_the_order_of_the_shipped_policies_is_written_where_one_is_needed() -> None:
    catalog, found = gather()
    assert list(payer_faults(catalog, found, shipped=True)) == []


# ---- what holds under every policy

SERVED = "{service_on: 2026-12-15"
COMMON = {criterion.id: criterion for criterion in open_catalog().common}


@pytest.mark.parametrize(
    ("criterion", "given", "holds"),
    [
        ("common.quantity", "{product_code: E0784, quantity_requested: '1'}", False),
        ("common.quantity", "{product_code: E0784, quantity_requested: '2'}", True),
        ("common.quantity", "{product_code: A9274, quantity_requested: '2'}", False),  # pods, not pumps
        ("common.quantity", "{product_code: E0787, quantity_requested: '2'}", True),
        (
            "common.coverage",
            "{service_on: 2026-12-15, coverage_in_force: [{from: 2026-01-01, until: 2026-12-01}]}",
            True,
        ),
        (
            "common.coverage",
            "{service_on: 2026-12-15, coverage_in_force: [{from: 2026-01-01, until: 2026-12-15}]}",
            False,
        ),
        ("common.coverage", "{service_on: 2026-12-15, coverage_in_force: [{from: 2026-12-01}]}", False),
        ("common.decided", "already_decided: yes", True),
        ("common.anew", "review_asked_anew: yes", True),
        ("common.unread", "unreadable_resource: yes", True),
        ("common.died", "died_before_service: yes", True),
        ("common.decided", "{}", False),
        ("common.anew", "{}", False),
        ("common.unread", "{}", False),
        ("common.died", "{}", False),
    ],
)
def test_under_every_policy_a_person_decides_where(criterion: str, given: str, holds: bool) -> None:  # noqa: FBT001  # drawn
    assert (evaluate(COMMON[criterion], view(given)).truth == MET) is holds


def test_what_holds_under_every_policy_is_this() -> None:
    assert sorted(str(one) for one in COMMON) == [
        "common.anew", "common.coverage", "common.decided", "common.died", "common.quantity", "common.unread",
    ]  # fmt: skip


# ---- what moves the hash of a policy, and whose reading counts


def test_the_hash_of_a_policy_moves_with_the_policy_that_it_imports(tmp_path: Path) -> None:
    seen = []
    for number, limit in enumerate(("7.0", "7.0", "7.5")):
        place = tmp_path / str(number)
        inner = SMALL.replace("payer-x/pumps", "payer-x/inner").replace("7.0 %", f"{limit} %")
        folder(place, inner, "payer-x/inner")
        outer = importing(place, "outer", ["inner"])
        (place / "payer-x" / "payer.yaml").write_text("payer: payer-x\nname: X\norder: [outer, inner]\n", "utf-8")
        seen.append((open_catalog(place).load(outer).sha256, outer.read_bytes()))
    assert seen[0] == seen[1]
    assert seen[0][1] == seen[2][1]
    assert seen[0][0] != seen[2][0]


READ = (
    SMALL.replace("within 12 months", "within look_back")
    + """readings:
  look_back: {value: 12 months, allowed: 1 months..36 months, why: The text gives none., who: payer}
"""
)


def test_a_reading_given_comes_before_that_of_the_plan_that_of_the_payer_and_that_of_the_text(tmp_path: Path) -> None:
    file = folder(tmp_path, READ)
    payer = file.parent.parent / "payer.yaml"
    payer.write_text(
        "payer: payer-x\nname: Payer X\nreadings: {look_back: 6 months}\nplans: {gold: {look_back: 3 months}}\n",
        encoding="utf-8",
    )

    def read(catalog: Catalog, plan: str | None = None) -> str:
        found = catalog.load(file, plan).readings
        assert found is not None
        return str(found["look_back"].text)

    catalog = open_catalog(tmp_path)
    given = catalog.with_readings({"look_back": "24 months"})
    assert [read(catalog), read(catalog, "gold"), read(catalog, "silver")] == ["6 months", "3 months", "6 months"]
    assert [read(given), read(given, "gold")] == ["24 months", "24 months"]
