"""The account in words: one line a rule, and a total that adds up."""

from __future__ import annotations

import re
from pathlib import Path

from priorauth.policy.catalog import open_catalog
from priorauth.policy.inventory import accounts, load, of_catalog
from priorauth.policy.views.accounting import report, total
from tests.policy.files import SMALL, folder

RULES = load()
ACCOUNTS = accounts(open_catalog(), RULES)


def test_the_total_counts_every_rule_once_and_none_is_unaccounted() -> None:
    found = re.fullmatch(
        r"442 rules: (\d+) as id, (\d+) as also, (\d+) not encoded, 0 unaccounted", total(ACCOUNTS, RULES)
    )
    assert found
    assert sum(map(int, found.groups())) == 442


def test_every_rule_has_one_line_with_its_place_in_the_newest_version() -> None:
    lines = report(ACCOUNTS, RULES).splitlines()
    placed = [line for line in lines if re.match(r"  \S+ +\S+ +(id|also|not encoded) +\S+\.yaml:\d+", line)]
    older = sum(place.how == "not encoded" for one in ACCOUNTS if not one.newest for place in one.places.values())
    assert len(placed) == 442 + older
    assert lines[-1] == total(ACCOUNTS, RULES)


def test_the_line_of_a_place_is_the_line_of_the_criterion() -> None:
    (line,) = [one for one in report(ACCOUNTS, RULES).splitlines() if one.startswith("  II.A.T.7 ")]
    place, _, number = line.split()[-1].partition(":")
    text = (open_catalog().folders[0] / place).read_text(encoding="utf-8").splitlines()
    assert "id: II.A.T.7" in text[int(number) - 1]


def test_what_is_wrong_is_said_in_capitals(tmp_path: Path) -> None:
    folder(tmp_path, SMALL + "not encoded:\n  - {id: '3', reason: none}\n")
    (tmp_path / "inventory.csv").write_text(
        "policy,id,class,title,facts\npayer-x,2,D,a,\npayer-x,3,D,b,\n", encoding="utf-8"
    )
    catalog = open_catalog(tmp_path)
    rules = of_catalog(catalog)
    text = report(accounts(catalog, rules), rules)
    assert "  2: UNACCOUNTED" in text
    assert "  1: UNKNOWN" in text
    assert "  3: LEFT OUT" in text
    assert text.endswith("1 unaccounted\n")
