"""Cards: at most one instruction a policy that is touched, a link to the policy as it is published, a link that opens
its form where the plan has an app for that.

A card names the orders that it is of. None sends anybody to a portal to ask for authorization.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from priorauth.decide.decided import Applied
from priorauth.exchange.crd.options import COVERAGE, GUIDELINE, Options
from priorauth.exchange.plan import Plan, Version
from priorauth.exchange.wire import Json

LONGEST: Final = 139
"""The most characters of a summary."""
_SYSTEMS: Final[dict[Version, str]] = {
    "2.0": "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp",
    "2.2": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
}
_DISPLAY: Final = {COVERAGE: "Coverage Information", GUIDELINE: "Guideline"}
_NAMESPACE: Final = uuid.UUID("7b7a4d5e-3a8e-5b34-8f0c-2f1f8f1f6a10")


class Touched(Struct, frozen=True):
    """A policy and one order that it speaks of: how it is called, what is open, where the policy can be read.

    ``context``: in which a form can be opened; None where no form is wanted.
    """

    policy: Applied
    order: str
    said: str
    open: tuple[str, ...]
    done: str
    address: str | None
    context: str | None = None


def cards(touched: Sequence[Touched], options: Options, plan: Plan, version: Version, instance: str) -> list[Json]:
    """Return the cards, those that matter most first, as many as are wanted."""
    by_policy: dict[str, list[Touched]] = {}
    for one in touched:
        by_policy.setdefault(one.policy.id, []).append(one)
    found: list[Json] = []
    if options.coverage:
        found += [_instructions(ones, plan, version, instance) for ones in by_policy.values()]
        wanted = {name: [one for one in ones if one.context is not None] for name, ones in by_policy.items()}
        if plan.launch is not None:
            found += [_launch(ones, plan.launch, plan, version, instance) for ones in wanted.values() if ones]
    if options.guideline:
        found += [
            _link(ones, address, plan, version, instance)
            for ones in by_policy.values()
            if (address := ones[0].address) is not None
        ]
    return found[: options.cards]


def _instructions(ones: list[Touched], plan: Plan, version: Version, instance: str) -> Json:
    count = sum(len(one.open) for one in ones)
    if count:
        things = "One thing is" if count == 1 else f"{count} things are"
        summary = f"{things} still open for prior authorization: {_names(ones)}"
    else:
        summary = f"{ones[0].done}: {_names(ones)}"
    lines: list[str] = []
    for one in ones:
        lines.append(f"**{_plain(one.said)}**: {_plain(one.done)}")
        lines += [f"* {_plain(line)}" for line in one.open]
    made = _card("instructions", COVERAGE, ones, plan, version, instance)
    return {**made, "summary": _short(summary), "indicator": "info", "detail": "\n".join(lines)}


def _link(ones: list[Touched], address: str, plan: Plan, version: Version, instance: str) -> Json:
    title = ones[0].policy.title
    made = _card("policy", GUIDELINE, ones, plan, version, instance)
    return {
        **made,
        "summary": _short(f"The policy on this: {title}"),
        "indicator": "info",
        "detail": f"The policy by which prior authorization is decided for {_plain(_names(ones))}.",
        "links": [{"label": title, "url": address, "type": "absolute"}],
    }


def _launch(ones: list[Touched], app: str, plan: Plan, version: Version, instance: str) -> Json:
    links = [
        {"label": _short(f"Open the form for {one.said}"), "url": app, "type": "smart", "appContext": one.context}
        for one in ones
    ]
    return {
        **_card("form", COVERAGE, ones, plan, version, instance),
        "summary": _short(f"A form asks for what is still open: {_names(ones)}"),
        "indicator": "info",
        "detail": f"The form asks only what is still open for {_plain(_names(ones))}.",
        "links": links,
    }


def _card(kind: str, topic: str, ones: list[Touched], plan: Plan, version: Version, instance: str) -> Json:  # noqa: PLR0913, PLR0917 - what every card bears
    named = [kind, instance, ones[0].policy.id, *(one.order for one in ones)]
    source: Json = {"label": plan.payer.name}
    if plan.payer.website:
        source["url"] = plan.payer.website
    source["topic"] = {"system": _SYSTEMS[version], "code": topic, "display": _DISPLAY[topic]}
    made: Json = {"uuid": str(uuid.uuid5(_NAMESPACE, "\n".join(named))), "source": source}
    references = [{"reference": one} for one in dict.fromkeys(one.order for one in ones) if not one.endswith("/")]
    if version == "2.2" and references:
        made["extension"] = {"davinci-crd.associated-resource": references}
    return made


def _names(ones: Iterable[Touched]) -> str:
    return ", ".join(dict.fromkeys(one.said for one in ones))


def _short(summary: str) -> str:
    plain = " ".join(summary.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


_SIGNS: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|"})


def _plain(words: str) -> str:
    """Return words on one line that no sign of Markdown changes."""
    return " ".join(words.split()).translate(_SIGNS)
