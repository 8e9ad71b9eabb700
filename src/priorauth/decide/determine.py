"""Determine: a Bundle in, one determination per item out. No clock, no network, no state; safe from many threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from priorauth.decide import papers
from priorauth.decide.decided import About, ReasonGiven
from priorauth.decide.determination import Determination
from priorauth.decide.receipt import rows_sha256
from priorauth.decide.report import Place, checked, report, sealed
from priorauth.documents.rows import Proposed, confirmed, with_opened
from priorauth.engines.python.outcome import decide
from priorauth.engines.python.view import newest
from priorauth.errors import Fault, InputRefused, LogRefused
from priorauth.facts.case import Case
from priorauth.facts.rows import UNREAD, Answer
from priorauth.policy.catalog import Catalog, open_catalog, unknown
from priorauth.policy.tree import Policy
from priorauth.record.quantities import scales
from priorauth.record.read import CaseFile, Judged, Request, read_bundle
from priorauth.values.dates import day, iso, years_between

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
    documents: Sequence[Proposed] = (),
    logs: Sequence[Path] = (),
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
    name: str = "bundle",
    judgments_name: str = "judgments",
    draft: bool = False,
) -> list[Determination]:
    """Decide every item of a request.

    ``bundle`` is a FHIR R4 Bundle as JSON bytes or parsed; ``policy`` overrides the choice by payer, product and date;
    ``as_of`` (YYYY-MM-DD) overrides the request date from which windows count; ``judgments`` is a QuestionnaireResponse
    by a named clinician of the payer; ``readings`` overrides named readings; ``policies`` are folders laid over the
    shipped ones; ``documents`` are letters, notes and faxes as they were read, with what people said of them: this
    function opens no file of a Bundle (:func:`priorauth.documents.reading.opened` does); ``logs`` are files of glucose
    readings of this member, read with ``columns``, ``zone`` and ``dates`` as
    :func:`priorauth.glucose.stream.read_log` says; ``draft``: this is a check before a request is sent, of a Claim
    that may still be a draft, and nothing is decided. Raises InputRefused (what is wrong with the input) or
    PolicyFaults (with a policy), both with every fault found.
    """
    found = decided(
        bundle,
        policy=policy,
        as_of=as_of,
        judgments=judgments,
        readings=readings,
        policies=policies,
        documents=documents,
        logbook=_logbook(logs, columns, zone, dates),
        name=name,
        judgments_name=judgments_name,
        draft=draft,
    )
    return [one.determination for one in found]


class Decided(NamedTuple):
    """A determination with the rows on which it rests."""

    determination: Determination
    case: Case


def decided(  # noqa: PLR0913 - as determine
    bundle: Source,
    *,
    policy: str | None = None,
    as_of: str | None = None,
    judgments: Judged = None,
    readings: Mapping[str, str] | None = None,
    policies: tuple[Path, ...] = (),
    documents: Sequence[Proposed] = (),
    logbook: Logbook | None = None,
    name: str = "bundle",
    judgments_name: str = "judgments",
    draft: bool = False,
) -> list[Decided]:
    """Decide every item of a request and return with each determination its rows.

    As :func:`determine`; ``logbook`` holds logs that were read, ``judgments`` may be of several clinicians.
    """
    catalog = open_catalog(*policies)
    if readings:
        catalog = catalog.with_readings(readings)
    return decided_by(
        catalog,
        bundle,
        policy=policy,
        as_of=as_of,
        judgments=judgments,
        documents=documents,
        logbook=logbook,
        names=(name, judgments_name),
        draft=draft,
    )


def decided_by(  # noqa: PLR0913 - as determine
    catalog: Catalog,
    bundle: Source,
    *,
    policy: str | None = None,
    as_of: str | None = None,
    judgments: Judged = None,
    documents: Sequence[Proposed] = (),
    logbook: Logbook | None = None,
    names: tuple[str, str] = ("bundle", "judgments"),
    draft: bool = False,
) -> list[Decided]:
    """Decide every item of a request by the policies of a catalog; ``names`` are those of the two inputs in refusals.

    The rest is as in :func:`decided`.
    """
    if policy is not None and policy not in catalog.files:
        raise InputRefused(unknown(policy, catalog))
    today = _day(as_of)
    known = scales(catalog.vocabulary, catalog.units)
    file = read_bundle(
        bundle,
        name=names[0],
        vocabulary=catalog.vocabulary,
        units=catalog.units,
        judgments=judgments,
        judgments_name=names[1],
        logbook=logbook,
        beside=tuple(confirmed(documents, known)) if documents else (),
        draft=draft,
    )
    found = _each(file, catalog, policy, today, documents)
    return [one._replace(determination=checked(one.determination)) for one in found] if draft else list(found)


def _day(as_of: str | None) -> int | None:
    if as_of is None:
        return None
    try:
        return day(as_of)
    except ValueError as fault:
        raise InputRefused(Fault.of_argument("as_of", str(fault))) from None


def _logbook(logs: Sequence[Path], columns: str | None, zone: str | None, dates: Order | None) -> Logbook | None:
    """Read the logs; none given, none read, and nothing loaded that reads them."""
    if not logs:
        return None
    from priorauth.glucose.logbook import open_logs

    try:
        return open_logs(logs, columns=columns, zone=zone, dates=dates)
    except LogRefused as fault:
        raise InputRefused(*fault.faults) from None


def _each(
    file: CaseFile, catalog: Catalog, policy: str | None, as_of: int | None, documents: Sequence[Proposed]
) -> Iterator[Decided]:
    apart = tuple(f"{one.document}: set aside: {one.findings.set_aside}" for one in documents if one.findings.set_aside)
    for request in file.requests:
        case = Case(request.requested_on if as_of is None else as_of, request.rows)
        warnings = tuple(dict.fromkeys((*file.warnings, *request.warnings, *apart)))
        chosen = _choose(request, catalog, policy, case.as_of)
        applied = chosen if isinstance(chosen, Policy) else None
        if applied is not None and documents:
            case = _beside(request, case, applied, catalog, documents)
        place = Place(
            claim=request.claim,
            item=request.item,
            sequence=request.sequence,
            as_of=case.as_of,
            request=_about(file.patient, request, case, catalog),
            pinned=_pinned(request, case, catalog, applied),
            said=request.words,
            warnings=warnings,
            notes=tuple(catalog.merged(applied)) if applied else (),
            documents=papers.said(documents, case, catalog.vocabulary) if documents else {},
        )
        if isinstance(chosen, str):
            yield Decided(_not_ours(place, chosen), case)
        else:
            yield Decided(report(decide(chosen, case, catalog.vocabulary, catalog.common), chosen, place), case)


def _beside(request: Request, case: Case, policy: Policy, catalog: Catalog, documents: Sequence[Proposed]) -> Case:
    """Return a case with what its documents say and nobody has confirmed."""
    rows = with_opened(documents, case.rows, scales(catalog.vocabulary, catalog.units), request.requested_on)
    return papers.beside(policy, case, Case(case.as_of, rows), catalog.vocabulary, catalog.common)


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
        if found.takes(request.product):
            return found
    return f"no policy of this payer speaks about product {request.product}"


def _pinned(request: Request, case: Case, catalog: Catalog, policy: Policy | None) -> dict[str, object]:
    """List what a determination rests on, for its receipt."""
    readings = {name: reading.text for name, reading in (policy.readings or {}).items()} if policy else {}
    return {
        "policy": policy.sha256 if policy else None,
        **({"unread": policy.unread.sha256} if policy and policy.unread else {}),
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


def _about(member: str, request: Request, case: Case, catalog: Catalog) -> About:
    """Return what is asked."""
    payer = catalog.payer_of(request.payer, request.payer_names)
    born = _stated(case, "birth_date")
    kind = _stated(case, "request_kind")
    return About(
        member=member,
        age=None if born is None or born.low is None else years_between(born.low, case.as_of),
        product=request.product,
        kind=None if kind is None or kind.text == UNREAD else kind.text,
        payer=None if payer is None else payer.name,
        requested_on=iso(case.as_of),
        received_on=iso(request.received_on),
        service_on=iso(request.service_on),
        expedited=request.expedited,
    )


def _stated(case: Case, fact: str) -> Answer | None:
    """Return the newest statement of an attribute, where there is one alone."""
    found = newest(tuple(row for row in case.of(fact) if isinstance(row, Answer)))
    return found[0] if len(found) == 1 else None


def _not_ours(place: Place, why: str) -> Determination:
    """Say that no policy here applies."""
    made = Determination(
        claim=place.claim,
        item=place.item,
        sequence=place.sequence,
        request=place.request,
        policy=None,
        pathway=None,
        as_of=iso(place.as_of),
        outcome="not-applicable",
        reasons=(ReasonGiven(None, why),),
        criteria=(),
        counts={},
        questions=(),
        ask=None,
        conflicts=(),
        assumed=(),
        notes=(why,),
        decide_after=None,
        grants=None,
        would_grant=None,
        receipt={},
        warnings=place.warnings,
    )
    return sealed(made, place.pinned)
