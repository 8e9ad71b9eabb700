"""Determine: a Bundle in, one determination per item out. No clock, no network, no state; safe from many threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from priorauth.decide.decide import decide
from priorauth.decide.determination import Determination, ReasonGiven
from priorauth.decide.outcome import Outcome
from priorauth.decide.receipt import receipt, rows_sha256
from priorauth.decide.report import About, report
from priorauth.facts.case import Case
from priorauth.policy.catalog import Catalog, open_catalog
from priorauth.policy.tree import Policy
from priorauth.record.read import CaseFile, Request, read_bundle
from priorauth.record.refused import RefusedInput
from priorauth.values.dates import day, iso

if TYPE_CHECKING:
    from priorauth.glucose.logbook import Logbook
    from priorauth.glucose.stream import Order

Source = bytes | Mapping[str, object]


def determine(  # noqa: PLR0913 - the contract's options, all of them by name
    bundle: Source,
    *,
    policy: str | None = None,
    as_of: str | None = None,
    judgments: Source | None = None,
    readings: Mapping[str, str] | None = None,
    policies: tuple[Path, ...] = (),
    logs: Sequence[Path] = (),
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
    name: str = "bundle",
    judgments_name: str = "judgments",
) -> list[Determination]:
    """Decide every item of a request.

    ``bundle`` is a FHIR R4 Bundle as JSON bytes or parsed; ``policy`` overrides the choice by payer, product and date;
    ``as_of`` (YYYY-MM-DD) overrides the request date from which windows count; ``judgments`` is a QuestionnaireResponse
    by a named clinician of the payer; ``readings`` overrides named readings; ``policies`` are folders laid over the
    shipped ones; ``logs`` are files of glucose readings of this member, read with ``columns``, ``zone`` and ``dates``
    as :func:`priorauth.glucose.stream.read_log` says. Raises RefusedInput (what is wrong with the input) or
    PolicyFaults (with a policy), both with every fault found.
    """
    catalog = open_catalog(*policies)
    if readings:
        catalog = catalog.with_readings(readings)
    if policy is not None and policy not in catalog.files:
        raise RefusedInput(f"no policy is named {policy!r}; expected one of {', '.join(catalog.files)}")
    today = _day(as_of)
    file = read_bundle(
        bundle,
        name=name,
        vocabulary=catalog.vocabulary,
        units=catalog.units,
        judgments=judgments,
        judgments_name=judgments_name,
        logbook=_logbook(logs, columns, zone, dates),
    )
    return list(_each(file, catalog, policy, today))


def _day(as_of: str | None) -> int | None:
    if as_of is None:
        return None
    try:
        return day(as_of)
    except ValueError as fault:
        raise RefusedInput(f"--as-of: {fault}") from None


def _logbook(logs: Sequence[Path], columns: str | None, zone: str | None, dates: Order | None) -> Logbook | None:
    """Read the logs; none given, none read, and nothing loaded that reads them."""
    if not logs:
        return None
    from priorauth.glucose.logbook import open_logs
    from priorauth.glucose.reject import GlucoseFileError

    try:
        return open_logs(logs, columns=columns, zone=zone, dates=dates)
    except GlucoseFileError as fault:
        raise RefusedInput(str(fault)) from None


def _each(file: CaseFile, catalog: Catalog, policy: str | None, as_of: int | None) -> Iterator[Determination]:
    for request in file.requests:
        case = Case(request.requested_on if as_of is None else as_of, request.rows)
        warnings = tuple(dict.fromkeys((*file.warnings, *request.warnings)))
        chosen = _choose(request, catalog, policy, case.as_of)
        if isinstance(chosen, str):
            yield _not_ours(request, case, catalog, chosen, warnings)
            continue
        decision = decide(chosen, case, catalog.vocabulary, catalog.common)
        pinned = _pinned(request, case, catalog, chosen)
        about = About(request.item, request.claim, case.as_of, pinned, warnings)
        yield report(decision, chosen, catalog.vocabulary, about)


def _choose(request: Request, catalog: Catalog, policy: str | None, as_of: int) -> Policy | str:
    """Pick the policy by payer and product and its version by date; a text says why there is none."""
    payer = catalog.payer_of(request.payer, request.payer_names)
    wanted = (policy,) if policy else catalog.of_payer(payer.id) if payer else ()
    if not wanted:
        return "no policy here for this payer"
    dated = {"request": as_of, "service": request.service_on, "receipt": request.received_on}
    in_force = [found for name in wanted if (found := catalog.in_force(name, dated, request.plan))]
    if not in_force:
        return f"no version of {', '.join(wanted)} is in force on {iso(as_of)}"
    for found in in_force:
        if request.product is None or request.product in found.products:
            return found
    return f"no policy of this payer speaks about product {request.product}"


def _pinned(request: Request, case: Case, catalog: Catalog, policy: Policy | None) -> dict[str, object]:
    """List what a determination rests on, for its receipt."""
    readings = {name: reading.text for name, reading in (policy.readings or {}).items()} if policy else {}
    return {
        "policy": policy.sha256 if policy else None,
        "common": catalog.common_sha256,
        "vocabulary": catalog.vocabulary.sha256,
        "readings": readings,
        "rows": rows_sha256(case),
        "claim": request.claim,
        "dates": {
            "as_of": iso(case.as_of),
            "service": iso(request.service_on),
            "received": iso(request.received_on),
            "version": iso(policy.effective.first) if policy else None,
        },
    }


def _not_ours(request: Request, case: Case, catalog: Catalog, why: str, warnings: tuple[str, ...]) -> Determination:
    """Say that no policy here applies."""
    outcome: Outcome = "not-applicable"
    result = {"item": request.item, "outcome": outcome, "why": why}
    return Determination(
        item=request.item,
        claim=request.claim,
        policy=None,
        pathway=None,
        as_of=iso(case.as_of),
        outcome=outcome,
        reasons=(ReasonGiven(None, why),),
        criteria=(),
        questions=(),
        conflicts=(),
        assumed=(),
        notes=(why,),
        decide_after=None,
        grants=None,
        receipt=receipt(_pinned(request, case, catalog, None), result),
        warnings=warnings,
    )
