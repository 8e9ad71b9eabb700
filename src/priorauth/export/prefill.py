"""The CQL that fills in a form: one library for each fact that a chart states in codes, made from the vocabulary.

A library has the rows of its fact by the fact's name, and what an item takes of them: ``value`` and ``date`` of the
newest result, ``value``, ``from`` and ``until`` of a condition, the days of an event, the day of a paper. It looks back as
far as the widest window of a shipped policy, in the widest reading that a plan may choose. What a chart says in words, or
what is worked out from other facts, is left to the person who fills in the form.
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
DIAGNOSES: Final = ("icd10cm", "icd9cm", "snomed")
_DAYS: Final = {"day": 1, "week": 7, "month": 31, "year": 366}
_LENGTH: Final = re.compile(r"(\d+) (day|week|month|year)s?$")
_RECENT: Final = frozenset({"request", "service", "pump_start", "prescription"})
"""Anchors that lie about the day of the request."""
Named = Mapping[str, str]


def name_of(fact: str) -> str:
    """Return the name of the library of a fact: ``hba1c`` is ``PriorAuthHba1c``."""
    return "PriorAuth" + "".join(word[:1].upper() + word[1:] for word in fact.split("_"))


def texts(catalog: Catalog) -> dict[str, str]:
    """Return the text of every library by name, the shared one first; each bears a version made from its own text."""
    shared = _versioned(TEXT.read_text("utf-8"))
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
    return Template(template).safe_substitute(version=digest)


def _headed(fact: Fact, body: Iterable[str], version: str) -> str:
    lines = [
        f"// {fact.name}: what a chart states of it in codes. Made by tools/elm.py from the vocabulary; change that, not this.",
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
    most = "null" if days is None else str(days)
    diagnosed = {system: fact.codes[system] for system in DIAGNOSES if system in fact.codes}
    match fact.kind:
        case "measurement" if "loinc" in fact.codes:
            return list(_measurement(fact, most, catalog.units))
        case "condition" if diagnosed:
            return list(_condition(fact, diagnosed))
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
        yield f"code \"{code}\": {string(code)} from \"LOINC\""
    yield ""
    yield "context Patient"
    yield ""
    yield "define \"codes\": {" + ", ".join(f'"{code}"' for code in codes) + "}"
    yield ""
    yield f'define "{fact.name}":'
    yield '  [Observation: code in "codes"] O'
    yield f"    let result: Forms.Result(O, {_list(units.codes[fact.name])}), at: Forms.ResultAt(O)"
    yield f"    where Forms.ResultStands(O) and result is not null and at is not null and Forms.Recent(at, {most})"
    yield "    return all Tuple{at: at, result: result}"
    yield "    sort by at"
    yield ""
    yield f'define "value": Last("{fact.name}").result'
    yield ""
    yield f'define "date": date from Last("{fact.name}").at'


def _condition(fact: Fact, diagnosed: Codes) -> Iterator[str]:
    yield ""
    yield "context Patient"
    yield ""
    yield f'define "{fact.name}":'
    yield "  [Condition] Dx"
    yield "    let begun: date from Forms.Begun(Dx), ended: date from Forms.Ended(Dx)"
    yield "    where Forms.DiagnosisStands(Dx) and not Forms.OverSince(Dx)"
    yield f"      and ({_coded('Dx.code', fact, diagnosed)})"
    yield "    return all Tuple{begun: begun, ended: ended}"
    yield ""
    yield "// The one that lasts and began first; where none lasts, the one that ended last."
    yield 'define "chosen":'
    yield "  Coalesce("
    yield f'    First(("{fact.name}") Each where Each.ended is null and Each.begun is not null return all Each sort by begun),'
    yield f'    First(("{fact.name}") Each where Each.ended is null),'
    yield f'    Last(("{fact.name}") Each where Each.ended is not null return all Each sort by ended))'
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
    yield 'define "diagnoses":'
    yield "  [Condition] Dx"
    yield f"    where Forms.DiagnosisStands(Dx) and Forms.Begun(Dx) is not null and Forms.Recent(Forms.Begun(Dx), {most})"
    yield f"      and ({_coded('Dx.code', fact, diagnosed)})"
    yield ""
    yield "// One on the problem list repeats what a visit says; of one visit the first counts."
    yield 'define "diagnosed":'
    yield '  "diagnoses" Dx'
    yield '    where (not Forms.OnlyListed(Dx) or not exists ("diagnoses" Other where not Forms.OnlyListed(Other)))'
    yield '      and not exists ("diagnoses" Other'
    yield "        where Other.encounter.reference.value = Dx.encounter.reference.value and Forms.Begun(Other) before Forms.Begun(Dx))"
    yield ""
    yield 'define "visits":'
    yield "  [Encounter] E"
    yield f"    where Forms.VisitStands(E) and E.class.code.value in {_list(sorted(ACUTE_CARE))}"
    yield f"      and E.period.start.value is not null and Forms.Recent(E.period.start.value, {most})"
    yield f"      and exists (E.reasonCode R where {_coded('R', fact, diagnosed)} return all 1)"
    yield '      and not exists ("diagnosed" Dx where EndsWith(Dx.encounter.reference.value, \'/\' + E.id.value))'
    yield ""
    yield f'define "{fact.name}":'
    yield '  ("diagnosed" Dx return date from Forms.Begun(Dx)) union ("visits" E return date from E.period.start.value)'
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
        f"      and Forms.Coded({concept}, {_list(SYSTEMS['hcpcs'])}, {_list(())}, {_list(codes)}, {_list(())}, {_list(())})",
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
        f"      and Forms.Coded(N.type, {_list(SYSTEMS['loinc'])}, {_list(())}, {_list(fact.codes['loinc'])},"
        f" {_list(())}, {_list(())})",
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

# ---- codes


def _coded(concept: str, fact: Fact, diagnosed: Codes) -> str:
    """Return the test that a concept bears one of the codes of a fact, system by system."""
    each = []
    for system, codes in diagnosed.items():
        lists = [*_patterns(codes), *_patterns(fact.without.get(system, ()))]
        each.append(f"Forms.Coded({concept}, {_list(SYSTEMS[system])}, {', '.join(_list(one) for one in lists)})")
    return "\n        or ".join(each)


def _patterns(codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """Part patterns into beginnings and whole codes, each without dots."""
    begins = [code.removesuffix("*").replace(".", "").upper() for code in codes if code.endswith("*")]
    whole = [code.replace(".", "").upper() for code in codes if not code.endswith("*")]
    return begins, whole


def _list(items: Iterable[str]) -> str:
    found = [string(one) for one in items]
    return "{" + ", ".join(found) + "}" if found else "List<System.String>{}"
