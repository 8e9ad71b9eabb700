"""Leaves as terms of the solver: the truth of each form as a pair of terms over what is on file of one patient.

Written from the meaning of the forms (docs/how-to-write-a-policy.md), apart from the evaluator, and held against it on
every witness. All rows are exact: no partial dates, no comparators, one source a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from priorauth.engines.solver import measures, no_worse, states
from priorauth.engines.solver.pair import MET, NOT_MET, UNKNOWN, Pair, if_
from priorauth.engines.solver.view import FALSE, TRUE, Bool, Patient, all_, any_, not_
from priorauth.engines.solver.windows import Span, anchor_names, spans_of
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents, traits
from priorauth.language import forms as f


class Said(NamedTuple):
    """A leaf as terms: its truth, and where it is unknown, what follows.

    ``silent``: nothing says so but silence. ``asks``: the provider side is asked. ``waits``: only time settles it.
    ``pending``: it is still going on. ``later``: so it is, and the provider side is asked once nothing waits.
    ``short``: it is not met, and only time is in the way.
    """

    truth: Pair
    silent: Bool = FALSE
    asks: Bool = TRUE
    waits: Bool = FALSE
    short: Bool = FALSE
    pending: Bool = FALSE
    later: Bool = FALSE


@dataclass(slots=True)
class Leaves:
    """Makes the terms of leaves over one patient, each form once."""

    patient: Patient
    memory: dict[f.Form, Said]
    own: Vocabulary | None = None
    """The facts as a policy reads them that says something of silence."""
    tag: str = ""
    """What the names of its terms begin with, where others are made over the same patient."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts."""
        return self.patient.grid.vocabulary if self.own is None else self.own

    def say(self, form: f.Form) -> Said:
        """Return a leaf as terms."""
        if form not in self.memory:
            said, name = self._say(form), f"{self.tag}leaf {len(self.memory)}"
            truth = Pair(
                self.patient.named(said.truth.hold, f"{name}+"), self.patient.named(said.truth.fail, f"{name}-")
            )
            self.memory[form] = said._replace(truth=truth, silent=self.patient.named(said.silent, f"{name}/silent"))
        return self.memory[form]

    def _say(self, form: f.Form) -> Said:
        truth, missing = self._over(form)
        known = any_([not_(missing), self._nothing(form)]) if missing is not FALSE else TRUE
        asks = any_([all_([known, _asked(contents.facts_of(form), self.vocabulary)]), self._anchors_asked(form)])
        asks = all_([asks, not_(self._never(form))])
        fact = self.vocabulary.facts.get(form.fact)
        said = Said(truth, asks=asks)
        if not traits.of(form).asked:
            said = said._replace(asks=FALSE)
        if isinstance(form, f.Lasts):
            waits = states.waiting(form, self.patient)
            said = said._replace(waits=waits, asks=all_([asks, not_(waits)]))
        if isinstance(form, f.Throughout):
            begun = any_(
                all_([moving, states.begun(form, spans[0], self.patient)]) for spans, moving in self._moving(form)
            )
            waits, short = all_([begun, truth.open]), all_([begun, truth.not_met])
            said = said._replace(waits=waits, short=short, asks=all_([asks, not_(waits)]))
        if isinstance(form, f.AnyRow) and form.compare and fact is not None and fact.once:
            said = said._replace(asks=self._another(form, asks))
        if isinstance(form, f.Latest | f.Share):
            said = said._replace(asks=all_([asks, not_(self._closed(form))]))
        if isinstance(form, f.Is) and fact is not None and fact.pending:
            pending = self.patient.statement(form.fact, form.role).when(lambda value: value in fact.pending)
            said = said._replace(
                truth=if_(pending, UNKNOWN, truth),
                pending=pending,
                asks=all_([asks, not_(pending)]),
                later=all_([asks, pending]),
            )
        if fact is not None and fact.silent_no and traits.of(form).silenced:
            silent = all_([self._nothing(form), not_(said.truth.settled)])
            answer = MET if isinstance(form, f.NoRow) else NOT_MET
            said = said._replace(truth=if_(silent, answer, said.truth), silent=silent)
        return said

    def _over(self, form: f.Form) -> tuple[Pair, Bool]:
        """Return the truth over every choice of days for the anchors, and the condition that one is unknown."""
        names = anchor_names(form)
        holds, fails, known = [], [], []
        for days, chosen in self.patient.anchors(names):
            pair = self._at(form, days, spans_of(form, days, self.patient.grid.as_of))
            holds.append(all_([chosen, pair.hold]))
            fails.append(all_([chosen, pair.fail]))
            known.append(chosen)
        missing = not_(any_(known)) if names else FALSE
        return Pair(any_([*holds, missing]), any_([*fails, missing])), missing

    def _moving(self, form: f.Throughout) -> Iterator[tuple[tuple[Span, ...], Bool]]:
        """Yield the span of a form where it ends with the request and moves with it, with when that is so."""
        as_of = self.patient.grid.as_of
        moves = self.patient.moves(form.anchor)
        if moves is not FALSE:
            yield spans_of(form, {form.anchor: as_of}, as_of), moves

    def _another(self, form: f.AnyRow, asks: Bool) -> Bool:
        """Whether a result is asked for: none on file fails, and one that passes wants only what was drawn with it."""
        failed, passed = [], []
        for days, chosen in self.patient.anchors(anchor_names(form)):
            one, two = measures.read(form, spans_of(form, days, self.patient.grid.as_of)[0], self.patient)
            failed.append(all_([chosen, one]))
            passed.append(all_([chosen, two]))
        if form.partner:
            beside = _asked((form.partner.fact,), self.vocabulary)
            asks = any_([all_([asks, not_(any_(passed))]), all_([any_(passed), beside])])
        return all_([asks, not_(any_(failed))])

    def _closed(self, form: f.Latest | f.Share) -> Bool:
        """Whether nothing more is to come: none on file, or too few, of a record that is whole."""
        as_of = self.patient.grid.as_of
        anchors = self.patient.anchors(anchor_names(form))
        return any_(
            all_([chosen, measures.closed(form, spans_of(form, days, as_of)[0], self.patient)])
            for days, chosen in anchors
        )

    def _at(self, form: f.Form, days: dict[str, int], spans: tuple[Span, ...]) -> Pair:
        """Return the truth where the days of all anchors are known."""
        if isinstance(form, f.NoWorse):
            return no_worse.truth(form, spans, self.patient)
        found = measures.truth(form, spans, self.patient)
        return found if found is not None else states.truth(form, days, spans, self.patient)

    def _anchors_asked(self, form: f.Form) -> Bool:
        """Whether an anchor is unknown and its day is asked of the provider side; of several the first counts."""
        conditions = []
        before: list[Bool] = []
        for name in anchor_names(form):
            unknown = not_(any_(chosen for _, chosen in self.patient.anchors((name,))))
            asked = _asked((ANCHOR_FACTS[name],), self.vocabulary)
            conditions.append(all_([*(not_(other) for other in before), unknown, asked]))
            before.append(unknown)
        return any_(conditions)

    def _never(self, form: f.Form) -> Bool:
        """Whether the first anchor that is unknown is of something that never was, so that nobody can give its day."""
        gone, before = [], list[Bool]()
        for name in anchor_names(form):
            unknown = not_(any_(chosen for _, chosen in self.patient.anchors((name,))))
            said = contents.never(name, self.vocabulary)
            if said is not None:
                gone.append(all_([*(not_(other) for other in before), unknown, self.say(said).truth.met]))
            before.append(unknown)
        return any_(gone)

    def _nothing(self, form: f.Form) -> Bool:
        fact, role = form.fact, contents.role_of(form)
        kind = self.vocabulary[fact].kind
        if kind in ("measurement", "event"):
            there = [self.patient.dated(fact).whole, *(entry.present for entry in self.patient.entries(fact))]
            return not_(any_(there))
        choice = self.patient.period(fact) if kind in ("regimen", "condition") else self.patient.statement(fact, role)
        return choice.when(lambda option: option is None)


def _asked(facts: Iterable[str], vocabulary: Vocabulary) -> Bool:
    """Whether someone of the provider side is asked for one of the facts."""
    known = [vocabulary.facts.get(name) for name in facts]
    return TRUE if any(fact and fact.kind != "judgment" and fact.asked_of != "payer" for fact in known) else FALSE
