"""``$log-questionnaire-errors``: what went wrong with a form at somebody's desk, kept for who writes the forms.

Kept are the form's address, and of each issue its severity, its code, its coding and the places in the form. What was
written in words may be of a member, whatever the guide says: it is kept for the analyst and never written to the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from priorauth.exchange.call import Call, Told
from priorauth.exchange.wire import Fault, Json, issue, listed, outcome
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.columns import canonical

FORM: Final = "questionnaire"
OUTCOME: Final = "operationoutcome"
MOST: Final = 200
"""How many issues of one call are kept."""
LONGEST: Final = 2_000
"""How much of one text is kept, in characters."""
MOST_FORMS: Final = 50
_TEXTS: Final = ("severity", "code", "diagnostics")


def logged(call: Call) -> Told:
    """Keep what a client reports of forms; sent twice it is kept once."""
    forms, outcomes = _parameters(call.body)
    for form in forms:
        data = {"form": form, "issues": [one for found in outcomes for one in _issues(found)][:MOST]}
        named = hashlib.sha256(canonical([call.client, call.version, data])).hexdigest()[:32]
        row = {"error": named, "client": call.client, "version": call.version, "questionnaire": form, "at": call.now}
        traffic.keep(call.store, call.tenant, t.form_error, {**row, "data": data})
    return Told(outcome(issue("information", "informational", "kept for who writes the forms")))


def _parameters(body: Json) -> tuple[list[str], list[Json]]:
    """Return the forms and the outcomes of a call, whichever way its parameters are spelled; raises Fault."""
    if body.get("resourceType") != "Parameters":
        raise Fault(400, "structure", "expected Parameters", "resourceType")
    forms, outcomes = list[str](), list[Json]()
    for one in listed(body, "parameter"):
        name = str(one.get("name", "")).lower()
        if name == FORM:
            forms.append(_canonical(one))
        elif name == OUTCOME:
            outcomes.append(_outcome(one))
    if not forms:
        raise Fault(400, "required", "expected the form in error", "Parameters.parameter.where(name='questionnaire')")
    if not outcomes:
        said = "expected an OperationOutcome that says what went wrong"
        raise Fault(400, "required", said, "Parameters.parameter.where(name='operationOutcome')")
    return list(dict.fromkeys(forms))[:MOST_FORMS], outcomes


def _canonical(parameter: Json) -> str:
    for kind in ("valueCanonical", "valueUri", "valueUrl", "valueString"):
        if isinstance(parameter.get(kind), str) and parameter[kind]:
            return str(parameter[kind])[:LONGEST]
    held = parameter.get("resource")
    if isinstance(held, dict) and held.get("resourceType") == "Questionnaire" and isinstance(held.get("url"), str):
        version = held.get("version")
        return (f"{held['url']}|{version}" if isinstance(version, str) and version else str(held["url"]))[:LONGEST]
    at = "Parameters.parameter.where(name='questionnaire').value"
    raise Fault(400, "required", "expected the canonical address of a Questionnaire", at)


def _outcome(parameter: Json) -> Json:
    held = parameter.get("resource")
    at = "Parameters.parameter.where(name='operationOutcome').resource"
    if not isinstance(held, dict) or held.get("resourceType") != "OperationOutcome":
        raise Fault(400, "structure", "expected an OperationOutcome", at)
    if not listed(held, "issue"):
        raise Fault(400, "required", "expected at least one issue", f"{at}.issue")
    return held


def _issues(found: Json) -> Iterator[dict[str, Any]]:
    """Yield the issues of an outcome, as much of each as is kept."""
    for one in listed(found, "issue"):
        made: dict[str, Any] = {name: one[name][:LONGEST] for name in _TEXTS if isinstance(one.get(name), str)}
        details = one.get("details")
        if isinstance(details, dict):
            if isinstance(details.get("text"), str):
                made["text"] = details["text"][:LONGEST]
            codes = [each["code"][:LONGEST] for each in listed(details, "coding") if isinstance(each.get("code"), str)]
            if codes:
                made["coding"] = codes
        for name in ("expression", "location"):
            places = one.get(name)
            if isinstance(places, list):
                made["at"] = [*made.get("at", ()), *(str(place)[:LONGEST] for place in places[:20])]
        yield made
