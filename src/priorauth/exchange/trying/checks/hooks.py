"""The answers of hooks: cards, changes of what was sent, and how calls are taken that are not as they should be."""

from __future__ import annotations

import copy
from typing import Final
from uuid import uuid4

from priorauth.exchange.trying.found import CHECKS, check
from priorauth.exchange.trying.session import HOOKS, PRIMARY, NotApplicable, Session
from priorauth.exchange.trying.shapes import COVERAGE, Json, extensions, objects, parts, resources, text, without

_SECONDS: Final = {"order-sign": 10.0, "order-dispatch": 10.0, "appointment-book": 10.0}
_MOST_SECONDS: Final = 5.0
_SUMMARY: Final = 140
_FIRST: Final = "order-sign"
_SAID: Final = "davinci-crd.configuration"


def _answers(hook: str) -> None:
    def checked(s: Session) -> str | None:
        found = s.hooked(hook)
        body = found.resource
        if found.status == 412 and s.listener is None:  # noqa: PLR2004 - CRD found-32
            raise NotApplicable("it wants to ask the chart for more, and no address to listen at was given")
        if found.status != 200 or not isinstance(body.get("cards"), list):  # noqa: PLR2004 - CDS Hooks
            return found.said()
        if hook in PRIMARY and not isinstance(body.get("systemActions"), list):
            return "no systemActions"
        return None

    CHECKS[f"{hook}.answers"] = checked


for _hook in HOOKS:
    _answers(_hook)


@check("hooks.time")
def _time(s: Session) -> str | None:
    _ = s.answered()
    spent = {hook: s.hooked(hook).seconds for hook, _ in s.answered()}
    slow = [f"{hook} {took:.1f} s" for hook, took in spent.items() if took > _SECONDS.get(hook, _MOST_SECONDS)]
    return ", ".join(slow)


@check("hooks.decides")
def _decides(s: Session) -> str | None:
    found = s.hooked(_FIRST)
    held = [
        one for action in objects(found.json, "systemActions") for one in extensions(action.get("resource"), COVERAGE)
    ]
    return (
        None if held else f"{found.said()}, {len(objects(found.json, 'systemActions'))} actions, none of which says it"
    )


# ---- cards


def _cards(s: Session) -> list[tuple[str, Json]]:
    found = [(hook, one) for hook, body in s.answered() for one in objects(body, "cards")]
    if not found:
        raise NotApplicable("no card was answered")
    return found


@check("cards.summary")
def _summary(s: Session) -> str | None:
    lengths = [(hook, len(text(one, "summary"))) for hook, one in _cards(s)]
    return ", ".join(f"{hook}: {length} characters" for hook, length in lengths if not 0 < length < _SUMMARY)


@check("cards.indicator")
def _indicator(s: Session) -> str | None:
    said = [(hook, text(one, "indicator")) for hook, one in _cards(s)]
    return ", ".join(f"{hook}: {one[:20]!r}" for hook, one in said if one not in ("info", "warning", "critical"))


@check("cards.source")
def _source(s: Session) -> str | None:
    wrong = []
    for hook, one in _cards(s):
        source = one.get("source")
        topic = objects(source, "topic")
        if not text(source, "label") or not topic or not text(topic[0], "code"):
            wrong.append(f"{hook}: {'a label without topic' if text(source, 'label') else 'no label'}")
    return ", ".join(wrong)


@check("cards.suggestions")
def _suggestions(s: Session) -> str | None:
    found = [(hook, one) for hook, card in _cards(s) for one in objects(card, "suggestions")]
    if not found:
        raise NotApplicable("no card has a suggestion")
    return ", ".join(
        f"{hook}: {text(one, 'label')[:40]!r}" for hook, one in found if not (text(one, "uuid") and text(one, "label"))
    )


@check("cards.links")
def _links(s: Session) -> str | None:
    found = [(hook, one) for hook, card in _cards(s) for one in objects(card, "links")]
    if not found:
        raise NotApplicable("no card has a link")
    return ", ".join(
        f"{hook}: {text(one, 'label')[:40]!r}"
        for hook, one in found
        if not (text(one, "label") and text(one, "url") and text(one, "type") in ("absolute", "smart"))
    )


# ---- changes


def _actions(s: Session) -> list[tuple[str, Json]]:
    found = s.actions()
    if not found:
        raise NotApplicable("no action of a system was answered")
    return found


@check("actions.update")
def _update(s: Session) -> str | None:
    wrong = []
    for hook, one in _actions(s):
        if one.get("type") != "update" or not isinstance(one.get("resource"), dict):
            wrong.append(f"{hook}: type {one.get('type')}")
        elif _sent(s, hook, one["resource"]) is None:
            wrong.append(f"{hook}: {text(one['resource'], 'resourceType')}/{text(one['resource'], 'id')} was not sent")
    return ", ".join(wrong)


def _sent(s: Session, hook: str, resource: Json) -> Json | None:
    """Return what was sent of a resource that comes back."""
    call = s.sent(hook)
    context, prefetch = call.get("context"), call.get("prefetch")
    held = [one for part in (context, prefetch) if isinstance(part, dict) for one in part.values()]
    listed = [one for part in held for one in (part, *resources(part)) if isinstance(one, dict)]
    listed.append(s.case.order)  # which a hook may have asked the chart for
    same = ("resourceType", "id")
    return next((one for one in listed if all(one.get(name) == resource.get(name) for name in same)), None)


@check("actions.only")
def _only(s: Session) -> str | None:
    wrong = []
    for hook, one in _actions(s):
        resource = one.get("resource")
        before = _sent(s, hook, resource) if isinstance(resource, dict) else None
        if before is not None and without(before, COVERAGE) != without(resource or {}, COVERAGE):
            names = {name for name in {*before, *(resource or {})} if before.get(name) != (resource or {}).get(name)}
            wrong.append(f"{hook}: {', '.join(sorted(names))} differ")
    return "; ".join(wrong)


# ---- calls that are not as they should be


@check("hooks.again")
def _again(s: Session) -> str | None:
    _ = s.hooked(_FIRST)
    found = s.send(_FIRST, {**copy.deepcopy(s.sent(_FIRST)), "hookInstance": str(uuid4())})
    return None if found.status == 200 else found.said()  # noqa: PLR2004 - CDS Hooks


def _changed(s: Session) -> Json:
    if not s.hooked(_FIRST).ok:
        raise NotApplicable("a whole call is not answered")
    return {**copy.deepcopy(s.sent(_FIRST)), "hookInstance": str(uuid4())}


@check("hooks.unknown-fields")
def _unknown(s: Session) -> str | None:
    call = _changed(s)
    call["context"]["nobodyKnows"] = {"this": ["field"]}
    call["nobodyKnows"] = 1
    call["extension"] = {"org.example.unknown": True}
    found = s.send(_FIRST, call)
    return None if found.status == 200 else found.said()  # noqa: PLR2004 - CDS Hooks


def _prefetched(s: Session, value: object) -> str | None:
    call = _changed(s)
    optional = [key for key, held in call["prefetch"].items() if not _needed(held)]
    if not optional:
        raise NotApplicable("nothing is prefetched that a call could do without")
    call["prefetch"][optional[0]] = value
    found = s.send(_FIRST, call)
    return None if found.status in (200, 412) else found.said()


def _needed(held: object) -> bool:
    """Whether a prefetch is the coverage or the patient, without which nothing can be said."""
    kinds = {"Coverage", "Patient"}
    return isinstance(held, dict) and bool(kinds & {text(one, "resourceType") for one in (held, *resources(held))})


@check("hooks.no-prefetch-value")
def _null(s: Session) -> str | None:
    return _prefetched(s, None)


@check("hooks.prefetch-outcome")
def _outcome(s: Session) -> str | None:
    issue = {"severity": "error", "code": "not-found", "details": {"text": "there is none"}}
    return _prefetched(s, {"resourceType": "OperationOutcome", "issue": [issue]})


def _configured(s: Session, **said: object) -> Json:
    """Return the answer to a call with a configuration."""
    call = _changed(s)
    call["extension"] = {_SAID: said}
    found = s.send(_FIRST, call)
    if found.status != 200:  # noqa: PLR2004 - CDS Hooks
        return {"refused": found.said()}
    return found.resource


@check("hooks.configuration")
def _configuration(s: Session) -> str | None:
    return text(_configured(s, **{"nobody-knows": True, "coverage-info": True}), "refused")


@check("hooks.coverage-off")
def _off(s: Session) -> str | None:
    _option(s, "coverage-info")
    found = _configured(s, **{"coverage-info": False})
    held = [one for action in objects(found, "systemActions") for one in extensions(action.get("resource"), COVERAGE)]
    return text(found, "refused") or (f"{len(held)} of them" if held else None)


@check("hooks.what-if")
def _what_if(s: Session) -> str | None:
    found = _configured(s, **{"unsolicited-determ": False})
    numbers = [
        number
        for action in objects(found, "systemActions")
        for one in extensions(action.get("resource"), COVERAGE)
        for number in parts(one, "satisfied-pa-id")
    ]
    return text(found, "refused") or (f"{len(numbers)} numbers" if numbers else None)


@check("hooks.most-cards")
def _most(s: Session) -> str | None:
    _option(s, "max-cards")
    found = _configured(s, **{"max-cards": 1})
    count = len(objects(found, "cards"))
    return text(found, "refused") or (f"{count} cards" if count > 1 else None)


def _option(s: Session, code: str) -> None:
    """Go on where the service offers an option."""
    held = s.service(_FIRST).get("extension")
    listed = held.get("davinci-crd.configuration-options") if isinstance(held, dict) else None
    if code not in [text(one, "code") for one in objects({"each": listed}, "each")]:
        raise NotApplicable(f"the service does not offer {code}")


@check("hooks.no-json")
def _no_json(s: Session) -> str | None:
    found = s.send(_FIRST, b"this is no JSON")
    return None if found.status == 400 else found.said()  # noqa: PLR2004 - CRD hook-13


@check("hooks.no-context")
def _no_context(s: Session) -> str | None:
    call = copy.deepcopy(s.sent(_FIRST))
    call.pop("context", None)
    found = s.send(_FIRST, call)
    return None if found.status in (400, 422) else found.said()


@check("hooks.no-service")
def _no_service(s: Session) -> str | None:
    _ = s.service(_FIRST)
    at = f"{s.cds}/there-is-no-such-service"
    token = {} if s.client is None else {"Authorization": f"Bearer {s.client.hook(at, s.now())}"}
    found = s.post(at, s.sent(_FIRST), media="application/json", headers=token, token=False)
    return None if found.status == 404 else found.said()  # noqa: PLR2004 - HTTP


def _with_token(s: Session, token: str) -> int:
    at = f"{s.cds}/{text(s.service(_FIRST), 'id')}"
    bearing = {"Authorization": f"Bearer {token}"}
    return s.post(at, s.sent(_FIRST), media="application/json", headers=bearing, token=False).status


@check("hooks.token")
def _token(s: Session) -> str | None:
    status = _with_token(s, s.signing.hook("https://elsewhere.example/cds-services/some", s.now()))
    return None if status == 401 else str(status)  # noqa: PLR2004 - HTTP


@check("hooks.replay")
def _replay(s: Session) -> str | None:
    token = s.signing.hook(f"{s.cds}/{text(s.service(_FIRST), 'id')}", s.now())
    first = _with_token(s, token)
    if first != 200:  # noqa: PLR2004 - HTTP
        raise NotApplicable(f"the first use was answered {first}")
    status = _with_token(s, token)
    return None if status == 401 else str(status)  # noqa: PLR2004 - HTTP


@check("hooks.feedback")
def _feedback(s: Session) -> str | None:
    named = next((text(one, "uuid") for _, one in _cards(s) if text(one, "uuid")), "")
    if not named:
        raise NotApplicable("no card has a uuid")
    said = {"card": named, "outcome": "overridden", "outcomeTimestamp": "2026-11-29T17:00:00Z"}
    found = s.send(_FIRST, {"feedback": [said]}, "/feedback")
    return None if found.ok else found.said()
