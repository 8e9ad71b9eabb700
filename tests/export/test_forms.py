"""Which forms there are, and how they are named and found."""

from __future__ import annotations

from msgspec.structs import replace

from priorauth.export.forms import Form, every, named, of_policy, possible
from tests.export.filling import CATALOG

POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]


def test_a_form_is_named_by_policy_and_pathway_and_its_version_by_day_and_encoding() -> None:
    trial, continued = of_policy(POLICY)
    assert (trial.name, trial.version) == ("masshealth.insulin-pumps.initial-trial", "2016-01-01-1")
    assert continued.title.endswith(": Continued use after the trial")
    assert Form(POLICY).name == "masshealth.insulin-pumps.adaptive"


def test_a_name_and_version_find_a_form_and_no_version_finds_the_newest() -> None:
    for form in every(CATALOG):
        found = named(CATALOG, form.name, form.version)
        assert found is not None
        assert (found.name, found.version) == (form.name, form.version)
    newest = named(CATALOG, "anthem.cg-dme-01.initial")
    assert newest is not None
    assert newest.version == "2015-07-07-1"
    assert named(CATALOG, "anthem.cg-dme-01.no-such") is None
    assert named(CATALOG, "anthem.cg-dme-01.initial", "1999-01-01-1") is None


def test_an_id_that_would_be_too_long_is_cut_and_kept_apart() -> None:
    ids = {Form(replace(POLICY, id=f"payer/{'p' * 70}{end}")).id for end in "ab"}
    assert len(ids) == 2
    assert all(len(one) == 64 for one in ids)


def test_a_pathways_condition_says_which_values_are_possible() -> None:
    external, _ = CATALOG.versions("uhc-medicare-advantage/infusion-pump-therapy")[-1].pathways
    found = possible(external)
    assert found["request_kind"] == {"initial", "continued"}
    assert "E0784" in found["product_code"]
    assert possible(None) == {}
