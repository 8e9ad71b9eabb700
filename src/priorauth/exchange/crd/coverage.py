"""Coverage information: what is said of one order under one coverage, as the extension of either version.

One model inside; the two versions differ in codes and in how often a part may stand. ``broken`` holds the rules that an
extension has to keep; nothing leaves that breaks one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

from msgspec import Struct, structs

from priorauth.exchange.crd.pool import text
from priorauth.exchange.plan import Version
from priorauth.exchange.wire import Json, listed

URL: Final = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
_TEMP: Final = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"
_HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
Covered = Literal["covered", "not-covered", "conditional", "indeterminate"]
Auth = Literal["no-auth", "auth-needed", "satisfied", "performpa", "conditional", "indeterminate"]
Doc = Literal["clinical", "admin", "patient", "conditional", "indeterminate"]
Info = Literal["performer", "location", "timeframe", "contract-window", "detail-code", "OTH"]
Code = Literal[
    "gold-card", "no-member-found", "no-active-coverage", "coverage-not-found", "auth-out-network", "technical"
]
SAYS: Final[dict[str, str]] = {
    "no-member-found": "no member of the plan is known for this patient and coverage",
    "no-active-coverage": "the coverage is not in force",
    "coverage-not-found": "no coverage of this plan is found",
    "technical": "a technical fault: ask again later",
    "detail-code": "a more detailed code is needed",
}


class Reason(Struct, frozen=True):
    """Why something is said: a code, words, or both."""

    text: str
    code: Code | None = None


class Detail(Struct, frozen=True):
    """What qualifies what is said. ``value``: the value[x] of FHIR by its name."""

    category: Literal["cat-limitation", "cat-decisional", "cat-other"]
    value: Json
    code: str | None = None
    text: str | None = None
    qualification: str | None = None


class Said(Struct, frozen=True, kw_only=True):
    """What is said of an order under a coverage."""

    covered: Covered
    pa: Auth | None = None
    docs: tuple[Doc, ...] = ()
    purpose: bool = False
    """Whether what is to be shown goes with the request for authorization."""
    info: tuple[Info, ...] = ()
    reasons: tuple[Reason, ...] = ()
    details: tuple[Detail, ...] = ()
    questionnaires: tuple[str, ...] = ()
    billing: str | None = None
    number: str | None = None
    contact: bool = False


class Signed(Struct, frozen=True):
    """Under what an extension stands: the coverage, the day, the assertion, until when it holds, whom to ask."""

    coverage: Json
    day: date
    assertion: str
    expires: date
    telecom: tuple[Json, ...] = ()
    name: str = ""


def extension(said: Said, signed: Signed, version: Version) -> Json:
    """Return what is said as an extension; raises AssertionError where it would break a rule."""
    parts = list(_parts22(said, signed) if version == "2.2" else _parts20(_as20(said), signed))
    made = {"url": URL, "extension": parts}
    if faults := broken(made, version):
        raise AssertionError(f"coverage information breaks {', '.join(faults)}")
    return made


def _part(url: str, kind: str, value: object) -> Json:
    return {"url": url, f"value{kind}": value}


def _head(said: Said, signed: Signed) -> Iterator[Json]:
    yield _part("coverage", "Reference", signed.coverage)
    yield _part("covered", "Code", said.covered)
    if said.pa is not None:
        yield _part("pa-needed", "Code", said.pa)
    for doc in said.docs:
        yield _part("doc-needed", "Code", doc)
    if said.purpose:
        yield _part("doc-purpose", "Code", "withpa")
    for info in said.info:
        yield _part("info-needed", "Code", info)
    if said.billing is not None:
        yield _part("billingCode", "Coding", {"system": _HCPCS, "code": said.billing})


def _tail(said: Said, signed: Signed) -> Iterator[Json]:
    for canonical in said.questionnaires:
        yield _part("questionnaire", "Canonical", canonical)
    yield _part("date", "Date", signed.day.isoformat())
    yield _part("coverage-assertion-id", "String", signed.assertion)
    if said.number is not None:
        yield _part("satisfied-pa-id", "String", said.number)


def _parts22(said: Said, signed: Signed) -> Iterator[Json]:
    yield from _head(said, signed)
    for reason in said.reasons:
        coding = {} if reason.code is None else {"coding": [{"system": _TEMP, "code": reason.code}]}
        yield _part("reason", "CodeableConcept", {**coding, "text": reason.text})
    for detail in said.details:
        yield {"url": "detail", "extension": [_part("category", "Code", detail.category), *_detail(detail)]}
    yield from _tail(said, signed)
    if said.contact and signed.telecom:
        yield _part("contact", "ContactDetail", {"name": signed.name, "telecom": list(signed.telecom)})
    yield _part("expiry-date", "Date", signed.expires.isoformat())


def _parts20(said: Said, signed: Signed) -> Iterator[Json]:
    yield from _head(said, signed)
    for reason in said.reasons:
        concept: Json = {"text": reason.text}
        if reason.text == SAYS["detail-code"]:
            concept = {"coding": [{"system": _TEMP, "code": "detail-code"}], **concept}
        yield _part("reason", "CodeableConcept", concept)
    for detail in said.details:
        yield {"url": "detail", "extension": list(_detail(detail))}
    yield from _tail(said, signed)
    for one in signed.telecom if said.contact else ():
        yield _part("contact", "ContactPoint", one)


def _detail(detail: Detail) -> Iterator[Json]:
    code: Json = {} if detail.code is None else {"coding": [{"system": _TEMP, "code": detail.code}]}
    yield {"url": "code", "valueCodeableConcept": {**code, **({"text": detail.text} if detail.text else {})}}
    yield {"url": "value", **detail.value}
    if detail.qualification:
        yield _part("qualification", "String", detail.qualification)


def _as20(said: Said) -> Said:
    """Return what version 2.0 can say of it: it knows neither what cannot be told nor several kinds of documents."""
    covered = "conditional" if said.covered == "indeterminate" else said.covered
    pa = "conditional" if said.pa == "indeterminate" else said.pa
    if pa is None and covered != "not-covered":
        pa = "conditional"
    docs = tuple("conditional" if one == "indeterminate" else "admin" if one == "patient" else one for one in said.docs)
    several = docs if len(set(docs)) <= 1 else ("both",)
    info: tuple[Info, ...] = tuple(dict.fromkeys("OTH" if one == "detail-code" else one for one in said.info))
    if not info and "conditional" in (covered, pa, *docs):
        info = ("OTH",)
    return structs.replace(
        said,
        covered=covered,
        pa=pa,
        docs=several[:1],
        info=info,
        details=tuple(one for one in said.details if "valueUrl" not in one.value),
    )


# ---- the rules


_CODES: Final[dict[Version, dict[str, frozenset[str]]]] = {
    "2.0": {
        "covered": frozenset({"covered", "not-covered", "conditional"}),
        "pa-needed": frozenset({"no-auth", "auth-needed", "satisfied", "performpa", "conditional"}),
        "doc-needed": frozenset({"clinical", "admin", "both", "conditional"}),
        "doc-purpose": frozenset({"withpa", "withclaim", "withorder", "retain-doc", "OTH"}),
        "info-needed": frozenset({"performer", "location", "timeframe", "contract-window", "OTH"}),
    },
    "2.2": {
        "covered": frozenset({"covered", "not-covered", "conditional", "indeterminate"}),
        "pa-needed": frozenset({"no-auth", "auth-needed", "satisfied", "performpa", "conditional", "indeterminate"}),
        "doc-needed": frozenset({"clinical", "admin", "patient", "conditional", "indeterminate"}),
        "doc-purpose": frozenset({"withpa", "withclaim", "withorder", "retain-doc", "OTH"}),
        "info-needed": frozenset({"performer", "location", "timeframe", "contract-window", "detail-code", "OTH"}),
    },
}
_ONCE: Final[dict[Version, frozenset[str]]] = {
    "2.0": frozenset({"pa-needed", "doc-needed", "satisfied-pa-id"}),
    "2.2": frozenset({"pa-needed", "satisfied-pa-id", "expiry-date"}),
}
_NEEDED: Final = ("coverage", "covered", "date", "coverage-assertion-id")


def broken(made: Json, version: Version) -> list[str]:
    """Return the rules that an extension breaks: the invariants by their names, ``card`` and ``code`` with the part."""
    parts: dict[str, list[Json]] = {}
    for one in listed(made, "extension"):
        parts.setdefault(text(one.get("url")), []).append(one)
    codes = {url: [text(one.get("valueCode")) for one in found] for url, found in parts.items()}
    found = [f"card {url}" for url in _NEEDED if len(parts.get(url, ())) != 1]
    found += [f"card {url}" for url in _ONCE[version] if len(parts.get(url, ())) > 1]
    for url, allowed in _CODES[version].items():
        found += [f"code {url}" for code in codes.get(url, ()) if code not in allowed]
    held = _held22(parts, codes) if version == "2.2" else _held20(parts, codes)
    return found + [f"crd-ci-q{rule}" for rule, holds in held.items() if not holds]


def _held22(parts: dict[str, list[Json]], codes: dict[str, list[str]]) -> dict[int, bool]:
    """Return which of the nine invariants of version 2.2 hold."""
    covered, pa, docs = (codes.get(url, []) for url in ("covered", "pa-needed", "doc-needed"))
    said = {*covered, *pa, *docs}
    concepts = [one.get("valueCodeableConcept", {}) for one in parts.get("reason", ())]
    settled = bool({"satisfied", "no-auth"} & set(pa)) or "not-covered" in covered
    return {
        1: "questionnaire" not in parts or bool(docs),
        2: "not-covered" not in covered or not pa,
        3: "conditional" not in said or "info-needed" in parts,
        4: not settled or "withpa" not in codes.get("doc-purpose", []),
        5: ("satisfied" in pa) == ("satisfied-pa-id" in parts),
        6: "OTH" not in codes.get("info-needed", []) or bool(concepts),
        7: all(one.get("text") for one in concepts),
        8: not codes.get("doc-purpose") or bool(concepts),
        9: "indeterminate" not in said or bool(concepts),
    }


def _held20(parts: dict[str, list[Json]], codes: dict[str, list[str]]) -> dict[int, bool]:
    """Return which of the five invariants of version 2.0.1 hold."""
    covered, pa, docs = (codes.get(url, []) for url in ("covered", "pa-needed", "doc-needed"))
    return {
        1: not {"questionnaire", "response"} & parts.keys() or bool(docs),
        2: "not-covered" in covered or bool(pa),
        3: "info-needed" not in parts or "conditional" in {*covered, *pa, *docs},
        4: "satisfied" not in pa or "withpa" not in codes.get("doc-purpose", []),
        5: ("satisfied" in pa) == ("satisfied-pa-id" in parts),
    }
