"""A call of a hook from end to end: what it is about, what is known, what is said, and what is kept of it.

Every call is kept with its answer and the receipts of what was determined; every order that was answered leaves a
context, by which forms can be opened and a request can be sent later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import structs

from priorauth.decide.decided import Applied
from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided
from priorauth.errors import InputRefused
from priorauth.exchange.call import Call, Told
from priorauth.exchange.crd import answer, cards, charts, coverage, known, meaning, member, orders, request
from priorauth.exchange.crd.cards import Touched
from priorauth.exchange.crd.case import bundle, cases
from priorauth.exchange.crd.charts import Chart
from priorauth.exchange.crd.coverage import Reason, Said, Signed
from priorauth.exchange.crd.discovery import hook_of
from priorauth.exchange.crd.held import Held, Item
from priorauth.exchange.crd.kept import keep
from priorauth.exchange.crd.meaning import Asking, Known
from priorauth.exchange.crd.member import Cover
from priorauth.exchange.crd.orders import CODES, Order
from priorauth.exchange.crd.pool import Pool
from priorauth.exchange.crd.request import Asked
from priorauth.exchange.crd.undecided import policy_of, undecided
from priorauth.exchange.dtr import offered
from priorauth.exchange.wire import JSON, Fault, Json
from priorauth.ledger import readings, runs
from priorauth.policy.catalog import Catalog
from priorauth.record import together

_HEADS: Final[Mapping[str, str]] = {
    "approve": "All that the policy asks is on file",
    "not-required": "No prior authorization is needed",
    "request-information": "Prior authorization is needed",
    "not-yet": "Prior authorization is needed, and cannot be decided yet",
    "clinical-review": "Prior authorization is needed",
    "not-applicable": "This is not decided by this plan's policies",
    "other-criteria": "This is decided by other criteria",
}


def hook(call: Call) -> Told:
    """Answer a hook; raises Fault. Whatever comes of it is kept."""
    begun = call.service.tick()
    name = hook_of(call.path["service"], call.plan)
    held: Held | None = None
    try:
        asked = request.read(call.body, name)
        held = _held(call, asked)
        body = msgspec.json.encode(_answered(held))
    except Fault as fault:
        keep(call, name, held, fault.status, msgspec.json.encode(fault.outcome()), begun)
        raise
    keep(call, name, held, 200, body, begun)
    return Told(body, media=JSON)


def _held(call: Call, asked: Asked) -> Held:
    pool = Pool()
    for one in (*asked.context.values(), *asked.prefetch.values()):
        pool.add(one)
    day = known.today(call)
    settings = readings.held(call.settings, day)
    chart = Chart(asked, call.partner.ehr, call.service.tick)
    return Held(call, asked, pool, chart, settings, runs.catalog(settings), day)


def _answered(held: Held) -> Json:
    """Return the answer of a hook."""
    asked, call = held.asked, held.call
    if asked.hook.startswith("encounter"):
        return {"cards": [], "systemActions": []}
    _framed(held)
    about = orders.orders(asked, held.pool)
    found = _covers(held, about)
    _begun(held, about, found)
    _determined(held)
    _said(held)
    actions = list(_actions(held, about)) if asked.options.coverage else []
    shown = cards.cards(list(_touched(held)), asked.options, call.plan, call.version, asked.instance)
    return {"cards": shown, "systemActions": actions}


# ---- what it is about


def _framed(held: Held) -> None:
    """Ask the chart for what every call needs and this one does not bring; raises Fault where it cannot be had."""
    asked, pool, chart = held.asked, held.pool, held.chart
    wanted = orders.missing(asked, pool)
    chart.ask(charts.frame(asked, pool, [*wanted, *orders.based_on(asked, pool)]), pool)
    chart.ask(charts.named([*orders.things(asked, pool), *member.unresolved(pool)]), pool)
    if not asked.primary:
        return
    if len(orders.missing(asked, pool)) == len(wanted) > 0 and len(wanted) == len(request.dispatched(asked.context)):
        raise Fault(412, "not-found", "the order was not brought and cannot be asked for", "prefetch.order")
    if not pool.all("Coverage") and "coverage" not in asked.prefetch and not chart.fault and not _searched(held):
        raise Fault(412, "not-found", "no Coverage was brought and none can be asked for", "prefetch.coverage")


def _searched(held: Held) -> bool:
    """Whether the chart was asked and had an answer."""
    return held.chart.open


def _covers(held: Held, about: Sequence[Order]) -> list[Cover]:
    """Return the coverages; where a fault of the chart kept one away, what orders say of it stands for it."""
    asked, pool, call = held.asked, held.pool, held.call
    if pool.all("Coverage"):
        return member.covers(asked, pool, call.plan.payer, held.catalog, call.version, held.day)
    if held.chart.fault is not None and asked.primary:
        named = [one for order in about for one in order.order.get("insurance") or () if isinstance(one, dict)]
        reference = str(next((one["reference"] for one in named if "reference" in one), ""))
        return [Cover({"resourceType": "Coverage", "id": reference.rpartition("/")[2]}, unknown=True)]
    if not asked.primary:
        return []
    if call.version == "2.2":
        return member.covers(asked, pool, call.plan.payer, held.catalog, call.version, held.day)
    return [Cover({"resourceType": "Coverage"}, "coverage-not-found")]


def _begun(held: Held, about: Sequence[Order], found: list[Cover]) -> None:
    call = held.call
    for order in about:
        for cover in member.of_order(order, found):
            product = _product(order, held.catalog)
            case = cases(held.asked, order, cover, call.tenant, call.client, product, held.day)
            held.items.append(Item(case))


def _product(order: Order, catalog: Catalog) -> str | None:
    """Return the code by which an order is decided: the first of its codes of which a policy speaks, else the first."""
    spoken = _products(catalog)
    return next((code for code in order.codes if code in spoken), next(iter(order.codes), None))


@lru_cache(maxsize=16)
def _products(catalog: Catalog) -> frozenset[str]:
    return frozenset(code for policy in catalog.all() for code in policy.products)


# ---- what is determined


def _determined(held: Held) -> None:
    """Determine what can be; where facts are open and the chart may be asked, ask and determine again."""
    open_items = [
        one for one in held.items if one.case.product and not one.case.cover.lacking and not _fails(held, one)
    ]
    for one in open_items:
        _determine(held, one)
    if not held.chart.open:
        return
    facts = sorted({fact for one in open_items if one.made for fact in undecided(one.made, held.catalog)})
    if held.chart.ask(charts.searches(held.asked, facts, held.catalog.vocabulary), held.pool):
        _again(held, open_items)


def _again(held: Held, open_items: Sequence[Item]) -> None:
    """Determine again with what the chart held; where that cannot be read, what was found before stands."""
    before = [(one, one.bundle, one.made, one.rows) for one in open_items]
    try:
        for one in open_items:
            _determine(held, one)
    except Fault:
        held.chart.fault = "the chart holds something that cannot be read"
        for one, sent, made, rows in before:
            one.bundle, one.made, one.rows = sent, made, rows


def _fails(held: Held, item: Item) -> bool:
    """Whether the coverage of an item could not be had for a fault of the chart."""
    return held.chart.fault is not None and item.case.cover.unknown and not held.pool.all("Coverage")


def _determine(held: Held, item: Item) -> None:
    beside = [one.case.order for one in held.items if one is not item and one.case.cover is item.case.cover]
    others = [one for one in beside if _matters(one, held.catalog)]
    made = bundle(held.asked, item.case, others, held.pool, held.day)
    item.bundle = msgspec.json.encode(made)
    try:
        found = decided(
            item.bundle,
            policies=tuple(Path(one) for one in held.settings.get("policies", ())),
            readings=held.settings.get("readings") or None,
            name="hook",
        )
    except InputRefused as refused:
        raise Fault(400, "invalid", str(refused)) from None
    item.made = found[0].determination
    item.rows = str(item.made.receipt.get("rows", ""))


def _matters(order: Order, catalog: Catalog) -> bool:
    """Whether an order can change what is said of one beside it: of what is no device, only by its codes."""
    device = order.order["resourceType"] == "DeviceRequest"
    return (device or bool(order.codes)) and together.matter(order.codes, catalog.vocabulary)


# ---- what is said


def _said(held: Held) -> None:
    """Say of each item what follows from all that is known."""
    known_of = known.known(held.call, [one.case for one in held.items], held.day)
    for item in held.items:
        item.said = _of_item(held, item, known_of.get(item.case.identity, Known()))


def _of_item(held: Held, item: Item, ledger: Known) -> Said | None:
    case, asked = item.case, held.asked
    if case.cover.lacking is not None:
        return meaning.lacking(case.cover.lacking)
    if _fails(held, item):
        return meaning.technical(f"the chart could not be read: {coverage.SAYS['technical']}")
    if case.product is None:
        if asked.hook == "order-select":
            return None
        speaks = bool(CODES.get(case.order.order["resourceType"])) or case.order.order["resourceType"] == "Appointment"
        return meaning.undetailed(case.order.said) if speaks else meaning.unspoken(case.order.said)
    assert item.made is not None  # noqa: S101 - determined above
    if item.made.policy is None and asked.hook == "order-select":
        return None
    if ledger == Known() and item.made.outcome == "approve":
        ledger = _unasked(held, item) or ledger
    found = meaning.said(item.made, ledger, Asking(asked.primary, _forms(held, item.made)))
    return _unread(found, asked) if held.chart.fault is not None and item.made.questions else found


def _unasked(held: Held, item: Item) -> Known | None:
    """Return an authorization that nobody asked for, where the plan gives one and the caller wants it; None else."""
    wanted = held.asked.options.unsolicited and held.asked.options.coverage and held.asked.primary
    whole = held.chart.fault is None and not held.chart.part
    if not (held.call.plan.unsolicited and wanted and whole and held.settings.get("approve_by_rule", True)):
        return None
    return known.authorized(held.call, item.case, item.bundle, item.rows, held.day)


def _unread(found: Said, asked: Asked) -> Said:
    """Return what is said where the chart could not be read: what is still to be shown cannot be told."""
    reasons = (Reason(f"the chart could not be read: {coverage.SAYS['technical']}", "technical"), *found.reasons)
    if not asked.primary:
        return structs.replace(found, pa="indeterminate", reasons=reasons)
    return structs.replace(found, docs=("indeterminate",), reasons=reasons)


def _forms(held: Held, made: Determination) -> tuple[str, ...]:
    """Return the canonical addresses of the forms by which what is open can be answered."""
    if made.policy is None:
        return ()
    call, policy = held.call, policy_of(made.policy, held.catalog)
    return offered.canonicals(call.plan, policy, made.pathway, call.fhir, partner=call.partner)


def _actions(held: Held, about: Sequence[Order]) -> Iterator[Json]:
    """Yield the actions, one for each order of which something new is said."""
    payer = held.call.plan.payer
    named = {"phone": payer.phone, "email": payer.email, "url": payer.website}
    telecom = tuple({"system": system, "value": value} for system, value in named.items() if value)
    for order in about:
        found: list[Json] = []
        for one in held.items:
            if one.case.order is order and one.said is not None:
                signed = Signed(
                    one.case.cover.reference,
                    held.day,
                    one.case.context,
                    held.day + timedelta(days=held.call.plan.context_days),
                    telecom,
                    payer.name,
                )
                found.append(coverage.extension(one.said, signed, held.call.version))
        if found and (made := answer.action(order, found)) is not None:
            yield made


def _touched(held: Held) -> Iterator[Touched]:
    """Yield the policies that speak of orders, for the cards."""
    for one in held.items:
        if one.made is None or one.made.policy is None or one.said is None:
            continue
        open_things = tuple(dict.fromkeys(question.ask for question in one.made.questions))
        done = f"Authorized under {one.said.number}" if one.said.number else _HEADS[one.made.outcome]
        address = _published(held, one.made.policy)
        settled = one.said.pa in ("satisfied", "no-auth") or not held.asked.primary
        yield Touched(
            one.made.policy,
            one.case.order.name,
            one.case.order.said,
            () if settled else open_things,
            done,
            address,
            one.case.context if one.said.questionnaires else None,
        )


def _published(held: Held, applied: Applied) -> str | None:
    """Return where people can read a policy: as the plan says it, else as the policy itself does."""
    if held.call.plan.terms:
        return held.call.plan.terms.replace("{policy}", applied.id)
    return policy_of(applied, held.catalog).source.get("url")
