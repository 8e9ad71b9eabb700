"""DTR: the package of a form, with whatever belongs to it."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.session import NotApplicable, Session
from priorauth.exchange.trying.shapes import Json, extensions, held, objects, parts, resources, text, texts

_SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
_CQF: Final = "http://hl7.org/fhir/StructureDefinition"
_LIBRARY: Final = f"{_CQF}/cqf-library"
_PREFILL: Final = (f"{_SDC}/sdc-questionnaire-initialExpression", f"{_SDC}/sdc-questionnaire-calculatedExpression",
                   f"{_SDC}/sdc-questionnaire-candidateExpression")  # fmt: skip
_HIDDEN: Final = f"{_CQF}/questionnaire-hidden"
_LANGUAGES: Final = frozenset({"text/cql", "text/cql-identifier", "text/cql-expression", "text/fhirpath"})
_NAMES: Final = {"2.0": ("PackageBundle", "packagebundle", "return"), "2.2": ("packagebundle",)}
_SMALL: Final = 40
_UNKNOWN: Final = "https://nowhere.example/Questionnaire/nobody-knows|1"


def is_refusal(found: Answer) -> bool:
    """Whether an answer refuses with an OperationOutcome."""
    return 400 <= found.status < 500 and text(found.resource, "resourceType") == "OperationOutcome"  # noqa: PLR2004 - HTTP


def items(form: object) -> list[Json]:
    """Return the items of a form at every depth."""
    found = objects(form, "item")
    return [below for one in found for below in (one, *items(one))]


def bare(canonical: str) -> str:
    """Return a canonical without its version."""
    return canonical.partition("|")[0]


@check("package.answers")
def _answers(s: Session) -> str | None:
    found = s.package(order=True)
    if not found.ok or text(found.resource, "resourceType") != "Parameters":
        return found.said()
    try:
        return None if s.packaged else "no Bundle"
    except NotApplicable:
        return "Parameters without a Bundle"


@check("package.parameters")
def _parameters(s: Session) -> str | None:
    _ = s.packaged
    named = {
        text(one, "name")
        for one in objects(s.package(order=True).json, "parameter")
        if text(one.get("resource"), "resourceType") == "Bundle"
    }
    wrong = sorted(named - set(_NAMES[s.version]))
    return ", ".join(wrong)


@check("package.bundle")
def _bundle(s: Session) -> str | None:
    for one in s.packaged:
        kinds = [text(each, "resourceType") for each in resources(one)]
        if text(one, "type") != "collection" or kinds.count("Questionnaire") != 1 or kinds[:1] != ["Questionnaire"]:
            return f"type {text(one, 'type')} with {', '.join(kinds[:6])}"
    return None


@check("package.response")
def _response(s: Session) -> str | None:
    for one in s.packaged:
        found = resources(one, "QuestionnaireResponse")
        form = next(iter(resources(one, "Questionnaire")), {})
        if len(found) != 1:
            return f"{len(found)} QuestionnaireResponses"
        said = bare(text(found[0], "questionnaire"))
        if said != text(form, "url") and not said.startswith("#"):
            return f"it is of the form {said[:80]!r}"
        if text(found[0], "status") != "in-progress" or not text(found[0], "subject", "reference"):
            return f"status {text(found[0], 'status')!r}, subject {text(found[0], 'subject', 'reference')!r}"
    return None


def _form(s: Session) -> Json:
    """Return the first form of the packages."""
    for one in s.forms():
        return one
    raise NotApplicable("no form is in the package")


def _canonicals(bundle: Json, kind: str) -> set[str]:
    return {text(one, "url") for one in resources(bundle, kind)}


@check("package.libraries")
def _libraries(s: Session) -> str | None:
    wrong: list[str] = []
    named = 0
    for one in s.packaged:
        wanted = {
            bare(str(held(each))) for form in resources(one, "Questionnaire") for each in extensions(form, _LIBRARY)
        }
        related = [
            said for library in resources(one, "Library") for said in texts(library, "relatedArtifact", "resource")
        ]
        wanted |= {bare(said) for said in related if "Library" in said}
        named += len(wanted)
        wrong += [f"{said} is not there" for said in sorted(wanted - _canonicals(one, "Library"))]
        names = [text(each, "name") for each in resources(one, "Library")]
        wrong += ["a Library without a name of its own"] if len({*names} - {""}) != len(names) else []
        for library in resources(one, "Library"):
            kinds = set(texts(library, "content", "contentType"))
            if not {"text/cql", "application/elm+json"} <= kinds:
                wrong.append(f"{text(library, 'name')}: {', '.join(sorted(kinds)) or 'nothing in it'}")
    if not named:
        raise NotApplicable("the form names no Library")
    return "; ".join(wrong[:5])


@check("package.value-sets")
def _value_sets(s: Session) -> str | None:
    wrong: list[str] = []
    named: set[str] = set()
    for one in s.packaged:
        own = {
            f"#{text(each, 'id')}" for form in resources(one, "Questionnaire") for each in objects(form, "contained")
        }
        wanted = {text(each, "answerValueSet") for form in resources(one, "Questionnaire") for each in items(form)} - {
            ""
        }
        named |= wanted
        there = {text(each, "url"): each for each in resources(one, "ValueSet")}
        wrong += [f"{said} is not there" for said in sorted(wanted) if said not in own and bare(said) not in there]
        for each in there.values():
            codes = objects(each, "compose", "include", "concept")
            if 0 < len(codes) < _SMALL and not objects(each, "expansion", "contains"):
                wrong.append(f"{text(each, 'url')} is not expanded")
    if not named:
        raise NotApplicable("the form names no ValueSet")
    return "; ".join(wrong[:5])


@check("package.versions")
def _versions(s: Session) -> str | None:
    said = [
        str(held(each))
        for one in s.packaged
        for form in resources(one, "Questionnaire")
        for each in extensions(form, _LIBRARY)
    ]
    said += [text(each, "questionnaire") for one in s.packaged for each in resources(one, "QuestionnaireResponse")]
    return ", ".join(one[:120] for one in said if "|" not in one and not one.startswith("#"))


@check("package.identity")
def _identity(s: Session) -> str | None:
    lacking = [name for form in s.forms() for name in ("url", "version", "status", "title") if not text(form, name)]
    return ", ".join(lacking)


@check("package.items")
def _items(s: Session) -> str | None:
    if not any(items(form) for form in s.forms()):
        raise NotApplicable("the form has no items before it is begun")
    for form in s.forms():
        named = [text(one, "linkId") for one in items(form)]
        if len(set(named)) != len(named) or "" in named:
            return "a linkId twice, or none"
        unknown = {text(when, "question") for one in items(form) for when in objects(one, "enableWhen")} - set(named)
        if unknown:
            return f"enableWhen names {min(unknown)[:60]}"
    return None


@check("package.prefill")
def _prefill(s: Session) -> str | None:
    listed = [one for form in s.forms() for one in items(form)]
    if not listed:
        raise NotApplicable("the form has no items before it is begun")
    said = [held(each) for one in listed for url in _PREFILL for each in extensions(one, url)]
    if not said:
        return "no item has one"
    wrong = {text(one, "language") for one in said} - _LANGUAGES
    return ", ".join(sorted(wrong))


@check("package.hidden")
def _hidden(s: Session) -> str | None:
    found = [
        text(one, "linkId")
        for form in s.forms()
        for one in items(form)
        if any(held(each) is True for each in extensions(one, _HIDDEN))
    ]
    return ", ".join(found[:5])


@check("package.by-canonical")
def _by_canonical(s: Session) -> str | None:
    form = _form(s)
    named = f"{text(form, 'url')}|{text(form, 'version')}"
    found = s.package(questionnaire=named)
    there = {
        f"{text(one, 'url')}|{text(one, 'version')}"
        for each in objects(found.json, "parameter")
        for one in resources(each.get("resource"), "Questionnaire")
    }
    return None if found.ok and named in there else f"{found.said()}, {len(there)} forms"


@check("package.by-context")
def _by_context(s: Session) -> str | None:
    ids = [
        value
        for _, one in s.coverages()
        if parts(one, "questionnaire")
        for value in parts(one, "coverage-assertion-id")
    ]
    if not ids:
        raise NotApplicable("no coverage-information names a form")
    found = s.package(context=ids[0])
    forms = [
        one for each in objects(found.json, "parameter") for one in resources(each.get("resource"), "Questionnaire")
    ]
    return None if found.ok and forms else f"{found.said()}, {len(forms)} forms"


@check("package.unknown-form")
def _unknown_form(s: Session) -> str | None:
    found = s.package(questionnaire=_UNKNOWN)
    if is_refusal(found):
        return None
    kinds = {text(one.get("resource"), "resourceType") for one in objects(found.json, "parameter")}
    return None if found.ok and kinds == {"OperationOutcome"} else f"{found.said()}, {', '.join(sorted(kinds))}"


@check("package.unknown-context")
def _unknown_context(s: Session) -> str | None:
    found = s.package(context="nobody-has-given-this")
    return None if is_refusal(found) else found.said()


@check("package.nothing")
def _nothing(s: Session) -> str | None:
    found = s.package()
    return None if is_refusal(found) else found.said()


@check("errors.taken")
def _errors(s: Session) -> str | None:
    form = _form(s)
    issue = {"severity": "error", "code": "exception", "details": {"text": "a test of errors"}}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    names = ("Questionnaire", "OperationOutcome") if s.version == "2.0" else ("questionnaire", "operationOutcome")
    canonical = {"name": names[0], "valueCanonical": f"{text(form, 'url')}|{text(form, 'version')}"}
    body = {"resourceType": "Parameters", "parameter": [canonical, {"name": names[1], "resource": outcome}]}
    found = s.operation("Questionnaire/$log-questionnaire-errors", body)
    return None if found.ok else found.said()


@check("expand.answers")
def _expand(s: Session) -> str | None:
    sets = [one for bundle in s.packaged for one in resources(bundle, "ValueSet")]
    if not sets:
        raise NotApplicable("the package has no ValueSet")
    parameters = [{"name": "url", "valueUri": text(sets[0], "url")}]
    found = s.operation("ValueSet/$expand", {"resourceType": "Parameters", "parameter": parameters})
    there = objects(found.json, "expansion", "contains")
    return None if found.ok and there else f"{found.said()}, {len(there)} codes"
