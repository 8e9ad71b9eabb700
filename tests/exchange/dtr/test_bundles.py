"""A form with all that fills it in: the same bytes for everybody but for the response, and made once."""

from __future__ import annotations

from tests.exchange.dtr.test_package import Json, asked, bundles, canonical, coverage, known, of, order, walked, wanted
from tests.exchange.house import Exchange
from tests.export.filling import opened

PATH = "/fhir/Questionnaire/$questionnaire-package"


def test_the_same_call_is_answered_with_the_same_bytes(exchange: Exchange) -> None:
    body = wanted(coverage=coverage(), order=order())
    assert exchange.post(PATH, body).content == exchange.post(PATH, body).content


def test_only_the_response_differs_from_one_patient_to_another(exchange: Exchange) -> None:
    first, second = (
        bundles(asked(exchange, coverage=coverage(), order={**order(), "id": name}))[0] for name in ("a", "b")
    )
    for one, other in zip(first["entry"], second["entry"], strict=True):
        same = one["resource"]["resourceType"] != "QuestionnaireResponse"
        assert (one == other) is same


def test_every_entry_has_an_address_of_its_own(exchange: Exchange) -> None:
    (bundle, _) = bundles(asked(exchange, coverage=coverage(), order=order()))
    addresses = [one["fullUrl"] for one in bundle["entry"]]
    assert len(addresses) == len(set(addresses))
    begun = of(bundle, "QuestionnaireResponse")[0]
    assert f"urn:uuid:{begun['id']}" in addresses


def test_what_is_filled_in_stands_in_no_closed_part(exchange: Exchange) -> None:
    """A way whose questions are filled in is chosen."""
    name = canonical(exchange, "masshealth.insulin-pumps.initial-trial")
    (bundle,) = bundles(asked(exchange, coverage=coverage(), context=known(exchange), questionnaire=name))
    answers = {
        one["linkId"]: one["answer"]
        for one in walked(of(bundle, "QuestionnaireResponse")[0]["item"])
        if "answer" in one
    }
    plain = {link: [value(each) for each in listed] for link, listed in answers.items()}
    assert any(link.startswith("form.choice") for link in plain)
    assert set(plain) <= opened(of(bundle, "Questionnaire")[0]["item"], plain)


def value(answer: Json) -> object:
    """Give what conditions of a form compare: the code of a choice, else the value itself."""
    held = next(one for name, one in answer.items() if name.startswith("value"))
    return held["code"] if isinstance(held, dict) and "code" in held else held
