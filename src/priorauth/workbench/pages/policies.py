"""The policies: what each asks and what was read into it, two versions or several payers side by side, and what if.

A reading is changed by two people: one proposes, another publishes or refuses.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from priorauth.errors import PolicyFaults
from priorauth.ledger import readings, whatif
from priorauth.ledger.acts import policies as acts
from priorauth.ledger.whatif import Change
from priorauth.policy.catalog import Catalog
from priorauth.policy.document import CURRENT
from priorauth.policy.tree import Policy
from priorauth.policy.version import Version
from priorauth.policy.views.compare import LEGEND, beside
from priorauth.policy.views.page import doubt
from priorauth.server.problem import Problem
from priorauth.values.dates import iso
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import members, policy, proposals, versions
from priorauth.workbench.view import whatif as counted
from priorauth.workbench.visit import Visit, form, page

KINDS: Final = (
    ("initial", "first request"),
    ("continued", "continued use"),
    ("replacement", "replacement"),
)
_READ: Final = "read"
_MEMBERS: Final = "members"
_WHY: Final = "Say why, in a sentence that a colleague will understand in a year."


@page("policies")
def listed(visit: Visit) -> Response:
    """Show every version of every policy, what waits for a second person, and which products can be compared."""
    found = policy.catalog(visit)
    staff = render.may(visit.role)("policy-whatif")
    with visit.store.reading(visit.session.tenant) as connection:
        cases = whatif.counted(connection, visit.session.tenant) if staff else {}
    today = policy.today(visit)
    rows = [
        {
            "one": one,
            "payer": _payer(found, one.policy),
            "span": policy.span(one),
            "holds": one.holds(today),
            "newest": _newest(found, one),
            "first": one.first.isoformat(),
            "cases": cases.get(one.policy, 0),
        }
        for one in sorted(
            found.listed(), key=lambda one: (_payer(found, one.policy), one.policy, -one.first.toordinal())
        )
    ]
    waiting = [one for one in proposals.proposals(visit) if one.open] if staff else []
    return render.page(visit, "policies.html", rows=rows, waiting=waiting, staff=staff, codes=_codes(found))


def _newest(found: Catalog, one: Version) -> str:
    """Return whether a version is the payer's newest text, as far as anybody knows."""
    if one.first.isoformat() < iso(found.files[one.policy][-1][0]):
        return "no, a later one is here"
    if found.unread(one.policy):
        return "no, a later one is known and was not read"
    return "yes" if one.currency == CURRENT else doubt(one.currency)


def _payer(found: Catalog, name: str) -> str:
    payer = found.payers.get(name.partition("/")[0])
    return payer.name if payer else name.partition("/")[0]


def _codes(found: Catalog) -> tuple[str, ...]:
    """Return the products of which several policies speak."""
    count: dict[str, int] = {}
    for name in found.files:
        for product in found.versions(name)[-1].products:
            count[product] = count.get(product, 0) + 1
    return tuple(sorted(product for product, of in count.items() if of > 1))


@page("policy")
def one(visit: Visit) -> Response:
    """Show a version of a policy, the one in force where none is named."""
    found = policy.catalog(visit)
    version = policy.version_of(found, visit.path("id"), visit.asked("version"), policy.today(visit))
    explained = _explained(version)
    waiting = [made for made in proposals.proposals(visit, version.id) if made.open]
    shown = policy.shown(found, version)
    return render.page(visit, "policy.html", shown=shown, explained=explained, waiting=waiting, span=policy.span)


def _explained(version: Policy) -> list[tuple[str, str, str]] | None:
    """Return what a proof found in a version and a person explained; None where the solver is not installed."""
    try:
        from priorauth.assurance import findings
    except ImportError:
        return None
    try:
        return [(found.name, found.kind, found.why) for found in findings.explained(version)]
    except PolicyFaults as faults:
        raise Problem("state", f"the findings beside {version.id}: {faults.faults[0].message}") from None


@page("policy-diff")
def difference(visit: Visit) -> Response:
    """Show what changed from an older version (in the address) to another, the newest where none is named."""
    found = policy.catalog(visit)
    name = visit.path("id")
    older = policy.version_of(found, name, visit.path("v"), policy.today(visit))
    newer = policy.version_of(
        found, name, visit.asked("to") or iso(found.versions(name)[-1].effective.first), policy.today(visit)
    )
    try:
        made = versions.difference(found, older, newer)
    except versions.NoSolver:
        made = None
    first, second = policy.shown(found, older), policy.shown(found, newer)
    return render.page(visit, "policy-diff.html", older=first, newer=second, made=made, span=policy.span)


@page("policy-compare")
def compare(visit: Visit) -> Response:
    """Show who asks what for a product, one column a payer."""
    found = policy.catalog(visit)
    code = visit.path("code")
    kind = visit.asked("kind", KINDS[0][0])
    if kind not in dict(KINDS):
        raise Problem("invalid", f"no kind of request is named {kind[:40]}")
    today = policy.today(visit)
    every = [policy.version_of(found, name, "", today) for name in found.files]
    columns = [version for version in every if code in version.products]
    if not columns:
        raise Problem("not-found", f"no policy speaks about {code[:20]}")
    made = beside(columns, found.vocabulary, code, kind)
    payers = [_payer(found, version.id) for version in columns]
    legend = [line.removeprefix("- ").replace("**", "") for line in LEGEND.splitlines() if line]
    codes = _codes(found)
    return render.page(
        visit,
        "policy-compare.html",
        made=made,
        payers=payers,
        code=code,
        kind=kind,
        kinds=KINDS,
        codes=codes,
        legend=legend,
    )


@page("policy-reading")
def reading(visit: Visit) -> Response:
    """Show a reading: what it means, what was proposed of it, and the form for another value."""
    return _reading(visit, render.NO_FORM)


def _reading(visit: Visit, sent: Form, status: int = 200) -> Response:
    found = policy.catalog(visit)
    version = policy.version_of(found, visit.path("id"), "", policy.today(visit))
    shown = policy.shown(found, version)
    this = next((known for known in shown.readings if known.name == visit.path("reading")), None)
    if this is None:
        raise Problem("not-found", f"{shown.id} has no reading named {visit.path('reading')[:80]}")
    made = proposals.proposals(visit, shown.id, this.name)
    lines = [line for part in shown.parts for root in part.lines for line in _lines(root, this.name)]
    return render.page(
        visit,
        "policy-reading.html",
        status,
        form=sent,
        value=visit.asked("value"),
        shown=shown,
        this=this,
        made=made,
        lines=lines,
        today=policy.today(visit).isoformat(),
    )


def _lines(line: policy.Line, name: str, above: policy.Line | None = None) -> list[tuple[policy.Line, policy.Line]]:
    """Return each line that rests on a reading, with the nearest numbered criterion above it, or itself."""
    here = line if line.id or above is None else above
    own = [(here, line)] if name in dict(line.readings) else []
    return own + [found for part in line.parts for found in _lines(part, name, here)]


@form("reading-propose")
def propose(visit: Visit, sent: Form) -> Response:
    """Propose another value."""
    name, wanted = visit.path("id"), visit.path("reading")
    value = sent.text("value", "Write the value, as the policy writes it.", most=80)
    first = sent.day("first", "Choose the day from which it holds, as in 2026-11-27.")
    why = sent.text("why", _WHY)
    if first is not None and first < policy.today(visit):
        sent.wrong["first"] = "Choose today or a later day: what was decided stays as it was."
    if value and "value" not in sent.wrong:
        found = policy.catalog(visit)
        policy.version_of(found, name, "", policy.today(visit))
        if said := readings.unfit(found, name, wanted, value):
            sent.wrong["value"] = f"{said[:1].upper()}{said[1:]}."
    if sent.wrong or first is None:
        return _reading(visit, sent, 422)
    act = acts.ProposeReading(policy=name, reading=wanted, value=value, first=first, why=why, key=visit.key(sent))
    visit.do(act)
    return visit.see(f"/p/{name}/readings/{wanted}", "reading-proposed")


@form("reading-publish")
def publish(visit: Visit, sent: Form) -> Response:
    """Publish what another person proposed."""
    why = sent.text("why", _WHY)
    if sent.wrong:
        return _reading(visit, sent, 422)
    visit.do(acts.PublishReading(proposal=sent.said("proposal"), why=why, key=visit.key(sent)))
    return visit.see(f"/p/{visit.path('id')}/readings/{visit.path('reading')}", "reading-published")


@form("reading-refuse")
def refuse(visit: Visit, sent: Form) -> Response:
    """Refuse what another person proposed."""
    why = sent.text("why", _WHY)
    if sent.wrong:
        return _reading(visit, sent, 422)
    visit.do(acts.RefuseReading(proposal=sent.said("proposal"), why=why, key=visit.key(sent)))
    return visit.see(f"/p/{visit.path('id')}/readings/{visit.path('reading')}", "reading-refused")


@form("reading-withdraw")
def withdraw(visit: Visit, sent: Form) -> Response:
    """Take back what one proposed oneself."""
    visit.do(acts.WithdrawReading(proposal=sent.said("proposal"), key=visit.key(sent)))
    return visit.see(f"/p/{visit.path('id')}/readings/{visit.path('reading')}", "reading-withdrawn")


@page("policy-whatif")
def what_if(visit: Visit) -> Response:
    """Show what a reading or a version would change in past cases, counts alone."""
    asked = Form({name: (visit.asked(name),) for name in ("reading", "value", "version", _READ, _MEMBERS)})
    return _what_if(visit, asked)


@form("whatif-cases")
def named_cases(visit: Visit, sent: Form) -> Response:
    """List the numbers of the cases that a change would change; that they were listed is recorded."""
    return _what_if(visit, sent, cases=True)


def _what_if(visit: Visit, asked: Form, *, cases: bool = False) -> Response:
    found = policy.catalog(visit)
    name = visit.path("id")
    shown = policy.shown(found, policy.version_of(found, name, "", policy.today(visit)))
    change = _change(asked, name)
    made = population = None
    if change is not None:
        if change.reading and (said := readings.unfit(found, name, change.reading, change.value)):
            asked.wrong["value"] = f"{said[:1].upper()}{said[1:]}."
        elif change.version:
            policy.version_of(found, name, change.version, policy.today(visit))
        if not asked.wrong:
            upto = asked.whole(_READ, "") if asked.said(_READ) else counted.AT_ONCE
            made = counted.found(visit, change, upto)
            population = members.found(visit, found, change) if asked.said(_MEMBERS) else None
    if cases and made is not None and change is not None:
        act = acts.NameCases(policy=name, change=says(change), cases=made.cases, key=visit.key(asked))
        visit.do(act)
    return render.page(
        visit,
        "policy-whatif.html",
        422 if asked.wrong else 200,
        form=asked,
        shown=shown,
        made=made,
        change=change,
        says=says(change) if change else "",
        cases=cases,
        members=population,
        at_once=counted.AT_ONCE,
        outcome=counted.said,
        span=policy.span,
    )


def _change(asked: Form, name: str) -> Change | None:
    """Return what is to be changed; None where nothing is named."""
    if asked.said("version"):
        return Change(name, version=asked.said("version"))
    if not asked.said("reading"):
        return None
    value = asked.text("value", "Write the value to try.", most=80)
    return None if asked.wrong else Change(name, asked.said("reading"), value)


def says(change: Change) -> str:
    """Return a change in words."""
    if change.version:
        return f"the version from {render.day(change.version)} in force on every day"
    return f"{policy.title_of(change.reading)} = {change.value}"
