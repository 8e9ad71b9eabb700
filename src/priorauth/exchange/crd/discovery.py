"""What is served, for whoever asks: one service a hook, with what it wants beforehand and what can be chosen.

Asked for beforehand is only what is always needed: the patient, the coverage, and what a hook names by a text of its
context. What a case needs besides is asked of the chart, with the token of the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from priorauth.exchange.call import Call, Told
from priorauth.exchange.crd.options import offered
from priorauth.exchange.plan import Hook, Plan, Version
from priorauth.exchange.wire import JSON, Fault, Json

SUFFIX: Final = "-crd"
_SAID: Final[Mapping[Hook, tuple[str, str]]] = {
    "order-sign": (
        "Coverage when an order is signed",
        "Says of each order whether it is covered, whether it needs prior authorization, and what is to be shown.",
    ),
    "order-select": (
        "Coverage when an order is chosen",
        "Says of each order that is chosen whether it is covered and whether it needs prior authorization.",
    ),
    "order-dispatch": (
        "Coverage when an order is sent out",
        "Says of each order that is sent to a supplier whether it is covered and whether it needs prior authorization.",
    ),
    "appointment-book": (
        "Coverage when an appointment is made",
        "Says of each appointment whether what is to be done there is covered and needs prior authorization.",
    ),
    "encounter-start": ("Coverage when an encounter begins", "Speaks where an encounter by itself needs something."),
    "encounter-discharge": ("Coverage at a discharge", "Speaks where a discharge by itself needs something."),
}
_PATIENT: Final = "Patient/{{context.patientId}}"
_COVERAGE: Final = "Coverage?patient={{context.patientId}}&status=active"


def discovery(call: Call) -> Told:
    """Return the services."""
    services = [service(hook, call.plan, call.version) for hook in call.plan.hooks]
    return Told(msgspec.json.encode({"services": services}), media=JSON)


def service(hook: Hook, plan: Plan, version: Version) -> Json:
    """Return what a service says of itself."""
    title, description = _SAID[hook]
    return {
        "hook": hook,
        "id": f"{hook}{SUFFIX}",
        "title": title,
        "description": description,
        "prefetch": prefetch(hook, version),
        "extension": {
            "davinci-crd.version": [version],
            "davinci-crd.configuration-options": offered(plan),
        },
    }


def prefetch(hook: Hook, version: Version) -> dict[str, str]:
    """Return what a service wants beforehand, by the keys of the version. Tokens are texts of the context alone."""
    found = {"patient": _PATIENT}
    if hook.startswith("encounter"):
        found["encounter"] = "Encounter/{{context.encounterId}}"
    found["coverage"] = _COVERAGE if version == "2.2" else f"{_COVERAGE}&_include=Coverage:payor"
    if hook == "order-dispatch" and version == "2.0":
        found["order"] = "{{context.order}}"
    elif hook != "order-dispatch" and version == "2.0":
        found["user"] = "{{context.userId}}"
    return found


def hook_of(service: str, plan: Plan) -> Hook:
    """Return the hook of a service; raises Fault where it is not served."""
    for hook in plan.hooks:
        if service == f"{hook}{SUFFIX}":
            return hook
    raise Fault(404, "not-found", "no service of that name is served here")
