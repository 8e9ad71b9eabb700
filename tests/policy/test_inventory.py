"""Every rule of the payers' texts is accounted for exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.policy.catalog import SHIPPED, open_catalog
from priorauth.policy.inventory import MAY_BE_LEFT_OUT, Account, accounts, load, of_catalog
from tests.policy.files import SMALL, folder

CATALOG = open_catalog()
RULES = load()
ACCOUNTS = accounts(CATALOG, RULES)
HEAD = "policy,id,class,title,facts\n"


def name(account: Account) -> str:
    return f"{account.policy.id} {account.policy.version}"


@pytest.mark.parametrize("account", [pytest.param(one, id=name(one)) for one in ACCOUNTS])
def test_every_rule_of_the_payer_is_accounted_for_exactly_once(account: Account) -> None:
    assert (account.unaccounted, account.twice, account.unknown) == ((), (), ())


@pytest.mark.parametrize("account", [pytest.param(one, id=name(one)) for one in ACCOUNTS if one.newest])
def test_the_newest_version_leaves_out_nothing_but_scope_definitions_and_documents(account: Account) -> None:
    left_out = [account.rules[place.id].kind for place in account.places.values() if place.how == "not encoded"]
    assert [kind for kind in left_out if not kind.startswith(MAY_BE_LEFT_OUT)] == []


def test_the_inventory_has_the_rules_that_were_counted_in_each_text() -> None:
    counted = {text: sum(rule.text == text for rule in RULES) for text in dict.fromkeys(r.text for r in RULES)}
    assert counted == {
        "masshealth": 79, "caresource": 59, "anthem": 37, "husky": 39, "uhc-medicare-advantage": 53, "medicare": 13,
        "mississippi-medicaid": 12, "texas-medicaid": 17, "anthem/cg-dme-51": 18, "medicare/lcd-l33794": 48,
        "medicare/lcd-l33822": 20, "uhc-commercial": 14, "ohio-medicaid": 16, "anthem/cg-dme-50": 17,
    }  # fmt: skip


def test_every_policy_that_is_shipped_has_an_inventory() -> None:
    assert {account.policy.id for account in ACCOUNTS} == set(CATALOG.files)


def test_the_facts_of_the_inventory_are_in_the_vocabulary() -> None:
    assert [fact for rule in RULES for fact in rule.facts if fact not in CATALOG.vocabulary] == []


def of_small(place: Path, text: str, rows: str) -> Account:
    folder(place, text)
    (place / "inventory.csv").write_text(HEAD + rows, encoding="utf-8")
    catalog = open_catalog(place)
    (found,) = [one for one in accounts(catalog, of_catalog(catalog)) if one.policy.id == "payer-x/pumps"]
    return found


def test_a_folder_of_ones_own_may_have_an_inventory(tmp_path: Path) -> None:
    assert of_small(tmp_path, SMALL, "payer-x,1,D,HbA1c,hba1c\n").whole


def test_each_of_two_policies_of_a_payer_has_the_rules_of_its_own_text(tmp_path: Path) -> None:
    folder(tmp_path, SMALL)
    folder(
        tmp_path,
        SMALL.replace("x/pumps", "x/supplies").replace('"1"', '"2"').replace("E0784", "A9274"),
        "payer-x/supplies",
    )
    rows = "payer-x,1,D,HbA1c,hba1c\npayer-x/supplies,2,D,HbA1c,hba1c\n"
    (tmp_path / "inventory.csv").write_text(HEAD + rows, encoding="utf-8")
    catalog = open_catalog(tmp_path)
    found = [one for one in accounts(catalog, of_catalog(catalog)) if one.policy.payer == "payer-x"]
    assert [(one.policy.id, tuple(one.rules), one.whole) for one in found] == [
        ("payer-x/pumps", ("1",), True),
        ("payer-x/supplies", ("2",), True),
    ]


def test_a_rule_that_nobody_accounts_for_is_named(tmp_path: Path) -> None:
    found = of_small(tmp_path, SMALL, "payer-x,1,D,HbA1c,hba1c\npayer-x,2,D,Another,\n")
    assert (found.unaccounted, found.whole) == (("2",), False)


def test_an_id_that_is_no_rule_is_named(tmp_path: Path) -> None:
    found = of_small(tmp_path, SMALL, "payer-x,2,D,Another,\n")
    assert found.unknown == ("1",)


def test_a_rule_about_the_patient_may_not_be_left_out(tmp_path: Path) -> None:
    text = SMALL + 'not encoded:\n  - {id: "2", reason: Too hard.}\n  - {id: "3", reason: Who we are.}\n'
    rows = "payer-x,1,D,HbA1c,hba1c\npayer-x,2,D/H,Another,\npayer-x,3,S,Scope,\n"
    assert of_small(tmp_path, text, rows).wrongly_left_out == ("2",)


def test_a_rule_that_came_later_may_be_left_out_of_an_older_version(tmp_path: Path) -> None:
    old = SMALL.replace("until: open", "until: 2020-12-31") + 'not encoded:\n  - {id: "2", reason: Came in 2021.}\n'
    new = SMALL.replace("2020-01-01", "2021-01-01").replace('"1"\n', '"1"\n      also: ["2"]\n')
    folder(tmp_path, old)
    folder(tmp_path, new, first="2021-01-01")
    (tmp_path / "inventory.csv").write_text(HEAD + "payer-x,1,D,a,\npayer-x,2,D,b,\n", encoding="utf-8")
    catalog = open_catalog(tmp_path)
    found = [one for one in accounts(catalog, of_catalog(catalog)) if one.policy.payer == "payer-x"]
    assert [(one.newest, one.whole) for one in found] == [(True, True), (False, True)]


@pytest.mark.parametrize("text", ["", "a,b\n", HEAD + "x,1,D\n", HEAD + "x,1,D,a,b,c\n"])
def test_an_inventory_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "inventory.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFaults, match=r"inventory\.csv:"):
        load(path)


def test_an_inventory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="cannot be read"):
        load(tmp_path / "inventory.csv")


def test_the_shipped_inventory_belongs_to_the_shipped_policies_alone(tmp_path: Path) -> None:
    file = folder(tmp_path, SMALL.replace("payer-x", "husky"), "husky/pumps")
    ordered = "payer: husky\nname: HUSKY Health\norder: [ambulatory-infusion-pumps, pumps]\n"
    (file.parent.parent / "payer.yaml").write_text(ordered, encoding="utf-8")
    found = accounts(open_catalog(tmp_path), RULES)
    assert "husky/pumps" not in {one.policy.id for one in found}
    assert {rule.home for rule in RULES} == {SHIPPED}


def test_a_version_of_ones_own_leaves_the_shipped_versions_to_their_inventory(tmp_path: Path) -> None:
    name = "medicare/ncd-280-14"
    folder(tmp_path, SMALL.replace("payer-x/pumps", name).replace("2020-01-01", "2030-01-01"), name, "2030-01-01")
    catalog = open_catalog(tmp_path)
    found = [one for one in accounts(catalog, of_catalog(catalog)) if one.policy.id == name]
    assert [(one.policy.file, one.newest, one.whole) for one in found] == [
        (one.policy.file, one.newest, one.whole) for one in ACCOUNTS if one.policy.id == name
    ]
