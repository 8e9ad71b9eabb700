"""The CQL that fills in a form: one library for each fact that a chart states in codes, made from the vocabulary.

A library has the rows of its fact by the fact's name, and what an item takes of them: ``value`` and ``date`` of the
newest result, ``value``, ``from`` and ``until`` of a condition, the days of an event, the day of a paper. It looks back
as far as the widest window of a shipped policy, in the widest reading that a plan may choose. What a chart says in
words, or what is worked out from other facts, is left to the person who fills in the form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Final

from priorauth.engines.cql.pieces import string
from priorauth.export.asked import LOGS, is_asked
from priorauth.facts.vocabulary import Codes, Fact, Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy, leaves
from priorauth.record.codes import SYSTEMS
from priorauth.record.tables import ACUTE_CARE, PUMP_SUPPLIES
from priorauth.values.units import Units

COMMON: Final = "PriorAuthForms"
TEXT: Final = Path(__file__).parent / "Forms.cql"
_FUNCTIONS: Final = {"icd10cm": "Icd10", "icd9cm": "Icd9", "snomed": "Snomed", "loinc": "Loinc", "hcpcs": "Hcpcs"}
"""The functions of the shared library that look for codes of a system."""
DIAGNOSES: Final = ("icd10cm", "icd9cm", "snomed")
_DAYS: Final = {"day": 1, "week": 7, "month": 31, "year": 366}
_LENGTH: Final = re.compile(r"(\d+) (day|week|month|year)s?$")
_LONGEST: Final = {"pregnancy": "pregnancy_longest"}
"""Conditions that end by themselves, with the derivation that says after how many weeks."""
_RECENT: Final = frozenset({"request", "service", "pump_start", "prescription"})
"""Anchors that lie about the day of the request."""
Named = Mapping[str, str]


def name_of(fact: str) -> str:
    """Return the name of the library of a fact: ``hba1c`` is ``PriorAuthHba1c``."""
    return "PriorAuth" + "".join(word[:1].upper() + word[1:] for word in fact.split("_"))


def texts(catalog: Catalog) -> dict[str, str]:
    """Return the text of every library by name, the shared one first; each bears a version made from its own text."""
    words = {"acute": ", ".join(map(string, sorted(ACUTE_CARE)))}
    words |= {system: ", ".join(map(string, SYSTEMS[system])) for system in _FUNCTIONS}
    shared = _versioned(Template(TEXT.read_text("utf-8")).safe_substitute(words))
    found = {COMMON: shared}
    version = version_in(shared)
    for name in catalog.vocabulary:
        body = _body(catalog.vocabulary[name], catalog)
        if body is not None:
            found[name_of(name)] = _versioned(_headed(catalog.vocabulary[name], body, version))
    return found


def version_in(text: str) -> str:
    """Return the version that a library bears."""
    found = re.search(r"^library \w+ version '([^']+)'", text, re.MULTILINE)
    if found is None:
        msg = "expected a library with a version"
        raise ValueError(msg)
    return found[1]


def _versioned(template: str) -> str:
    digest = hashlib.sha256(template.encode()).hexdigest()[:8]
    return template.replace("$version", digest)


def _headed(fact: Fact, body: Iterable[str], version: str) -> str:
    lines = [
        f"// {fact.name}: what a chart states of it in codes. Made by tools/elm.py from the vocabulary: change that.",
        f"library {name_of(fact.name)} version '$version'",
        "using FHIR version '4.0.1'",
        f"include {COMMON} version '{version}' called Forms",
        *body,
    ]
    return "\n".join(lines) + "\n"


def _body(fact: Fact, catalog: Catalog) -> list[str] | None:
    """Return the definitions of a fact's library; None where a chart states it in no code that is read here."""
    if not is_asked(fact.name, catalog.vocabulary) or fact.name in LOGS:
        return None
    days = widest(fact.name, catalog)
    most = "null" if days is None else _length(days)
    diagnosed = {system: fact.codes[system] for system in DIAGNOSES if system in fact.codes}
    match fact.kind:
        case "measurement" if "loinc" in fact.codes:
            return list(_measurement(fact, most, catalog.units))
        case "condition" if diagnosed:
            return list(_condition(fact, diagnosed, catalog.vocabulary))
        case "event" if diagnosed:
            return list(_event(fact, diagnosed, most))
        case _ if fact.name in _PAPERS:
            return list(_PAPERS[fact.name](fact, catalog.vocabulary))
    return None


# ---- how far back


def widest(fact: str, catalog: Catalog) -> int | None:
    """Return how many days back a policy may look for a fact; None where that has no bound."""
    most = 0
    for policy in catalog.all():
        for root in policy.roots():
            for leaf in leaves(root):
                if fact in contents.facts_of(leaf.form):
                    found = _days(leaf.form, policy)
                    if found is None:
                        return None
                    most = max(most, found)
    return most or None


def _days(form: f.Form, policy: Policy) -> int | None:
    if isinstance(form, f.NoWorse):
        return 0  # what was before is not asked for: the newest result is
    spans = [_span(window, policy) for window in contents.windows_of(form)]
    known = [one for one in spans if one is not None]
    return min(known) if known else None


def _span(window: f.Window, policy: Policy) -> int | None:
    if not isinstance(window, f.Within) or window.anchor not in _RECENT:
        return None
    length = window.length
    allowed = (policy.readings or {})[length.reading].allowed if length.reading else None
    found = _LENGTH.search(allowed or "") or _LENGTH.search(str(length.duration))
    return None if found is None else int(found[1]) * _DAYS[found[2]]


# ---- the shapes of facts


def _measurement(fact: Fact, most: str, units: Units) -> Iterator[str]:
    yield "codesystem \"LOINC\": 'http://loinc.org'"
    codes = fact.codes["loinc"]
    for code in codes:
        yield f'code "{code}": {string(code)} from "LOINC"'
    yield 'concept "codes": {' + ", ".join(f'"{code}"' for code in codes) + "}"
    yield ""
    yield "context Patient"
    yield ""
    yield f'define "{fact.name}": Forms.Results([Observation: "codes"], {_list(units.codes[fact.name])}, {most})'
    yield ""
    yield f'define "value": Last("{fact.name}").result'
    yield ""
    yield f'define "date": date from Last("{fact.name}").at'


def _condition(fact: Fact, diagnosed: Codes, vocabulary: Vocabulary) -> Iterator[str]:
    yield ""
    yield "context Patient"
    yield ""
    yield f'define "{fact.name}":'
    courses = f"Forms.Courses([Condition] Dx where {_coded('Dx.code', fact, diagnosed)})"
    longest = _LONGEST.get(fact.name)
    if longest is not None:
        days = int(vocabulary.amount(longest)) * 7
        courses = f"Forms.AtMost({courses}, {_length(days)})"
    yield f"  {courses}"
    yield ""
    yield f'define "chosen": Forms.Chosen("{fact.name}")'
    yield ""
    yield 'define "value": if "chosen" is null then null else true'
    yield ""
    yield 'define "from": "chosen".begun'
    yield ""
    yield 'define "until": "chosen".ended'


def _event(fact: Fact, diagnosed: Codes, most: str) -> Iterator[str]:
    yield ""
    yield "context Patient"
    yield ""
    yield f'define "{fact.name}":'
    yield "  Forms.Episodes("
    yield f"    [Condition] Dx where {_coded('Dx.code', fact, diagnosed)},"
    yield f"    [Encounter] E where exists (E.reasonCode R where {_coded('R', fact, diagnosed)} return all 1),"
    yield f"    {most})"
    yield ""
    yield f'define "value": "{fact.name}"'


def _order(resource: str, concept: str, codes: Iterable[str]) -> list[str]:
    """Return the day of the newest order for one of some products."""
    return [
        "",
        "context Patient",
        "",
        'define "orders":',
        f"  [{resource}] R",
        "    where Forms.OrderStands(R.status.value, R.intent.value) and R.authoredOn is not null",
        "      and not exists R.modifierExtension and R.implicitRules is null"
        + (" and R.doNotPerform.value is not true" if resource == "ServiceRequest" else ""),
        f"      and {_among(concept, 'hcpcs', codes)}",
        "    return all Tuple{at: R.authoredOn.value}",
        "    sort by at",
        "",
        'define "value": date from Last("orders").at',
    ]


def _pump_order(fact: Fact, vocabulary: Vocabulary) -> list[str]:
    del fact
    return _order("DeviceRequest", "(R.code as FHIR.CodeableConcept)", vocabulary["product_code"].values)


def _supplies_order(fact: Fact, vocabulary: Vocabulary) -> list[str]:
    del fact, vocabulary
    return _order("DeviceRequest", "(R.code as FHIR.CodeableConcept)", PUMP_SUPPLIES)


def _education_order(fact: Fact, vocabulary: Vocabulary) -> list[str]:
    del fact
    lessons = ("education_lesson_single", "education_lesson_group")
    return _order("ServiceRequest", "R.code", [vocabulary.derivations[name] for name in lessons])


def _notes(fact: Fact, vocabulary: Vocabulary) -> list[str]:
    del vocabulary
    return [
        "",
        "context Patient",
        "",
        'define "notes":',
        "  [DocumentReference] N",
        "    where N.status.value = 'current' and (N.docStatus is null or N.docStatus.value in {'final', 'amended'})",
        "      and not exists N.modifierExtension and N.implicitRules is null and N.date is not null",
        f"      and {_among('N.type', 'loinc', fact.codes['loinc'])}",
        "    return all Tuple{at: N.date.value}",
        "    sort by at",
        "",
        'define "value": date from Last("notes").at',
    ]


_PAPERS: Final = {
    "prescription_signed_on": _pump_order,
    "supplies_order_signed_on": _supplies_order,
    "education_order_signed_on": _education_order,
    "clinical_notes_dated": _notes,
}


def _length(days: int) -> str:
    return f"System.Quantity{{value: {days}.0, unit: 'day'}}"


# ---- codes


def _coded(concept: str, fact: Fact, diagnosed: Codes) -> str:
    """Return the test that a concept bears one of the codes of a fact, system by system."""
    each = [_among(concept, system, codes, fact.without.get(system, ())) for system, codes in diagnosed.items()]
    return "\n        or ".join(each)


def _among(concept: str, system: str, codes: Iterable[str], but: Iterable[str] = ()) -> str:
    return f"Forms.{_FUNCTIONS[system]}({concept}, {string(_pattern(codes))}, {string(_pattern(but))})"


def _pattern(codes: Iterable[str]) -> str:
    """Write codes as a regular expression of whole codes without dots: ``Z79.4`` is ``^(Z794)$``."""
    plain = [code.replace(".", "").upper().replace("*", ".*") for code in codes]
    return f"^({'|'.join(plain)})$" if plain else "^$"


def _list(items: Iterable[str]) -> str:
    return "{" + ", ".join(string(one) for one in items) + "}"
