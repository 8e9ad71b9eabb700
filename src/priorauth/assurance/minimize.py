"""Least: of all patients of whom something holds one who is easy to read, with little in the way and little on file.

The limits are in the solver's own units of work, so that the same patient is found on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import z3

from priorauth.assurance.replay import holds
from priorauth.engines.solver.outcome import World
from priorauth.engines.solver.view import Bool, all_, not_

PATIENCE, NO_LIMIT = 5_000_000, 0
"""For each wish; one that takes more is left out. The answer itself has no limit."""


class Unit(NamedTuple):
    """Something on file that may be left away: the words for its being there as it is, and for its not being there."""

    kept: Bool
    gone: Bool


def least(world: World, wanted: list[Bool], wishes: list[list[Bool]]) -> z3.ModelRef | None:
    """Find a patient of whom all that is wanted holds, and as many wishes as go together, the first list first.

    Of what is on file then, one thing after the other is left away that all this does not rest on.
    """
    model = world.ask(*wanted)
    if model is None:
        return None
    solver = world.solver
    solver.push()
    solver.set("rlimit", PATIENCE)
    try:
        solver.add(*wanted)
        for listed in wishes:
            model = _granting(solver, model, listed)
            solver.add(*(wish for wish in listed if holds(model, wish)))
        solver.set("rlimit", NO_LIMIT)
        return _thinned(solver, model, [list(units) for units in _on_file(world, model)])
    finally:
        while solver.num_scopes():
            solver.pop()
        solver.set("rlimit", NO_LIMIT)


def _granting(solver: z3.Solver, model: z3.ModelRef, wishes: list[Bool]) -> z3.ModelRef:
    """Grant as many wishes as go together: all at once, else each half of them after the other."""
    open_ = [wish for wish in wishes if not holds(model, wish)]
    solver.add(*(wish for wish in wishes if holds(model, wish)))
    if not open_:
        return model
    solver.push()
    solver.add(*open_)
    if solver.check() == z3.sat:
        return solver.model()
    solver.pop()
    if len(open_) == 1:
        return model
    half = len(open_) // 2
    return _granting(solver, _granting(solver, model, open_[:half]), open_[half:])


def _thinned(solver: z3.Solver, model: z3.ModelRef, facts: list[list[Unit]]) -> z3.ModelRef:
    """Leave away fact after fact, or what there is of it, with everything else as it is."""
    state: list[list[Bool]] = []
    for one, units in enumerate(facts):
        state.append([z3.Bool(f"kept {one}.{two}") for two in range(len(units))])
        solver.add(*(z3.Implies(bit, unit.kept) for bit, unit in zip(state[one], units, strict=True)))
    for one, units in enumerate(facts):
        rest = [bit for bits in state[one + 1 :] for bit in bits]
        kept, gone = state[one], [unit.gone for unit in units]
        if all(unit.gone is unit.kept for unit in units):
            pass
        elif solver.check(*rest, *gone) == z3.sat:
            model, kept = solver.model(), gone
        else:
            for two, unit in enumerate(units if len(units) > 1 else ()):
                tried = [*kept[:two], unit.gone, *kept[two + 1 :]]
                if solver.check(*rest, *tried) == z3.sat:
                    model, kept = solver.model(), tried
        solver.add(*kept)
    return model


def _on_file(world: World, model: z3.ModelRef) -> Iterator[list[Unit]]:
    """Yield fact by fact what is on file in a model; judgments first, then by name."""
    patient, vocabulary = world.patient, world.patient.grid.vocabulary
    for fact in sorted(patient.choices, key=lambda fact: (vocabulary[fact].kind != "judgment", fact)):
        choice = patient.choices[fact]
        chosen, plain = choice.of(model), 1 if fact == "quantity_requested" else None
        kept = choice.when(_is(chosen))
        yield [Unit(kept, kept if chosen == plain or plain not in choice.options else choice.when(_is(plain)))]
    for fact in sorted(patient.rows):
        dated = patient.rows[fact]
        unsaid = not_(dated.whole)
        units = [Unit(dated.whole if holds(model, dated.whole) else unsaid, unsaid)]
        absent = all_(not_(entry.present) for entry in dated.entries if not holds(model, entry.present))
        for entry in dated.entries:
            if holds(model, entry.present):
                same = [term == model.eval(term, model_completion=True) for term in (entry.count, entry.days)]
                units.append(Unit(all_(same), not_(entry.present)))
        yield [*units, Unit(absent, absent)]


def _is(wanted: object) -> Callable[[object], bool]:
    return lambda option: option == wanted
