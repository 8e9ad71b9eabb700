"""A form as a FHIR Questionnaire: static, with every question of a pathway, or adaptive, with none yet.

Both bear the address below ``base``, their version, the libraries that fill them in, and the patient for whom they are
opened. In the static form what the practice knows comes first, then a word that its part is done, then what others can
supply; what decides which questions are open is asked before all.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from priorauth.export.addresses import CORE, PROFILES, SDC, pinned, questionnaire
from priorauth.export.conditions import OPEN, YES, Clause, listed
from priorauth.export.forms import Form, possible
from priorauth.export.items import Json, Words, coding, question
from priorauth.export.libraries import Library, filling, libraries
from priorauth.export.outline import MARK, Part, only, outline
from priorauth.policy.catalog import Catalog
from priorauth.values.dates import iso

DONE: Final = "The questions to the practice end here. What follows the supplier or the office can answer."
CHOICE: Final = "How can this be shown? Choose what you can show"
WAYS: Final = "ways"
PATIENT: Final = "patient"
LAUNCH: Final = "http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext"


class Asked(Struct, frozen=True):
    """For whom a form is made: the base of its addresses, who publishes it, whether libraries are named by version."""

    base: str
    publisher: str = "The plan"
    pinned: bool = True


def static(form: Form, catalog: Catalog, asked: Asked) -> Json:
    """Return the Questionnaire of a pathway, with every question and when it is open."""
    top = outline(form, catalog.vocabulary, catalog.common)
    used = libraries(top.facts(), catalog.vocabulary)
    words = Words(catalog.vocabulary, catalog.units, asked.base, filling(top.facts(), catalog.vocabulary))
    made = _headed(form, asked, used, "dtr-std-questionnaire")
    made["item"] = list(_Writer(words, _conditions(top)).form(top))
    _preselect(made["item"], form)
    return made


def _preselect(items: Iterable[Json], form: Form) -> None:
    """Select the kind of request for which a form is, where it is for one alone."""
    kinds = possible(form.pathway).get("request_kind", frozenset())
    for item in walked(items) if len(kinds) == 1 else ():
        if item["linkId"] == "request_kind":
            for option in item["answerOption"]:
                if option["valueCoding"]["code"] in kinds:
                    option["initialSelected"] = True


def adaptive(form: Form, catalog: Catalog, asked: Asked) -> Json:
    """Return the Questionnaire of a policy as a whole: empty, to be filled with questions as answers come."""
    used = libraries(of_policy(form, catalog), catalog.vocabulary)
    made = _headed(form, asked, used, "dtr-questionnaire-adapt-search")
    made["extension"].insert(
        0,
        {
            "url": f"{SDC}/sdc-questionnaire-questionnaireAdaptive",
            "valueUrl": asked.base,  # that of the server whose operation it is
        },
    )
    return made


def of_policy(form: Form, catalog: Catalog) -> tuple[str, ...]:
    """Return the facts that a form may ask for: those of its pathway, or of every pathway of the policy."""
    policy = form.policy
    forms = [form] if form.pathway else [Form(policy, one) for one in policy.pathways]
    found = (fact for one in forms for fact in outline(one, catalog.vocabulary, catalog.common).facts())
    return tuple(dict.fromkeys(found))


def _headed(form: Form, asked: Asked, used: Iterable[Library], profile: str) -> Json:
    policy = form.policy
    period = {"start": iso(policy.effective.first)}
    if policy.effective.last is not None:
        period["end"] = iso(policy.effective.last)
    named = [pinned(one.url(asked.base), one.version) if asked.pinned else one.url(asked.base) for one in used]
    return {
        "resourceType": "Questionnaire",
        "id": form.id,
        "meta": {"profile": [f"{PROFILES}/{profile}"]},
        "text": {"status": "generated", "div": _div(form)},
        "extension": [
            *({"url": f"{CORE}/cqf-library", "valueCanonical": one} for one in named),
            {
                "url": f"{SDC}/sdc-questionnaire-launchContext",
                "extension": [
                    {"url": "name", "valueCoding": {"system": LAUNCH, "code": PATIENT}},
                    {"url": "type", "valueCode": "Patient"},
                    {"url": "description", "valueString": "The member for whom the request is made"},
                ],
            },
        ],
        "url": questionnaire(form.name, asked.base),
        "version": form.version,
        "name": "".join(part[:1].upper() + part[1:] for part in form.name.replace(".", "-").split("-")),
        "title": form.title,
        "status": "active",
        "subjectType": ["Patient"],
        "date": iso(policy.effective.first),
        "publisher": asked.publisher,
        "effectivePeriod": period,
    }


def _div(form: Form) -> str:
    said = html.escape(f"{form.title}. {form.policy.version}.")
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{said}</p></div>'


def _conditions(top: Part) -> frozenset[str]:
    """Return the facts that open or close parts of a form."""
    return frozenset(fact for part in top.walk() for clause in part.clauses for fact, _ in clause)


class _Writer(Struct):
    """Writes the items of one form, each linkId once; ``turning`` are the facts that open or close parts."""

    words: Words
    turning: frozenset[str]
    used: set[str] = field(default_factory=set)

    def form(self, top: Part) -> Iterator[Json]:
        vocabulary = self.words.vocabulary
        everyone = frozenset(top.facts())
        supplied = frozenset(name for name in everyone if vocabulary[name].asked_of == "supplier")
        first = supplied & self.turning
        practice, others = everyone - supplied, supplied - first
        for part in _parts(top, first):
            yield from self.part(part)
        for part in _parts(top, practice):
            yield from self.part(part)
        if others and practice:
            yield {"linkId": self.link("practice-done"), "text": DONE, "type": "display"}
        for part in _parts(top, others):
            yield from self.part(part)

    def link(self, wanted: str) -> str:
        """Return a linkId that no other item of the form has."""
        found, place = f"{MARK}{wanted}", 1
        while found in self.used:
            place += 1
            found = f"{MARK}{wanted}.{place}"
        self.used.add(found)
        return found

    def below(self, part: Part) -> Iterator[Json]:
        """Yield what stands below a part."""
        for one in part.below:
            if not isinstance(one, Part):
                yield from question(one, self.words, required=self.required(one))
            elif one.kind == "choice":
                yield from self.choice(one)
            else:
                yield from self.part(one)

    def required(self, name: str) -> bool:
        """Whether a form is not done without an answer: an attribute that opens what else is asked."""
        return name in self.turning and listed(self.words.vocabulary[name])

    def part(self, part: Part, more: Iterable[Json] = ()) -> Iterator[Json]:
        """Yield a part as a group; ``more`` are conditions beside its own, any of which opens it."""
        items = list(self.below(part))
        if not items:
            return
        link = self.link(part.id or "part")
        made: Json = {"linkId": link, "type": "group"}
        if part.id:
            made["prefix"] = part.id
        if part.title:
            made["text"] = part.title
        yield self.gated(made, part.clauses, list(more), items)

    def gated(self, made: Json, clauses: tuple[Clause, ...], ways: list[Json], items: list[Json]) -> Json:
        """Put conditions on a group: each that one of several answers fulfils needs a group of its own."""
        each = [list(_when(clause, self.words)) for clause in clauses]
        if ways:
            each.insert(0, ways)
        single = [one[0] for one in each if len(one) == 1]
        several = [one for one in each if len(one) > 1]
        if single and several:
            inner = self.nested(several, items)
            return {**made, "enableWhen": single, **_all(single), "item": [inner]}
        if single or not several:
            return {**made, **({"enableWhen": single, **_all(single)} if single else {}), "item": items}
        below = [self.nested(several[1:], items)] if several[1:] else items
        return {**made, "enableWhen": several[0], "enableBehavior": "any", "item": below}

    def nested(self, several: list[list[Json]], items: list[Json]) -> Json:
        below = [self.nested(several[1:], items)] if several[1:] else items
        group = {"linkId": self.link("part"), "type": "group"}
        return {**group, "enableWhen": several[0], "enableBehavior": "any", "item": below}

    def choice(self, choice: Part) -> Iterator[Json]:
        """Yield the question which ways can be shown, and each way, opened by its choice."""
        link = self.link("choice")
        ways = [one for one in choice.parts if one.kind == "way"]
        codes = {id(way): str(place) for place, way in enumerate(ways, 1)}
        system = f"{self.words.base}/CodeSystem/{WAYS}"
        options = [{"valueCoding": {"system": system, "code": codes[id(way)], "display": way.title}} for way in ways]
        asks: Json = {"linkId": link, "text": CHOICE, "type": "choice", "repeats": True, "answerOption": options}
        found = [asks]
        for one in sorted(choice.parts, key=lambda part: part.kind == "way"):  # what several share may open a way
            opened = [one] if one.kind == "way" else list(one.of)
            when = [
                {"question": link, "operator": "=", "answerCoding": {"system": system, "code": codes[id(way)]}}
                for way in opened
                if id(way) in codes
            ]
            found.extend(self.part(one, when))
        if choice.clauses:
            group: Json = {"linkId": self.link("part"), "type": "group"}
            yield self.gated(group, choice.clauses, [], found)
        else:
            yield from found


def _parts(top: Part, names: frozenset[str]) -> list[Part]:
    left = only(top, names)
    return [] if left is None else left.parts


def _all(single: list[Json]) -> Json:
    return {"enableBehavior": "all"} if len(single) > 1 else {}


def _when(clause: Clause, words: Words) -> Iterator[Json]:
    """Yield the answers of a clause as ``enableWhen``, any of which opens."""
    order = {name: place for place, name in enumerate(words.vocabulary)}
    for fact, value in sorted(clause, key=lambda one: (order[one[0]], one[1])):
        asked: Json = {"question": fact}
        if value == OPEN:
            yield {**asked, "operator": "exists", "answerBoolean": False}
        elif listed(words.vocabulary[fact]):
            said = coding(fact, value, words.base)
            yield {**asked, "operator": "=", "answerCoding": {"system": said["system"], "code": said["code"]}}
        else:
            yield {**asked, "operator": "=", "answerBoolean": value == YES}


def walked(items: Iterable[Json]) -> Iterator[Json]:
    """Yield every item of a form, those below after the one above them."""
    for one in items:
        yield one
        yield from walked(one.get("item", ()))


def chosen(items: Iterable[Json], values: Mapping[str, Sequence[Json]]) -> dict[str, Sequence[Json]]:
    """Return the answers to a form with every way chosen that holds an answer, so that none stands in a closed part."""
    found: dict[str, Sequence[Json]] = dict(values)
    for item in walked(items):
        held = {one["linkId"] for one in walked(item.get("item", ()))}
        if held.isdisjoint(values):
            continue
        for when in item.get("enableWhen", ()):
            if when["question"].startswith(MARK) and "answerCoding" in when:
                said = {"valueCoding": dict(when["answerCoding"])}
                before = found.get(when["question"], ())
                if said not in before:
                    found[when["question"]] = [*before, said]
    return found
