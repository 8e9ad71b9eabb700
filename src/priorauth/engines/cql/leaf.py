"""A leaf as a call of the shared CQL library: the form, and over it what no word on its fact means."""

from __future__ import annotations

from priorauth.engines.cql import measures, pieces, states
from priorauth.engines.cql.view import View
from priorauth.language import contents, traits
from priorauth.language import forms as f


def call(form: f.Form, view: View) -> str:
    """Write a leaf as CQL; silence is laid over it where the vocabulary says that absence goes undocumented.

    Raises Unsayable for a number that CQL cannot hold.
    """
    written = _written(form, view)
    fact = view.vocabulary.facts.get(form.fact)
    if fact is None or not fact.silent_no or not traits.of(form).silenced:
        return written
    hints = "".join(f" and not {view.fact(other)}.hinted" for other in fact.silent_unless)
    silent = f"{view.fact(fact.name, contents.role_of(form))}.silent{hints}"
    return pieces.call("Silence", written, silent, pieces.boolean(isinstance(form, f.NoRow)))


def _written(form: f.Form, view: View) -> str:
    if isinstance(form, f.Windowed):
        return measures.rows(form, view)
    if isinstance(form, f.NoWorse):
        return measures.no_worse(form, view)
    return states.anchored(form, view) if isinstance(form, f.Anchored) else states.stated(form, view)
