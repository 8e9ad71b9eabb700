"""``$questionnaire-package``: for an order, by the name of a form, or for the context of an answer of CRD, the forms
with everything that fills them in.

Each form comes as a Bundle of its own: the Questionnaire, a response begun with what is on file, the libraries and the
ValueSets. All but the response is the same for everybody and kept as bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from priorauth.decide.determine import decided_by
from priorauth.errors import InputRefused
from priorauth.exchange.call import Call, Told
from priorauth.exchange.dtr import offered
from priorauth.exchange.dtr.bundles import Wanted, bundle, reference
from priorauth.exchange.dtr.opening import Opening, opening_of
from priorauth.exchange.dtr.wishes import Wishes
from priorauth.exchange.plan import Version
from priorauth.exchange.wire import Fault, Json, issue, outcome
from priorauth.export import forms
from priorauth.export.addresses import questionnaire
from priorauth.export.forms import Form
from priorauth.facts.case import Case
from priorauth.ledger import runs
from priorauth.policy.catalog import Catalog

OUT: Final[dict[Version, tuple[str, str]]] = {
    "2.0": ("PackageBundle", "operationOutcome"),
    "2.2": ("packagebundle", "outcome"),
}
"""What the parameters of an answer are called: of a Bundle, and of what is said beside."""
UNKNOWN: Final = "a questionnaire that is asked for is not known here"
TWICE: Final = "two versions of one form are for orders or coverages of their own: the first that is asked for is given"
SEVERAL: Final = "expected a coverage that says which payer it is of: several have a policy for this product"
LOST: Final = "no context of that id is known here, or it has ended: call CRD for the order again"
NO_FORM: Final = (
    "no form here is for this: look at the policy that coverage-information and the plan's cards name, or ask the plan "
    "which documents it wants"
)


def package(call: Call) -> Told:
    """Answer ``$questionnaire-package``."""
    asked = Wishes.read(call)
    catalog = runs.catalog(call.settings)
    warnings: list[Json] = []
    wanted = list(_once(_wanted(call, asked, catalog, warnings), warnings))
    form, said = OUT[call.version]
    parts: list[Json] = [
        {"name": form, "resource": msgspec.Raw(bundle(call, one, catalog))}
        for one in wanted
        if asked.since is None or _changed(one.form, asked.since)
    ]
    if wanted and not parts:
        warnings.append(issue("information", "informational", "nothing has changed since then"))
    if warnings:
        parts.append({"name": said, "resource": outcome(*warnings)})
    return Told({"resourceType": "Parameters", "parameter": parts})


# ---- which forms


def _wanted(call: Call, asked: Wishes, catalog: Catalog, warnings: list[Json]) -> Iterator[Wanted]:
    """Yield the forms that are asked for; what cannot be found is said in ``warnings``, or raised as a Fault.

    Who names a form has chosen that of its policy: of the same policy none is added for an order or a context.
    """
    of_context = None if asked.context is None else _of_context(call, asked, catalog)
    named: set[str] = set()
    for name in asked.names:
        form = _named(call, name, catalog)
        if form is None:
            warnings.append(issue("warning", "not-found", UNKNOWN, "Parameters.parameter.valueCanonical"))
            continue
        named.add(form.policy.id)
        if of_context is not None:
            yield msgspec.structs.replace(of_context, form=form)
        else:
            yield _for(asked, form, asked.orders[0] if asked.orders else None)
    orders = asked.orders
    if of_context is not None:
        orders = [one for one in orders if not offered.same(reference(one), reference(of_context.order))]
        for form in offered.of(
            call.plan, of_context.form.policy, _pathway_of(of_context), hooked=True, partner=call.partner
        ):
            if form.policy.id not in named:
                yield msgspec.structs.replace(of_context, form=form)
    if orders:
        yield from _of_orders(call, asked, orders, catalog, named, warnings)


def _of_orders(  # noqa: PLR0913, PLR0917 - what orders are held against
    call: Call, asked: Wishes, orders: list[Json], catalog: Catalog, named: set[str], warnings: list[Json]
) -> Iterator[Wanted]:
    """Yield the forms of orders; of an order for what no policy here lists there is a warning."""
    payers = offered.payers(asked.coverages, call.plan.payer, catalog)
    if payers is None:
        if asked.names:
            return
        raise Fault(404, "not-found", "the coverage is of none of the payers of this plan", "Coverage.payor")
    for order in orders:
        policies = offered.policies(order, payers, catalog, call.now.date())
        if not policies and not asked.names:
            warnings.append(issue("warning", "not-found", NO_FORM, "Parameters.parameter.resource"))
        if named.intersection(one.id for one in policies):
            continue
        if len({one.payer for one in policies}) > 1:
            raise Fault(422, "processing", SEVERAL, "Coverage.payor")
        for policy in policies[:1]:
            for form in offered.of(
                call.plan, policy, offered.pathway(policy, order), hooked=False, partner=call.partner
            ):
                yield _for(asked, form, order)


def _for(asked: Wishes, form: Form, order: Json | None) -> Wanted:
    """Return a form for an order and the first of the coverages."""
    coverage = asked.coverages[0] if asked.coverages else None
    subject = None
    for resource, elements in ((order, ("subject", "patient")), (coverage, ("beneficiary",))):
        for element in elements if resource else ():
            held = (resource or {}).get(element)
            if subject is None and isinstance(held, dict) and held.get("reference"):
                subject = {"reference": held["reference"]}
    return Wanted(form, order, coverage, subject)


def _of_context(call: Call, asked: Wishes, catalog: Catalog) -> Wanted:
    """Return what a context is of; raises Fault where it is not known, or of others."""
    opening = opening_of(call, asked.context or "")
    if opening is None:
        raise Fault(404, "not-found", LOST, "Parameters.parameter.valueString")
    decided = _decided(opening, catalog)
    policy = None if decided is None else decided[0]
    data = opening.data
    if policy is None or decided is None:
        raise Fault(422, "processing", NO_FORM)
    references = {
        name: {"reference": data[name]} if isinstance(data.get(name), str) else data.get(name)
        for name in ("order", "coverage", "patient")
    }
    order = next((one for one in asked.orders if offered.same(reference(one), references["order"])), None)
    coverage = next(iter(asked.coverages), None)
    return Wanted(
        decided[1],
        order or _stub(references["order"]),
        coverage or _stub(references["coverage"]),
        references["patient"],
        asked.context,
        decided[2],
    )


def _decided(opening: Opening, catalog: Catalog) -> tuple[Any, Form, Case] | None:
    """Decide the Bundle of a context; return the policy, its form and the case, None where no policy takes it."""
    try:
        made = decided_by(catalog, opening.bundle, judgments=opening.words or None, names=("context", "judgments"))
    except InputRefused:
        return None
    one = next((each for each in made if each.determination.sequence == opening.sequence), made[0])
    about = one.determination.policy
    if about is None:
        return None
    version = next((each for each in catalog.versions(about.id) if each.sha256 == about.sha256), None)
    if version is None:
        return None
    pathway = next((each for each in version.pathways if each.id == one.determination.pathway), None)
    return version, Form(version, pathway), one.case


def _pathway_of(wanted: Wanted) -> str | None:
    return wanted.form.pathway.id if wanted.form.pathway else None


def _stub(reference: Any) -> Json | None:  # noqa: ANN401 - JSON
    """Return a resource of which only the reference is known."""
    said = reference.get("reference") if isinstance(reference, dict) else None
    if not isinstance(said, str) or "/" not in said:
        return None
    kind, _, name = said.rstrip("/").rpartition("/")
    return {"resourceType": kind.rpartition("/")[2], "id": name}


def _named(call: Call, canonical: str, catalog: Catalog) -> Form | None:
    """Return the form of a canonical address, with its version or without; old versions are kept."""
    address, _, version = canonical.partition("|")
    start = questionnaire("", call.fhir)
    if not address.startswith(start):
        return None
    return forms.named(catalog, address.removeprefix(start), version or None)


def _once(wanted: Iterable[Wanted], warnings: list[Json]) -> Iterator[Wanted]:
    """Yield each form once for one order and coverage; of two versions of a form, the first that is asked for."""
    seen: dict[tuple[str, str, str], str] = {}
    for one in wanted:
        key = (one.form.name, str(reference(one.order)), str(reference(one.coverage)))
        if key not in seen:
            seen[key] = one.form.version
            yield one
        elif seen[key] != one.form.version:
            warnings.append(issue("warning", "conflict", TWICE, "Parameters.parameter.valueCanonical"))


def _changed(form: Form, since: datetime) -> bool:
    """Whether a form was given out first after a moment: its version begins with the policy."""
    return form.policy.effective.first > since.date().toordinal()
