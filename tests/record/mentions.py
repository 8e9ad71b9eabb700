"""What is put into an approved case: something that speaks against the approval and cannot be read cleanly.

Each is held against a plain statement of the same. Only where that one takes the approval away does the policy look at
the fact, and then the unreadable one has to take it away too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from priorauth.policy.catalog import open_catalog
from tests.record.damage import ICD10, LOCAL, RXNORM, SNOMED, UNKNOWN_MODIFIER, concept, ref, times
from tests.record.damages_of_forms import answers, at, silent
from tests.record.damages_of_requests import certified
from tests.record.damages_of_results import HBA1C, METER, MOVED, WRITTEN
from tests.record.mention import YES, Mention, Put, before, condition, device, form, item
from tests.record.mentions_of_conditions import CONDITIONS
from tests.record.worked import Json, Worked, copied, name, worked

FACTORS: Final = (0.45, 0.65, 1.6, 2.5)


# ---- forms that cannot be read, whatever they say

UNREAD_FORMS: Final[dict[str, Callable[[Worked], Json]]] = {
    "in progress": lambda _w: {"status": "in-progress"},
    "stopped": lambda _w: {"status": "stopped"},
    "of no status": lambda _w: {"status": None},
    "of an unknown status": lambda _w: {"status": "Completed"},
    "with an unknown modifierExtension": lambda _w: {"modifierExtension": UNKNOWN_MODIFIER},
}
UNREAD_YES: Final[dict[str, Json]] = {
    "valueString": {"valueString": "yes"}, "valueInteger": {"valueInteger": 1}, "valueDecimal": {"valueDecimal": 1},
    "valueCoding": {"valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "Y"}},
}  # fmt: skip


def _stated(fact: str) -> Callable[[Worked], Iterator[tuple[str, Put, Any]]]:
    """Say plainly that a fact is so."""

    def plain(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
        yield fact, Put([form(worked, item(fact, YES))]), None

    return plain


def _of_statements() -> Iterator[Mention]:
    facts = open_catalog().vocabulary.facts
    for fact in sorted(silent()):
        if facts[fact].kind == "judgment" or not any(fact in one.assumed for one in worked()):
            continue  # judged, or denied by silence only in hand-offs, which no approval lists
        row, plain = f"silence: {fact}", _stated(fact)
        link = fact if facts[fact].kind == "attestation" else f"{fact}.value"
        for what, more in UNREAD_FORMS.items():
            yield Mention(row, f"a form {what}", plain, _form(link, YES, more), fact)
        for what, answer in UNREAD_YES.items():
            yield Mention(row, f"answered with {what}", plain, _form(link, answer), fact)
        supplier: Callable[[Worked], Json] = lambda w: {"author": w.claim["provider"]}  # noqa: E731
        yield Mention(row, "the supplier says so", plain, _form(link, YES, supplier), fact)


def _form(link: str, answer: Json, more: Callable[[Worked], Json] = lambda _w: {}) -> Callable[[Worked, Any], Put]:
    return lambda worked, _seed: Put([form(worked, item(link, answer), **more(worked))])


# ---- judgments that silence denies


def _judgments(worked: Worked, *items: Json, **more: Any) -> Json:
    """Give the case's file of judgments with more in it, or one of its own."""
    made = copied(worked.case.judgments) if worked.case.judgments else {
        "resourceType": "QuestionnaireResponse", "id": "put-in", "status": "completed", "authored": worked.day,
        "author": {"display": "Dr. Helen Marsh, medical director"}, "basedOn": [ref(name(worked.claim))], "item": [],
    }  # fmt: skip
    made["item"] = [*made["item"], *items]
    return {**made, **more}


def _judged(fact: str) -> Callable[[Worked], Iterator[tuple[str, Put, Any]]]:
    def plain(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
        items = (worked.case.judgments or {}).get("item", ())
        if all(one["linkId"] != fact for one in items):
            yield f"judged {fact}", Put(judgments=_judgments(worked, item(fact, YES))), None

    return plain


def _judged_by(fact: str, answer: Json, **more: Any) -> Callable[[Worked, Any], Put]:
    return lambda worked, _seed: Put(judgments=_judgments(worked, item(fact, answer), **more))


def _of_judged() -> Iterator[Mention]:
    facts = open_catalog().vocabulary.facts
    for fact in sorted(silent()):
        if facts[fact].kind != "judgment":
            continue
        row, plain = f"silence: {fact}", _judged(fact)
        for what, answer in UNREAD_YES.items():
            yield Mention(row, f"judged with {what}", plain, _judged_by(fact, answer))
        modified = _judged_by(fact, YES, modifierExtension=UNKNOWN_MODIFIER)
        yield Mention(row, "judged in a form with a modifierExtension", plain, modified)
        yield Mention("silence: a judgment answered in the case", fact, plain, _form(fact, YES))


# ---- a newer result that cannot be read


def _newest(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
    """Give each deciding result again, newer and otherwise."""
    seen: set[str] = set()
    for one in worked.resources:
        code = (
            one.get("code", {}).get("coding", [{}])[0].get("code", "") if one["resourceType"] == "Observation" else ""
        )
        deciding = name(one) in worked.evidence and "valueQuantity" in one and "effectiveDateTime" in one
        if not deciding or METER(one) or code in seen or one["effectiveDateTime"][:10] >= worked.day:
            continue
        seen.add(code)
        for factor in FACTORS:
            made = times(copied(one), factor)
            made.update(id="newest", effectiveDateTime=f"{worked.day}T00:30:00-05:00")
            made.pop("issued", None)
            yield f"{code} x {factor}", Put([made]), made


def _of_newest() -> Iterator[Mention]:
    def line(what: str, change: Callable[[Json], Json | None]) -> Mention:
        def unclear(_worked: Worked, made: Json) -> Put | None:
            found = change(copied(made))
            return None if found is None else Put([found])

        return Mention("a newer result", what, _newest, unclear)

    for what, moved in {**WRITTEN, **MOVED}.items():
        yield line(what, lambda made, moved=moved: moved(made, made.pop("valueQuantity")))  # type: ignore[misc]
    for status in ("unknown", "preliminary", "Final", "gibberish", ""):
        yield line(f"status {status!r}", lambda made, status=status: {**made, "status": status})  # type: ignore[misc]
    yield line("no status", lambda made: {key: value for key, value in made.items() if key != "status"})
    yield line("modifierExtension", lambda made: {**made, "modifierExtension": UNKNOWN_MODIFIER})
    for what, parts in (("unknown", {"unit": "furlong", "code": "furlong"}), ("missing", {})):
        yield line(
            f"unit {what}",
            lambda made, parts=parts: {**made, "valueQuantity": {"value": made["valueQuantity"]["value"], **parts}},  # type: ignore[misc]
        )
    yield line("a sentinel", lambda made: {**made, "valueQuantity": {**made["valueQuantity"], "value": -1}})
    yield line(
        "a comparator of nobody", lambda made: {**made, "valueQuantity": {**made["valueQuantity"], "comparator": "~"}}
    )
    yield line("undated", lambda made: {key: value for key, value in made.items() if key != "effectiveDateTime"})
    for what, code in (
        ("in words", {"text": "Hemoglobin A1c"}),
        ("of the laboratory", concept(LOCAL, "GHB", "Hemoglobin A1c/Hemoglobin.total in Blood")),
        ("of SNOMED CT", concept(SNOMED, "43396009", "Hemoglobin A1c measurement")),
    ):
        yield line(f"HbA1c {what}", lambda made, code=code: {**made, "code": code} if HBA1C(made) else None)  # type: ignore[misc]


# ---- a newer statement that cannot be read


ONLY_RESERVED: Final = {"benefit_covers_item"}
"""Facts that only a reserved rule reads: one that is unknown does not hold up an approval (docs/clarifications.md)."""


def _newer(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
    """Give each answer that is yes, no or one of a list once more, newer and otherwise."""
    facts = open_catalog().vocabulary.facts
    forms = {name(one) for one in worked.resources if one["resourceType"] == "QuestionnaireResponse"}
    for one in worked.resources:
        if one["resourceType"] != "QuestionnaireResponse" or one["status"] != "completed":
            continue
        for path, answer in answers(one["item"]):
            link = at(one, path[:-2])["linkId"]
            fact = facts.get(link)
            on_record = any(link in listed for reference, listed in worked.spoken.items() if reference not in forms)
            if fact is None or on_record or one["authored"] >= worked.case.bundle.get("timestamp", ""):
                continue
            if link in ONLY_RESERVED:
                continue
            if "valueBoolean" in answer:
                contrary = item(link, {"valueBoolean": not answer["valueBoolean"]})
                yield f"not {link}", Put([form(worked, contrary)]), contrary
            elif "valueCoding" in answer and link != "request_kind":
                for value in fact.values:
                    if value != answer["valueCoding"].get("code"):
                        contrary = item(link, {"valueCoding": {"code": value}})
                        yield f"{link} {value}", Put([form(worked, contrary)]), contrary


def _of_newer() -> Iterator[Mention]:
    row = "a newer statement"
    for what, more in UNREAD_FORMS.items():
        unclear = lambda worked, contrary, more=more: Put([form(worked, contrary, **more(worked))])  # noqa: E731
        yield Mention(row, f"a form {what}", _newer, unclear)
    for what, answer in {"valueString": {"valueString": "no longer"}, "valueInteger": {"valueInteger": 0}}.items():
        unclear = lambda worked, contrary, answer=answer: Put([form(worked, item(contrary["linkId"], answer))])  # noqa: E731
        yield Mention(row, f"answered with {what}", _newer, unclear)


# ---- the kind of request

PUMP: Final = "69805005"


def unanswered(worked: Worked) -> dict[str, Json]:
    """Give the forms without the answer that says the kind of request."""
    return {
        name(one): {**one, "item": [each for each in one["item"] if each["linkId"] != "request_kind"]}
        for one in worked.resources
        if one["resourceType"] == "QuestionnaireResponse"
    }


def _other_kind(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
    """Say plainly that the request is of another kind, where its certification says that it is new or renewed."""
    if "request_kind" in worked.answered:
        for kind in ("continued", "initial", "replacement", "upgrade"):
            stated = item("request_kind", {"valueCoding": {"code": kind}})
            forms = unanswered(worked)
            first = next(iter(forms))
            forms[first] = {**forms[first], "item": [*forms[first]["item"], stated]}
            yield f"kind {kind}", Put(others=forms), kind


def _of_kinds() -> Iterator[Mention]:
    row = "kind of request"

    def coded(code: str, kinds: tuple[str, ...]) -> Callable[[Worked, Any], Put | None]:
        def unclear(worked: Worked, kind: str) -> Put | None:
            if kind not in kinds:
                return None
            claim = certified(copied(worked.claim), worked.items, code)
            return Put(others={**unanswered(worked), name(claim): claim})

        return unclear

    for code in ("4", "R"):
        yield Mention(row, f"certification {code}", _other_kind, coded(code, ("continued",)))
    yield Mention(row, "certification X", _other_kind, coded("X", ("continued", "replacement", "upgrade")))
    for what, make in {
        "a pump as a device, in words": lambda w: device(w, type={"text": "insulin pump"}),
        "a pump as a device by its name": lambda w: device(
            w, deviceName=[{"name": "insulin pump", "type": "model-name"}]
        ),
        "a pump of an unknown status": lambda w: device(
            w, type=concept(SNOMED, PUMP, "Insulin pump"), status="unknown"
        ),
        "Z96.41": lambda w: condition(w, concept(ICD10, "Z96.41", "Presence of insulin pump")),
        "a pump in situ, in words": lambda w: condition(w, {"text": "Insulin pump in situ"}),
        "a form in progress names a pump": lambda w: form(w, item("insulin_pump_use.value", YES), status="in-progress"),
        "the end of a warranty": lambda w: form(w, item("warranty_ends_on", {"valueDate": before(w, -90)})),
    }.items():
        yield Mention(row, what, _other_kind, _hinted(make))


INSULIN_PUMPS: Final = ("E0784", "E0787", "A9274", "S1034")


def _hinted(make: Callable[[Worked], Json]) -> Callable[[Worked, Any], Put | None]:
    """Leave the kind to the certification I, beside something that speaks of a pump in use."""

    def unclear(worked: Worked, kind: str) -> Put | None:
        products = {each["code"] for one in worked.claim["item"] for each in one["productOrService"]["coding"]}
        if kind != "replacement" or products.isdisjoint(INSULIN_PUMPS):
            return None
        claim = certified(copied(worked.claim), worked.items, "I")
        return Put([make(worked)], {**unanswered(worked), name(claim): claim})

    return unclear


# ---- an allergy, another insurance

DRUGS: Final = {"baclofen": "1292", "morphine": "7052", "floxuridine": "4488", "hydromorphone": "3423"}


def allergy(worked: Worked, code: Json, **more: Any) -> Json:
    status = {"coding": [{"code": "active"}]}
    return {
        "resourceType": "AllergyIntolerance", "id": "put-in", "clinicalStatus": status, "code": code,
        "verificationStatus": {"coding": [{"code": "confirmed"}]}, "patient": ref(name(worked.patient)), **more,
    }  # fmt: skip


def _allergies(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
    for words, code in DRUGS.items() if "allergy_to_infusion_drug" not in worked.answered else ():
        yield f"allergy to {words}", Put([allergy(worked, concept(RXNORM, code, words))]), (words, code)


def _of_allergies() -> Iterator[Mention]:
    def line(what: str, code: Callable[[str, str], Json], **more: Any) -> Mention:
        return Mention("an allergy", what, _allergies, lambda worked, drug: Put([allergy(worked, code(*drug), **more)]))

    def plain(words: str, code: str) -> Json:
        return concept(RXNORM, code, words)

    yield line("in words", lambda words, _code: {"text": words})
    yield line("of another system", lambda words, _code: concept(LOCAL, "ALL-3", words))
    for code in ("unconfirmed", "Confirmed", "Refuted", "gibberish"):
        yield line(f"verification {code}", plain, verificationStatus={"coding": [{"code": code}]})
    yield line("clinical gibberish", plain, clinicalStatus={"coding": [{"code": "gibberish"}]})
    yield line("modifierExtension", plain, modifierExtension=UNKNOWN_MODIFIER)


MENTIONS: Final[tuple[Mention, ...]] = (
    *_of_statements(), *_of_judged(), *CONDITIONS, *_of_newest(), *_of_newer(), *_of_kinds(),
    *_of_allergies(),
)  # fmt: skip
