"""Which of a payer's policies decides first: an order that somebody wrote, asked for where two could decide."""

from __future__ import annotations

from msgspec.structs import replace

from priorauth.policy.catalog import open_catalog
from priorauth.policy.order import misnamed, ordered, unordered
from priorauth.policy.payers import Payer
from priorauth.policy.tree import Policy
from priorauth.values import dates, strict_yaml
from priorauth.values.dates import day

HUSKY = open_catalog().versions("husky/ambulatory-infusion-pumps")


def payer(*order: str) -> Payer:
    return Payer("husky", "Husky", (), (), {}, {}, "payer.yaml", tuple(strict_yaml.text(one, 7) for one in order))


def version(first: str, last: str | None, *products: str, unlisted: str = "") -> Policy:
    span = replace(HUSKY[0].effective, first=day(first), last=None if last is None else day(last))
    return replace(HUSKY[0], effective=span, products=products, unlisted=unlisted)


def faults(one: list[Policy], other: list[Policy], *order: str) -> list[str]:
    return [str(fault) for fault in unordered(payer(*order), {"husky/a": one, "husky/b": other})]


def test_policies_go_in_the_order_of_the_payer_and_those_it_leaves_out_follow_by_the_alphabet() -> None:
    names = ("husky/a", "husky/b", "husky/c", "husky/d")
    assert ordered(names, payer("c", "b")) == ("husky/c", "husky/b", "husky/a", "husky/d")
    assert ordered(names, payer()) == ordered(names, None) == names


def test_a_policy_that_the_order_misnames_is_a_fault_with_its_line() -> None:
    assert [str(fault) for fault in misnamed(payer("pums"), ["husky/pumps"])] == [
        "payer.yaml:7: husky has no policy 'pums'; did you mean 'pumps'?"
    ]


def test_two_policies_that_list_a_product_need_both_to_stand_in_the_order() -> None:
    one, other = [version("2020-01-01", None, "E0784")], [version("2021-01-01", None, "E0784", "A4230")]
    said = "husky/a and husky/b both list E0784: expected `order:` with both, the one that decides first"
    assert faults(one, other) == [f"payer.yaml:1: {said}"]
    assert faults(one, other, "b") == [f"payer.yaml:7: {said}"]
    assert faults(one, other, "b", "a") == []


def test_two_policies_of_other_products_or_of_other_days_need_none() -> None:
    one = [version("2020-01-01", "2020-12-31", "E0784")]
    assert faults(one, [version("2020-06-01", None, "A4230")]) == []
    assert faults(one, [version("2021-01-01", None, "E0784")]) == []
    assert faults(one, [version("2020-12-31", None, "E0784")]) != []


def test_a_version_ends_where_the_next_begins() -> None:
    versions = [version("2020-01-01", None, "E0784"), version("2020-07-01", None, "A4230")]
    assert faults(versions, [version("2020-07-01", None, "E0784")]) == []
    assert faults(versions, [version("2020-06-30", dates.iso(day("2020-06-30")), "E0784")]) != []


def test_a_policy_that_takes_products_it_does_not_list_needs_an_order_beside_any_other() -> None:
    (said,) = faults([version("2020-01-01", None, "E0784")], [version("2020-01-01", None, "A4230", unlisted="asked")])
    assert "both take products that one of them does not list" in said
