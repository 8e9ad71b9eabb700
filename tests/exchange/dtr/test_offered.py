"""Which form is for an order: by its code, the payer of its coverage, and what the plan gives out."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from priorauth.exchange.dtr import offered
from priorauth.exchange.plan import Partner, Payer, Plan
from priorauth.policy.catalog import open_catalog

CATALOG = open_catalog()
POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]
BASE = "https://plan.example/demo/2.2/fhir"
DAY = date(2026, 11, 24)


def order(code: str, system: str = "https://bluebutton.cms.gov/resources/codesystem/hcpcs") -> dict[str, Any]:
    return {"resourceType": "ServiceRequest", "code": {"coding": [{"system": system, "code": code}]}}


def payers(*payors: dict[str, Any], **more: Any) -> tuple[str, ...] | None:
    return offered.payers([{"payor": list(payors), **more}], Payer(name="Our Plan", identifiers=("urn:x|1",)), CATALOG)


@pytest.mark.parametrize(
    ("forms", "hooked", "names"),
    [
        ("adaptive", False, ["adaptive"]),
        ("static", True, ["initial-trial"]),
        ("both", True, ["adaptive"]),
        ("both", False, ["initial-trial"]),
    ],
)
def test_a_plan_says_which_kind_of_form_it_gives_out(forms: Any, hooked: Any, names: list[str]) -> None:
    found = offered.canonicals(Plan(forms=forms), POLICY, "initial-trial", BASE, hooked=hooked)
    assert found == tuple(f"{BASE}/Questionnaire/masshealth.insulin-pumps.{name}|2016-01-01-1" for name in names)


def test_a_partner_may_be_given_another_kind_than_the_plan_gives_out() -> None:
    found = offered.canonicals(Plan(forms="adaptive"), POLICY, "initial-trial", BASE, partner=Partner(forms="static"))
    assert found == (f"{BASE}/Questionnaire/masshealth.insulin-pumps.initial-trial|2016-01-01-1",)


def test_where_the_pathway_is_not_sure_all_static_forms_are_given_out() -> None:
    assert len(offered.canonicals(Plan(forms="static"), POLICY, None, BASE)) == 2


def test_a_code_is_of_hcpcs_whatever_address_its_system_has() -> None:
    assert offered.codes(order("e0784")) == ("E0784",)
    assert offered.codes(order("E0784", "http://snomed.info/sct")) == ()


def test_a_payer_is_known_by_its_identifier_its_name_or_as_the_contained_one() -> None:
    assert payers({"identifier": {"system": "urn:priorauth:payer", "value": "husky"}}) == ("husky",)
    assert payers({"display": "MassHealth"}) == ("masshealth",)
    contained = [{"resourceType": "Organization", "id": "o", "alias": ["Mass Health"]}]
    assert payers({"reference": "#o"}, contained=contained) == ("masshealth",)


def test_a_payer_that_only_a_reference_names_and_the_plan_itself_may_be_any_of_the_plans_payers() -> None:
    every = tuple(CATALOG.payers)
    assert payers({"reference": "Organization/1"}) == every
    assert payers({"display": "Our Plan"}) == every
    assert payers({"identifier": {"system": "urn:x", "value": "1"}}) == every
    assert payers() == every


def test_a_payer_of_another_name_is_none() -> None:
    assert payers({"display": "Somebody Else"}) is None


def test_the_policy_of_an_order_is_in_force_and_lists_its_product() -> None:
    assert [one.id for one in offered.policies(order("E0784"), ("masshealth",), CATALOG, DAY)] == [POLICY.id]
    assert offered.policies(order("E0424"), ("masshealth",), CATALOG, DAY) == ()
    assert offered.policies(order("E0784"), ("masshealth",), CATALOG, date(2010, 1, 1)) == ()


def test_of_two_policies_of_a_payer_the_one_that_decides_gives_the_form() -> None:
    assert [one.id for one in offered.policies(order("E0784"), ("anthem",), CATALOG, DAY)] == ["anthem/cg-dme-01"]


def test_a_product_that_leaves_one_pathway_open_says_which() -> None:
    policy = CATALOG.versions("uhc-medicare-advantage/infusion-pump-therapy")[-1]
    assert offered.pathway(policy, order("E0784")) == "external-pump"
    assert offered.pathway(policy, order("E0783")) == "implantable-pump"
    assert offered.pathway(POLICY, order("E0784")) is None


def test_references_are_the_same_by_type_and_id_whatever_server_they_name() -> None:
    assert offered.same({"reference": "https://ehr.example/DeviceRequest/1"}, {"reference": "DeviceRequest/1"})
    assert not offered.same({"reference": "DeviceRequest/1"}, {"reference": "DeviceRequest/2"})
    assert not offered.same(None, None)


def test_a_plan_of_settings_is_read_strictly() -> None:
    assert msgspec.convert({"forms": "static"}, Plan).forms == "static"
