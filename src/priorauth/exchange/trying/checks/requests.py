"""PAS: a request and its answer, an inquiry, an update, the end of a request."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Final
from uuid import uuid4

from priorauth.exchange.trying.checks.forms import is_refusal
from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.session import NotApplicable, Session, bundles
from priorauth.exchange.trying.shapes import (
    PAS,
    Json,
    extensions,
    held,
    objects,
    parts,
    resources,
    text,
    texts,
    unresolved,
)

ACTIONS: Final = frozenset({"A1", "A2", "A3", "A4", "A6", "C", "CT", "NA"})
_SECONDS: Final = 15.0
_OUTCOMES: Final = {"2.0": {"queued", "complete", "partial", "error"}, "2.2": {"complete", "partial", "error"}}
_REVIEW: Final = f"{PAS}/extension-reviewAction"
_CODE: Final = f"{PAS}/extension-reviewActionCode"
_REVIEWER: Final = f"{PAS}/extension-claimResponseReviewer"
_ADMINISTRATION: Final = f"{PAS}/extension-administrationReferenceNumber"
_PERIODS: Final = (f"{PAS}/extension-itemPreAuthPeriod", f"{PAS}/extension-itemPreAuthIssueDate")
_ECHOED: Final = ("Patient", "Organization", "Practitioner", "PractitionerRole", "Coverage")


@check("submit.answers")
def _answers(s: Session) -> str | None:
    found = s.submitted
    kinds = [text(one, "resourceType") for one in resources(found.json)]
    if found.ok and text(found.resource, "resourceType") == "Bundle" and kinds[:1] == ["ClaimResponse"]:
        return None
    return f"{found.said()}, entries {', '.join(kinds[:3]) or 'none'}"


@check("submit.bundle")
def _bundle(s: Session) -> str | None:
    _ = s.response
    bundle = s.submitted.resource
    wrong = [f"type {text(bundle, 'type')!r}"] if text(bundle, "type") != "collection" else []
    if s.version != "2.0":
        wrong += [f"no {name}" for name in ("identifier", "timestamp") if not bundle.get(name)]
    named = [text(one, "fullUrl") for one in objects(bundle, "entry")]
    if "" in named or len(set(named)) != len(named):
        wrong.append("an entry without a fullUrl of its own")
    return ", ".join(wrong)


@check("submit.time")
def _time(s: Session) -> str | None:
    _ = s.response
    return None if s.submitted.seconds <= _SECONDS else f"{s.submitted.seconds:.1f} s"


@check("submit.claim-response")
def _claim_response(s: Session) -> str | None:
    found = s.response
    lacking = [name for name in ("status", "type", "patient", "created", "insurer", "outcome") if not found.get(name)]
    if text(found, "use") != "preauthorization":
        lacking.append("use preauthorization")
    return f"it lacks {', '.join(lacking)}" if lacking else None


@check("submit.outcome")
def _outcome(s: Session) -> str | None:
    said = text(s.response, "outcome")
    return None if said in _OUTCOMES[s.version] else said or "none"


@check("submit.request")
def _request(s: Session) -> str | None:
    said = s.response.get("request")
    sent = s.request["entry"][0]
    own = {text(sent, "fullUrl"), f"Claim/{text(sent['resource'], 'id')}"}
    known = text(said, "reference") in own or any(text(said, "reference").endswith(f"/{one}") for one in own)
    numbers = {text(one, "value") for one in objects(sent["resource"], "identifier")}
    if known or text(said, "identifier", "value") in numbers:
        return None
    return f"request {text(said, 'reference')[:80]!r}"


def _sequences(value: object, name: str) -> list[int]:
    return [one[name] for one in objects(value, "item") if isinstance(one.get(name), int)]


@check("submit.items")
def _items(s: Session) -> str | None:
    if text(s.response, "outcome") == "error":
        raise NotApplicable("the answer is an error")
    asked = Counter(_sequences(s.request["entry"][0]["resource"], "sequence"))
    said = Counter(_sequences(s.response, "itemSequence"))
    return None if asked == said else f"items {sorted(said.elements())}, asked {sorted(asked.elements())}"


def reviews(response: Json) -> list[tuple[Json, str, Json]]:
    """Return of each item the item, its action code (nothing where it has none), and its review action."""
    found = []
    for item in objects(response, "item"):
        for adjudication in objects(item, "adjudication"):
            for review in extensions(adjudication, _REVIEW):
                codes = [text(coding, "code") for value in parts(review, _CODE) for coding in objects(value, "coding")]
                found.append((item, next(iter(codes), ""), review))
    return found


@check("submit.adjudication")
def _adjudication(s: Session) -> str | None:
    if text(s.response, "outcome") == "error":
        raise NotApplicable("the answer is an error")
    wrong = []
    for item in objects(s.response, "item"):
        at = f"item {item.get('itemSequence')}"
        codes = texts(item, "adjudication", "category", "coding", "code")
        if "submitted" not in codes:
            wrong.append(f"{at}: category {', '.join(codes) or 'none'}")
        said = [code for one, code, _ in reviews(s.response) if one is item]
        if not said or not set(said) <= ACTIONS:
            wrong.append(f"{at}: action {', '.join(said) or 'none'}")
    return "; ".join(wrong)


def _acted(s: Session, *actions: str) -> list[tuple[Json, str, Json]]:
    found = [one for one in reviews(s.response) if one[1] in actions]
    if not found:
        raise NotApplicable(f"no item is answered {' or '.join(actions)}")
    return found


@check("submit.approved")
def _approved(s: Session) -> str | None:
    for item, code, review in _acted(s, "A1", "A2", "A6"):
        number = [str(one) for one in parts(review, "number")] or [text(s.response, "preAuthRef")]
        if not any(number):
            return f"item {item.get('itemSequence')}: {code} without a number"
        period = any(extensions(item, url) for url in _PERIODS) or s.response.get("preAuthPeriod")
        if not period:
            return f"item {item.get('itemSequence')}: {code} without a period"
    return None


@check("submit.pended")
def _pended(s: Session) -> str | None:
    found = _acted(s, "A4")
    lacking = [item.get("itemSequence") for item, _, _ in found if not extensions(item, _ADMINISTRATION)]
    return f"items {lacking}" if lacking else None


@check("submit.denied")
def _denied(s: Session) -> str | None:
    found = _acted(s, "A3")
    notes = objects(s.response, "processNote")
    lacking = [
        item.get("itemSequence")
        for item, _, review in found
        if not parts(review, "reasonCode") and not (item.get("noteNumber") and notes)
    ]
    return f"items {lacking}" if lacking else None


@check("submit.reviewer")
def _reviewer(s: Session) -> str | None:
    found = extensions(s.response, _REVIEWER)
    if not found:
        return "no claimResponseReviewer"
    flags = parts(found[0], "wasHumanReviewedFlag")
    return None if len(flags) == 1 and isinstance(flags[0], bool) else f"wasHumanReviewedFlag {flags}"


@check("submit.references")
def _references(s: Session) -> str | None:
    _ = s.response
    own = {text(one, "request", "reference") for one in resources(s.submitted.json, "ClaimResponse")}
    return ", ".join(one[:100] for one in unresolved(s.submitted.json) if one not in own)


@check("submit.echo")
def _echo(s: Session) -> str | None:
    _ = s.response
    sent = {text(one, "fullUrl"): one["resource"] for one in s.request["entry"]}
    wrong = []
    for entry in objects(s.submitted.json, "entry"):
        resource = entry.get("resource")
        kind, named = text(resource, "resourceType"), text(resource, "id")
        if kind not in _ECHOED or not isinstance(resource, dict):
            continue
        same = [url for url, one in sent.items() if one.get("resourceType") == kind and one.get("id") == named]
        if same and text(entry, "fullUrl") not in same:
            wrong.append(f"{kind}/{named}: fullUrl {text(entry, 'fullUrl')[:80]}")
        elif same and not _within(sent[same[0]].get("identifier"), resource.get("identifier")):
            wrong.append(f"{kind}/{named}: its identifiers")
    return "; ".join(wrong[:5])


def _within(sent: object, back: object) -> bool:
    """Whether every identifier that was sent has come back."""
    values = {text(one, "value") for one in objects({"each": back}, "each")}
    return {text(one, "value") for one in objects({"each": sent}, "each")} <= values


# ---- other ways to send, and what cannot be sent


def _answered(found: Answer) -> str | None:
    first = [text(one, "resourceType") for one in resources(found.json)][:1]
    return None if found.ok and first == ["ClaimResponse"] else found.said()


@check("submit.parameters")
def _parameters(s: Session) -> str | None:
    _ = s.response
    made = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": s.request}]}
    return _answered(s.operation("Claim/$submit", made))


@check("submit.percent")
def _percent(s: Session) -> str | None:
    _ = s.response
    return _answered(s.operation("Claim/%24submit", s.request))


@check("submit.unknown-elements")
def _unknown(s: Session) -> str | None:
    _ = s.response
    made = copy.deepcopy(s.request)
    claim = made["entry"][0]["resource"]
    unknown = {"url": "https://nowhere.example/extension", "valueString": "nobody knows"}
    claim["extension"] = [*claim.get("extension", []), unknown]
    return _answered(s.operation("Claim/$submit", made))


def _refused(found: Answer) -> str | None:
    return None if is_refusal(found) else found.said()


@check("submit.no-json")
def _no_json(s: Session) -> str | None:
    return _refused(s.operation("Claim/$submit", b"this is no JSON"))


@check("submit.empty")
def _empty(s: Session) -> str | None:
    return _refused(s.operation("Claim/$submit", {**s.request, "entry": []}))


@check("submit.first")
def _first(s: Session) -> str | None:
    entries = s.request["entry"]
    return _refused(s.operation("Claim/$submit", {**s.request, "entry": [*entries[1:], entries[0]]}))


@check("submit.kind")
def _kind(s: Session) -> str | None:
    return _refused(s.operation("Claim/$submit", {"resourceType": "Patient", "id": "somebody"}))


@check("submit.media")
def _media(s: Session) -> str | None:
    found = s.operation("Claim/$submit", b"<Bundle xmlns='http://hl7.org/fhir'/>", media="application/fhir+xml")
    return None if 400 <= found.status < 500 else found.said()  # noqa: PLR2004 - HTTP


# ---- inquiries


def _shown(found: Answer) -> list[Json]:
    return [one for bundle in bundles(found) for one in resources(bundle, "ClaimResponse")]


@check("inquire.answers")
def _inquire(s: Session) -> str | None:
    found = s.inquired
    kinds = {"2.0": {"Bundle"}, "2.2": {"Parameters", "Bundle"}}[s.version]
    return None if found.ok and text(found.resource, "resourceType") in kinds else found.said()


def numbers(response: Json) -> set[str]:
    """Return the numbers by which an answer is known."""
    found = {text(response, "preAuthRef")}
    for item, _, review in reviews(response):
        found |= {str(one) for one in parts(review, "number")}
        found |= {text(held(one), "value") for one in extensions(item, _ADMINISTRATION)}
        found |= {str(held(one)) for one in extensions(item, _ADMINISTRATION) if isinstance(held(one), str)}
    return found - {""}


@check("inquire.finds")
def _finds(s: Session) -> str | None:
    own = numbers(s.response)
    shown = _shown(s.inquired)
    known = any(numbers(one) & own for one in shown)
    return (
        None
        if known or (shown and not own)
        else f"{s.inquired.said()}, {len(shown)} ClaimResponses, none of these numbers"
    )


@check("inquire.same")
def _same(s: Session) -> str | None:
    own = numbers(s.response)
    if not own:
        raise NotApplicable("the answer has no number")
    shown = [numbers(one) for one in _shown(s.inquired)]
    if not any(one & own for one in shown):
        raise NotApplicable("the inquiry does not find it")
    return None if any(own <= one for one in shown) else f"{len(shown)} ClaimResponses lack a number"


@check("inquire.stranger")
def _stranger(s: Session) -> str | None:
    found = s.operation("Claim/$inquire", s.case.inquiry(str(uuid4()), member=f"nobody-{uuid4().hex[:12]}"))
    shown = [one for one in _shown(found) if numbers(one) or objects(one, "item")]
    if found.status >= 500 or not found.status:  # noqa: PLR2004 - HTTP
        return found.said()
    return f"{len(shown)} answers" if shown else None


@check("inquire.no-json")
def _inquire_no_json(s: Session) -> str | None:
    return _refused(s.operation("Claim/$inquire", b"[1, 2"))


# ---- updates and ends


@check("update.unknown")
def _update(s: Session) -> str | None:
    _ = s.response
    stranger = copy.deepcopy(s.request["entry"][0]["resource"])
    stranger["identifier"] = [{"system": "urn:priorauth:trying", "value": f"never-sent-{uuid4().hex}"}]
    found = s.operation("Claim/$submit", s.case.again(str(uuid4()), stranger))
    if is_refusal(found):
        return None
    said = resources(found.json, "ClaimResponse")
    return None if found.ok and said and said[0].get("error") else f"{found.said()} without an error"


def cancelled(s: Session) -> Answer:
    """Return the answer to what cancels the request."""
    _ = s.response
    prior = s.request["entry"][0]["resource"]
    found: Answer = s.once(
        "cancelled", lambda: s.operation("Claim/$submit", s.case.cancel(str(uuid4()), copy.deepcopy(prior)))
    )
    return found


@check("cancel.answers")
def _cancel(s: Session) -> str | None:
    return _answered(cancelled(s))


@check("cancel.result")
def _result(s: Session) -> str | None:
    found = resources(cancelled(s).json, "ClaimResponse")
    if not found:
        raise NotApplicable("it was not answered with a ClaimResponse")
    said = [code for _, code, _ in reviews(found[0])]
    return None if said and set(said) == {"C"} else ", ".join(said) or "no review action"
