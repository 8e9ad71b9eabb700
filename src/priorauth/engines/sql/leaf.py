"""Every form as SQL: a leaf becomes named common table expressions, the last of which holds its verdict by seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from priorauth.engines.sql import measures, states
from priorauth.engines.sql.pieces import MET, NOT_MET, UNKNOWN, Pair, fill, literal
from priorauth.engines.sql.shared import Shared
from priorauth.engines.sql.statements import Seen, Statements
from priorauth.engines.sql.view import TABLES
from priorauth.engines.sql.windows import NEVER_MISSING
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.rows import UNREAD
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents, traits
from priorauth.language import forms as f


@dataclass(frozen=True, slots=True)
class LeafSql:
    """A leaf in SQL. ``columns`` are those of its last expression beside the verdict: FLAGS, wait and lost.

    ``asked``: which of its facts somebody outside the payer can answer.
    """

    name: str
    text: str
    form: f.Form
    ctes: tuple[str, ...]
    columns: frozenset[str]
    sided: bool
    asked: frozenset[str]
    default: Pair = UNKNOWN
    """The usual verdict: of a seat that the last expression leaves out; where silence settles a leaf, what it says."""
    seen: Seen | None = None
    """Where its verdict stands among those of all statements; such a leaf has no expressions of its own."""

    @property
    def measured(self) -> bool:
        """Whether it has a measure with two ends."""
        return isinstance(self.form, f.Counted)


def is_silent(name: str, vocabulary: Vocabulary) -> bool:
    """Whether no word on a fact counts as its absence."""
    fact = vocabulary.facts.get(name)
    return fact is not None and fact.silent_no


def may_be_lost(form: f.Form) -> bool:
    """Whether a date that the form counts from may be unknown, or too imprecise for spans that have to be equal."""
    return isinstance(form, f.NoWorse) or any(name not in NEVER_MISSING for name in contents.anchors_of(form))


def gathered(form: f.Form, vocabulary: Vocabulary) -> bool:
    """Whether a leaf rests on the statements of one fact alone: all such leaves are worked out at once."""
    if contents.role_of(form) is not None:
        return False
    if not isinstance(form, f.Spoken | f.Documented) or TABLES[vocabulary[form.fact].kind] != "answer":
        return False
    if isinstance(form, f.Documented) and (
        vocabulary[form.fact].one_paper or any(isinstance(window, f.While) for window in form.windows)
    ):
        return False
    return not may_be_lost(form) and not (traits.of(form).silenced and is_silent(form.fact, vocabulary))


def _by_silence(form: f.Form) -> Pair:
    """Return the verdict where no word counts as absent."""
    return MET if isinstance(form, f.NoRow) else NOT_MET


class Unsupported(ValueError):
    """A form that has no SQL."""


@dataclass(slots=True)
class Leaves(Shared):
    """Turns forms into SQL over shared sources."""

    statements: Statements = field(default_factory=Statements)

    def leaf(self, name: str, text: str, form: f.Form) -> LeafSql:
        """Return a leaf in SQL; raises Unsupported."""
        role = contents.role_of(form)
        if role is not None and self.sources.role is None:
            return replace(self, sources=self.sources.stated_by(form.fact, role)).leaf(name, text, form)
        sided = traits.of(form).sided
        default = NOT_MET if isinstance(form, f.Refused) else UNKNOWN
        asked = frozenset(self.asked(form))
        if gathered(form, self.vocabulary):
            seen = self._seen(text, form, sided=sided)
            return LeafSql(name, text, form, (), seen.flags, sided, asked, default, seen)
        silent = traits.of(form).silenced and is_silent(form.fact, self.vocabulary)
        lost = may_be_lost(form)
        inner = f"{name}_told" if silent or lost else name
        body, columns = self.body(inner, form)
        columns = columns if lost else columns - {"lost"}
        if silent:
            body = (*body, self.silence(name, form, columns))
            columns |= {"assumed"}
            default = _by_silence(form)
        elif lost:
            self.sources.complete(form.fact)
            parts = {"rows": self.sources.rows(form.fact), "fact": literal(form.fact), "fact_name": form.fact}
            body = (*body, fill("quiet", name=name, **parts))
            columns |= {"quiet"}
        return LeafSql(name, text, form, body, columns, sided, asked, default)

    def _seen(self, text: str, form: f.Form, *, sided: bool) -> Seen:
        assert isinstance(form, f.Spoken | f.Documented)  # noqa: S101 - the caller chose by it
        if self.vocabulary[form.fact].kind == "judgment":
            self.statements.judged.add(form.fact)
        return self.statements.add(text, states.saying(self, form)[0], sided=sided)

    def asked(self, form: f.Form) -> Iterator[str]:
        """Yield the names of the facts of a leaf that somebody outside the payer can answer."""
        if not traits.of(form).asked:
            return
        for name in contents.facts_of(form):
            fact = self.vocabulary.facts.get(name)
            if fact and fact.kind != "judgment" and fact.asked_of != "payer":
                yield name

    def asked_anchor(self, name: str) -> bool:
        """Whether somebody outside the payer knows the date of an anchor."""
        fact = self.vocabulary.facts.get(ANCHOR_FACTS[name])
        return fact is not None and fact.kind != "judgment" and fact.asked_of != "payer"

    def silence(self, name: str, form: f.Form, columns: frozenset[str]) -> str:
        """Let no word on a fact count as absent."""
        verdict = _by_silence(form)
        # where not everybody is heard, one side may have nothing to say: silence is that of both together
        unhinted = "" if contents.role_of(form) is None else " AND s.seat % 4 = 0"
        others = [self._hint(other) for other in self.vocabulary[form.fact].silent_unless]
        self.sources.complete(form.fact)
        given = {
            "name": name,
            "rows": self.sources.spoken_of(form.fact),
            "fact": literal(form.fact),
            "fact_name": form.fact,
            "carried": "".join(f", t.{column}" for column in sorted(columns)),
        }
        if isinstance(form, f.Spoken) and "lost" not in columns:  # a verdict of those alone of whom there is a word
            return fill("silence_told", **given, hints="".join(f"\n    UNION\n    {text}" for text in others))
        joins = (f"\n  LEFT JOIN ({text}) AS h{place} ON h{place}.seat = s.seat" for place, text in enumerate(others))
        return fill(
            "silence",
            **given,
            all_seats=self.sources.seats(form.fact),
            can=verdict.can,
            fail=verdict.fail,
            unhinted=unhinted + "".join(f" AND h{place}.seat IS NULL" for place, _ in enumerate(others)),
            hints="".join(joins),
        )

    def _hint(self, fact: str) -> str:
        """Return of whom a row of a fact says neither that it is so nor that it is not."""
        unread = f"text = {literal(UNREAD)}" if self.sources.table(fact) == "answer" else "low IS DISTINCT FROM high"
        return f"SELECT DISTINCT seat FROM {self.sources.spoken_of(fact)} WHERE {unread}"

    def body(self, name: str, form: f.Form) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the expressions of a form and the columns of the last one beside its verdict."""
        if isinstance(form, f.Counted):
            closed = {"failed"} if isinstance(form, f.Share) else set()
            return measures.measured(self, name, form), frozenset({"lost", *closed})
        match form:
            case f.Latest():
                return (measures.latest(self, name, form),), frozenset({"conflict", "lost", "failed"})
            case f.AnyRow() if measures.measured_once(self, form):
                told = {"failed", "passed"} if form.partner else {"failed"}
                return measures.any_row(self, name, form), frozenset({"lost", *told})
            case f.AnyRow() | f.NoRow():
                return measures.any_row(self, name, form), frozenset({"lost"})
            case f.Gap():
                return (measures.gap(self, name, form),), frozenset({"lost"})
            case f.NoWorse():
                return measures.no_worse(self, name, form), frozenset({"lost"})
            case f.Throughout() | f.On():
                waits = isinstance(form, f.Throughout) and form.anchor in NEVER_MISSING
                told = {"lost", "wait"} if waits else {"lost"}
                if form.compare:
                    return states.regimen(self, name, form), frozenset(told)
                hinted = {"hinted"} if is_silent(form.fact, self.vocabulary) else set()
                return (states.condition(self, name, form),), frozenset(told | hinted)
            case f.Lasts():
                return (states.lasts(self, name, form),), frozenset({"wait"})
            case f.Documented() if self.vocabulary[form.fact].one_paper:
                return states.documented(self, name, form), frozenset({"lost", "conflict"})
            case f.Documented():
                return states.documented(self, name, form), frozenset({"lost"})
            case f.Age():
                return (states.age(self, name, form),), frozenset({"lost"})
            case f.Earlier() | f.Later() if self.vocabulary[form.fact].kind == "condition":
                return (states.begun(self, name, form),), frozenset({"lost"})
            case _:
                return states.spoken(self, name, form)
