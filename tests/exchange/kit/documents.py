"""Which documents of a run the HL7 validator is asked of, by the check of a row."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from tests.exchange.kit import crd, dtr, tester
from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import Flow, Run, bundles, resources
from tests.exchange.kit.started import Json
from tests.exchange.kit.validator import name_of

Documents = Callable[[Run, Row], list[Json]]


@cache
def _of_kits() -> frozenset[str]:
    """Return the names of the kits' own inputs: whether those are right is theirs to say."""
    found = set()
    for version in ("2.0.1", "2.2.1"):
        for held in tester.inputs("pas", version).values():
            found |= {name_of(one) for one in (held if isinstance(held, list) else [held]) if isinstance(one, dict)}
    return frozenset(found)


def _sent(flow: Flow) -> list[Json]:
    return [_without_the_rest(one) for one in flow.sent if name_of(one) not in _of_kits()]


def _without_the_rest(bundle: Json) -> Json:
    """Return a request without the readings of a chart that its claim does not name: there are hundreds."""
    claim = bundle["entry"][0]["resource"]
    named = {one.get("valueReference", {}).get("reference") for one in claim.get("supportingInfo", [])}
    kept = [
        entry
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] != "Observation" or f"Observation/{entry['resource']['id']}" in named
    ]
    return {**bundle, "entry": kept}


def _told(flow: Flow) -> list[Json]:
    return [one for told in flow.told for one in bundles(told)]


def _notified(kind: str) -> Documents:
    return lambda run, row: [body for _, body in run.notifications(row.version, kind)]


def _packages(run: Run, row: Row) -> list[Json]:
    listed = [one for told in run.package(row.version, row.given["form"]).told for one in dtr.packages(told)]
    return [plainly(one) for made in listed for one in resources(made)]


def plainly(resource: Json) -> Json:
    """Return a resource without the profiles of DTR: they rest on the guide SDC, which is not at hand."""
    made: Json = {name: one for name, one in resource.items() if name != "meta"}
    if "contained" in made:
        made["contained"] = [plainly(one) for one in made["contained"]]
    return made


OF: Final[dict[str, Documents]] = {
    "pas.subscription_sent": lambda run, row: run.subscription(row.version).sent,
    "pas.handshake": _notified("handshake"),
    "pas.notification": _notified("event-notification"),
    "pas.request_sent": lambda run, row: _sent(run.flow(row.version, row.given["flow"])),
    "pas.response": lambda run, row: _told(run.flow(row.version, row.given["flow"])),
    "pas.inquiry_answer": lambda run, row: _told(run.inquired(row.version, row.given["flow"])),
    "crd.coverage_information": lambda run, row: [one["resource"] for one in crd.covered(run, row)],
    "dtr.package_asked": lambda run, row: run.package(row.version, row.given["form"]).sent,
    "dtr.package": _packages,
    "dtr.bundles": _packages,
    "dtr.search_form": _packages,
    "dtr.next_asked": lambda run, row: [plainly(one) for one in run.questions(row.version).sent],
    "dtr.next_answered": lambda run, row: [plainly(one.body) for one in run.questions(row.version).told],
}


def of(run: Run, row: Row) -> list[Json]:
    """Return the documents of a row; none where what it looks for did not come."""
    return OF[row.check](run, row) if row.check in OF else []
