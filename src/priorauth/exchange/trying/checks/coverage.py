"""The coverage-information of CRD: its parts, its codes, and what must not stand beside what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.session import NotApplicable, Session
from priorauth.exchange.trying.shapes import Json, extensions, objects, parts, text

_SECONDARY: Final = frozenset({"order-select", "encounter-start", "encounter-discharge"})
_ONCE: Final = ("coverage", "covered", "date", "coverage-assertion-id")
CODES: Final = {
    "covered": {"covered", "not-covered", "conditional", "indeterminate"},
    "pa-needed": {"no-auth", "auth-needed", "satisfied", "performpa", "conditional", "indeterminate"},
    "doc-needed": {"clinical", "admin", "patient", "conditional", "indeterminate"},
    "doc-purpose": {"withpa", "withclaim", "withorder", "retain-doc", "OTH"},
    "info-needed": {"performer", "location", "timeframe", "contract-window", "detail-code", "OTH"},
}
_OLD: Final = {"doc-needed": {"clinical", "admin", "both", "patient", "conditional", "no-doc"}}
REASONS: Final = frozenset(
    {
        *("gold-card", "no-member-found", "no-active-coverage", "coverage-not-found", "auth-out-network", "technical"),
        *("no-coverage-found", "detail-code"),
    }
)
Rule = Callable[[Json], str | None]


def _each(s: Session, rule: Rule) -> str:
    """Return what a rule finds in each coverage-information, by hook."""
    found = [(hook, rule(one)) for hook, one in s.coverages()]
    return "; ".join(dict.fromkeys(f"{hook}: {said}" for hook, said in found if said))


def codes(one: Json, name: str) -> set[str]:
    """Return the codes of a part, whether they stand as code, Coding or CodeableConcept."""
    found: set[str] = set()
    for value in parts(one, name):
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            found |= {text(value, "code"), *(text(coding, "code") for coding in objects(value, "coding"))} - {""}
    return found


@check("coverage.parts")
def _parts(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        wrong = [f"{len(extensions(one, name))} {name}" for name in _ONCE if len(extensions(one, name)) != 1]
        return ", ".join(wrong)

    return _each(s, rule)


@check("coverage.codes")
def _codes(s: Session) -> str | None:
    known = CODES if s.version != "2.0" else {**CODES, **_OLD}

    def rule(one: Json) -> str | None:
        return ", ".join(f"{name} {code}" for name, may in known.items() for code in sorted(codes(one, name) - may))

    return _each(s, rule)


@check("coverage.reference")
def _reference(s: Session) -> str | None:
    wanted = s.case.reference("Coverage")

    def rule(one: Json) -> str | None:
        said = [text(value, "reference") for value in parts(one, "coverage")]
        return None if all(each.endswith(wanted) for each in said) else f"coverage {said[0][:80]!r}"

    return _each(s, rule)


@check("coverage.questionnaire")
def _questionnaire(s: Session) -> str | None:
    return _each(
        s, lambda one: "no doc-needed" if parts(one, "questionnaire") and not codes(one, "doc-needed") else None
    )


@check("coverage.not-covered")
def _not_covered(s: Session) -> str | None:
    return _each(
        s, lambda one: "pa-needed" if "not-covered" in codes(one, "covered") and codes(one, "pa-needed") else None
    )


@check("coverage.conditional")
def _conditional(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        said = any("conditional" in codes(one, name) for name in ("covered", "pa-needed", "doc-needed"))
        return "no info-needed" if said and not codes(one, "info-needed") else None

    return _each(s, rule)


@check("coverage.no-authorization")
def _no_authorization(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        given = codes(one, "pa-needed") & {"satisfied", "no-auth"}
        return "withpa" if given and "withpa" in codes(one, "doc-purpose") else None

    return _each(s, rule)


@check("coverage.number")
def _number(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        satisfied, numbers = "satisfied" in codes(one, "pa-needed"), parts(one, "satisfied-pa-id")
        return f"{len(numbers)} numbers" if satisfied != bool(numbers) else None

    return _each(s, rule)


@check("coverage.reasons")
def _reasons(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        why = "OTH" in codes(one, "info-needed") or (
            bool(codes(one, "doc-purpose")) and "conditional" not in codes(one, "doc-needed")
        )
        why = why or any("indeterminate" in codes(one, name) for name in ("covered", "pa-needed", "doc-needed"))
        return "no reason" if why and not parts(one, "reason") else None

    return _each(s, rule)


@check("coverage.words")
def _words(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        for value in parts(one, "reason"):
            known = {text(coding, "code") for coding in objects(value, "coding")} & REASONS
            if not known and not text(value, "text"):
                return "a reason without words"
        return None

    return _each(s, rule)


@check("coverage.secondary")
def _secondary(s: Session) -> str | None:
    found = [(hook, one) for hook, one in s.coverages() if hook in _SECONDARY]
    if not found:
        raise NotApplicable("no secondary hook has a coverage-information")
    return ", ".join(hook for hook, one in found if codes(one, "doc-needed") & {"clinical", "admin"})


@check("coverage.canonical")
def _canonical(s: Session) -> str | None:
    def rule(one: Json) -> str | None:
        bare = [str(value) for value in parts(one, "questionnaire") if "|" not in str(value)]
        return bare[0][:120] if bare else None

    return _each(s, rule)
