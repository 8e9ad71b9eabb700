"""The days that count for each line of a policy, from the policy and what is known of the request.

A determination names the line of every leaf; which days it counts follows from that line and from the days that it
counts from. Days of the request are in the determination; others (the start of a trial, of a pump's use) are in the
rows of the run, and without them such a window has no place.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, structs

from priorauth.decide.decided import Assessed, Decided
from priorauth.decide.evidence import bounds, window
from priorauth.decide.page.criteria import walk
from priorauth.engines.python.view import View
from priorauth.engines.python.windows import frame
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.english import labels
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy, leaves
from priorauth.values.dates import LAST_DAY, day


class Window(Struct, frozen=True):
    """The days that count: the first (None: from ever) and the last (None: without end), both included.

    Where ``counts_from`` is set, they have no place: it names, in words, the day to count from, which is not known.
    """

    first: int | None
    last: int | None
    counts_from: str | None = None


def policy_of(made: Decided, catalog: Catalog) -> Policy | None:
    """Return the version that was applied, with the readings that were in force; None where it is no longer there."""
    if made.policy is None or made.policy.id not in catalog.files:
        return None
    pinned = {name: str(text) for name, text in dict(made.receipt.get("readings") or {}).items()}
    found = [one for one in catalog.versions(made.policy.id) if one.sha256 == made.policy.sha256]
    if not found:
        return None
    if {name: one.text for name, one in (found[0].readings or {}).items()} == pinned:
        return found[0]
    own = structs.replace(catalog, overrides={**catalog.overrides, **pinned})
    return next((one for one in own.versions(made.policy.id) if one.sha256 == made.policy.sha256), None)


def forms(made: Decided, policy: Policy) -> Mapping[str, f.Form]:
    """Return the forms of a policy by their lines, of those lines that a determination names."""
    wanted = {one.test for one in walk(made.criteria) if one.test}
    every = (leaf for root in policy.roots() for leaf in leaves(root))
    return {leaf.text: leaf.form for leaf in every if leaf.text in wanted}


def seen(made: Decided, vocabulary: Vocabulary, case: Case | None = None) -> View:
    """Return the rows of a run to look up days in; without them, what the determination itself says of its days."""
    if case is not None:
        return View(case, vocabulary)
    stated = made.request.service_on
    on = day(stated)
    service = Answer("service_on", Source.RECORD, made.claim, stated, on, on, low=on, high=on)
    return View(Case(day(made.as_of), {"service_on": (service,)}), vocabulary)


def windows(made: Decided, policy: Policy, vocabulary: Vocabulary, case: Case | None = None) -> Mapping[str, Window]:
    """Return the days that count, by the line of the policy; a line that looks at all days has none."""
    view = seen(made, vocabulary, case)
    found = {line: _window(form, view) for line, form in forms(made, policy).items()}
    return {line: one for line, one in found.items() if one is not None}


def _window(form: f.Form, view: View) -> Window | None:
    if isinstance(form, f.NoWorse):
        return None
    if isinstance(form, f.On) and form.compare and (on := view.anchor(form.anchor)) is not None:
        return Window(on.first, on.last)
    if isinstance(form, f.Throughout):
        placed = frame((f.Within(form.length, form.anchor),), view)
        where = None if placed.missing else placed
    else:
        where = window(form, view)
    if where is not None:
        first, last = bounds(where)
        return None if first is None and last == LAST_DAY else Window(first, None if last == LAST_DAY else last)
    missing = [name for name in contents.anchors_of(form) if view.anchor(name) is None]
    return Window(None, None, labels().anchors.get(missing[0], missing[0])) if missing else None


def lines(one: Assessed) -> tuple[str, ...]:
    """Return the lines of the policy that a criterion rests on: its own, and those of its steps without a number."""
    own = (one.test,) if one.test else ()
    return tuple(dict.fromkeys((*own, *(line for part in one.parts if not part.id for line in lines(part)))))
