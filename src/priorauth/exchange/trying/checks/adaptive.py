"""DTR: an adaptive form, from its first question to its end."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any, Final

from priorauth.exchange.trying.checks.forms import items
from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.session import NotApplicable, Session
from priorauth.exchange.trying.shapes import DTR, Json, extensions, held, objects, resources, text, texts

_ADAPTIVE: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive"
_UNIT: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire"
_ROUNDS: Final = 60


def _begun(s: Session) -> tuple[Json, Json]:
    """Return the adaptive form of the package, and the response that begins it."""
    for bundle in (*s.packaged, *s.in_context):
        for form in resources(bundle, "Questionnaire"):
            adaptive = any("adapt" in one for one in texts(form, "meta", "profile")) or extensions(form, _ADAPTIVE)
            if adaptive:
                drafts = resources(bundle, "QuestionnaireResponse")
                whole = bool(drafts) and bool(objects(drafts[0], "contained"))
                return form, drafts[0] if whole else _blank(form, drafts[0] if drafts else {})
    raise NotApplicable("no form of the package is adaptive")


def _blank(form: Json, draft: Json) -> Json:
    named = f"{text(form, 'url')}|{text(form, 'version')}".rstrip("|")
    own: Json = {
        **{name: form[name] for name in ("status", "title", "subjectType") if name in form},
        "resourceType": "Questionnaire",
        "id": "adaptive",
        "meta": {"profile": [f"{DTR}/dtr-questionnaire-adapt"]},
        "derivedFrom": [named],
    }
    kept = [one for one in draft.get("extension", []) if isinstance(one, dict)]
    return {
        "resourceType": "QuestionnaireResponse",
        "meta": {"profile": [f"{DTR}/dtr-questionnaireresponse-adapt"]},
        "contained": [own],
        **({"extension": kept} if kept else {}),
        "questionnaire": "#adaptive",
        "status": "in-progress",
        **{name: draft[name] for name in ("subject", "authored", "author") if name in draft},
    }


def _asked(s: Session, response: Json) -> Answer:
    body = {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": response}]}
    return s.operation("Questionnaire/$next-question", body if s.version == "2.0" else response)


def _said(found: Answer) -> Json:
    """Return the QuestionnaireResponse of an answer: itself, or what its Parameters hold."""
    body = found.resource
    if text(body, "resourceType") == "QuestionnaireResponse":
        return body
    inner = [one.get("resource") for one in objects(body, "parameter")]
    fits = [one for one in inner if text(one, "resourceType") == "QuestionnaireResponse"]
    return fits[0] if fits and isinstance(fits[0], dict) else {}


@check("next.answers")
def _next(s: Session) -> str | None:
    _, response = _begun(s)
    found: Answer = s.once("next", lambda: _asked(s, response))
    contained = objects(_said(found), "contained")
    return None if found.ok and contained and items(contained[0]) else f"{found.said()}, {len(contained)} forms in it"


def _rounds(s: Session) -> list[Json]:
    """Return the response after each round, until it is completed or does not go on."""
    _, response = _begun(s)
    first: Answer = s.once("next", lambda: _asked(s, response))
    if not first.ok or not _said(first):
        raise NotApplicable("the form does not begin")
    found = [_said(first)]
    while len(found) < _ROUNDS and text(found[-1], "status") != "completed":
        answered = filled(found[-1])
        after = _asked(s, answered)
        if not after.ok or not _said(after):
            found.append({"fault": after.said()})
            break
        found.append(_said(after))
        if text(found[-1], "status") != "completed" and _questions(found[-1]) == _questions(found[-2]):
            break  # it asks nothing new, and does not end
    return found


def filled(response: Json) -> Json:
    """Return a response in which every question that has no answer has one."""
    made = copy.deepcopy(response)
    form = next(iter(objects(made, "contained")), {})
    made["item"] = _filled(objects(form, "item"), objects(made, "item"))
    return made


def _filled(asked: list[Json], given: list[Json]) -> list[Json]:
    known = {text(one, "linkId"): one for one in given}
    found = []
    for one in asked:
        held_ = copy.deepcopy(known.get(text(one, "linkId"), {"linkId": text(one, "linkId")}))
        group = text(one, "type") in ("group", "display")
        if not group and not held_.get("answer") and (value := _value(one)) is not None:
            held_["answer"] = [value]
        within = held_ if group else next(iter(objects(held_, "answer")), {})
        if below := _filled(objects(one, "item"), objects(within, "item")):
            within["item"] = below
        if held_.get("answer") or held_.get("item"):
            found.append(held_)
    return found


def _value(item: Json) -> Json | None:
    """Return an answer to a question: the first option, or a plain value of its type."""
    for option in objects(item, "answerOption"):
        return {name: value for name, value in option.items() if name.startswith("value")}
    plain: dict[str, Any] = {
        "boolean": {"valueBoolean": True},
        "integer": {"valueInteger": 1},
        "decimal": {"valueDecimal": 1},
        "date": {"valueDate": "2026-11-20"},
        "dateTime": {"valueDateTime": "2026-11-20T10:00:00Z"},
        "string": {"valueString": "yes"},
        "text": {"valueString": "yes"},
        "url": {"valueUri": "https://clinic.example"},
        "quantity": {"valueQuantity": {"value": 1, **_unit(item)}},
        "choice": {"valueCoding": {"code": "yes"}},
        "open-choice": {"valueString": "yes"},
    }
    found: Json | None = plain.get(text(item, "type"))
    return found


def _unit(item: Json) -> Json:
    said = [held(one) for name in ("unit", "unitOption") for one in extensions(item, f"{_UNIT}-{name}")]
    first = next((one for one in said if isinstance(one, dict)), {})
    known: Json = {name: first[name] for name in ("system", "code") if name in first}
    return {**known, "unit": text(first, "display") or text(first, "code")} if first else known


@check("next.ends")
def _ends(s: Session) -> str | None:
    found = s.once("rounds", lambda: _rounds(s))
    if fault := text(found[-1], "fault"):
        return f"round {len(found)}: {fault}"
    status = text(found[-1], "status")
    return None if status == "completed" else f"status {status!r} after {len(found)} rounds"


@check("next.kept")
def _kept(s: Session) -> str | None:
    found = [one for one in s.once("rounds", lambda: _rounds(s)) if "fault" not in one]
    for before, after in pairwise(found):
        gone = {text(one, "linkId") for one in _questions(before)} - {text(one, "linkId") for one in _questions(after)}
        if gone:
            return f"{min(gone)[:60]} is gone"
    return None


def _questions(response: Json) -> list[Json]:
    return items(next(iter(objects(response, "contained")), {}))


@check("next.refuses")
def _refuses(s: Session) -> str | None:
    _, response = _begun(s)
    first: Answer = s.once("next", lambda: _asked(s, response))
    made = filled(_said(first))
    wrong = next((one for one in items(made) if one.get("answer")), None)
    if wrong is None:
        raise NotApplicable("the first round asks nothing that can be answered")
    wrong["answer"] = [{"valueAttachment": {"url": "https://nowhere.example/file"}}]
    found = _asked(s, made)
    refused = found.status == 400 and text(found.resource, "resourceType") == "OperationOutcome"  # noqa: PLR2004 - spec-147
    return None if refused else found.said()
