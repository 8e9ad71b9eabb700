"""Facts in sentences: shapes tried one by one, what stands around them weighed, values and days read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from priorauth.documents.pages import SURE, Page, words_in
from priorauth.documents.proposal import Certainty, Polarity, Proposal
from priorauth.documents.understand import amounts, answers, numbers, surroundings, trends
from priorauth.documents.understand.dating import Dating, changed
from priorauth.documents.understand.days import Day
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.rules import Rule, Rules, Said
from priorauth.documents.understand.sentences import Sentence
from priorauth.documents.understand.shapes import DAY

_SEEN: Final = 60
"""A denial no further off than so many letters is shown with what it denies."""
_COLUMN: Final = re.compile(r"\s*\t\s*\d")
"""Another number in the next column: which of the two is meant the head of the table says."""
_NEGATION: Final = re.compile(
    r"\b(?:no|not|never|none|nor|neither|den\w+|without|cannot|can't|unable|\w+n't|lack\w*|declin\w+|refus\w+|un\w+|non-?\w*|free|negative)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"\d{1,2}(?:\t|\s{2,})(?!\d)")
"""The number of a question at the beginning of its line: no value."""
_SHE: Final = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_HE: Final = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"\{[^{}\n]{0,80}\}|\*{3}[^*\n]{1,60}\*{3}")
"""What a template leaves to be chosen."""
_BESIDE: Final = 9
"""So many letters before a count of shots the one insulin may stand of which they are."""
_ALONE: Final = re.compile(r"(?:alone|only)\b", re.IGNORECASE)
_INJECT: Final = re.compile(r"inject(?:s|ing)?\b", re.IGNORECASE)
_FIRST: Final = re.compile(r"\W*(?:then |now |also )?(\w+)")
"""The word with which a sentence begins, and may say of whom it tells."""
_RELATIVE: Final = re.compile(
    r"\W*(?:(?:his|her|their|the|an?|one|older|younger|elder|maternal|paternal|twin|half|step|great|also|late)[\s-]+)*"
    r"(?:(?P<she>mother|mom|sister|aunt|niece|grandmother|grandma|wife|daughter|girlfriend)|father|dad|brother|uncle|nephew"
    r"|grandfather|grandpa|husband|son|boyfriend|cousin|roommate|friend|coworker|partner|twin)\b",
    re.IGNORECASE,
)
_SEX: Final = re.compile(
    r"\b(?i:age/sex|sex|gender)\b[:\s]*(?:\d{1,3}\s*)?([FM])(?:emale|ale|EMALE|ALE)?\b"
    r"|\b\d{1,3} ?(?i:y/?o|y\.o\.?|yrs?|-?year-old) ?([FM]|female|male|woman|man|girl|boy)\b"
)
"""The sex of the patient, as the head of a paper has it."""
_TOP: Final = 1200
_RARE: Final = 2
"""So many times as often one pronoun must be written as the other."""
_MEAL: Final = re.compile(r"\b(?:breakfast|lunch|dinner|supper|snack)", re.IGNORECASE)
"""One meal says when something is done, not how often."""
_MANY: Final = 40
"""So many a week are a reading, not a count."""
_FEELS_NOT: Final = re.compile(
    r"\b(?:no longer|rarely|seldom|hardly|barely|stopped|never|not always|not|doesn't|does not|can't|cannot|unable to)\s+(?:\w+\s)?$",
    re.IGNORECASE,
)
_SOUGHT: Final = frozenset({"considered", "concern for", "evaluate for", "evaluation for"})
"""What was looked for, and then was not found."""
_ANSWERED: Final = ("event", "condition", "attestation")


class Found(NamedTuple):
    """A match: the rule, what it says, where, and the kinds of context that act on it."""

    rule: Rule
    said: Said
    sentence: Sentence
    match: re.Match[str]
    around: dict[str, str]


class Finder:
    """One document's sentences, and what is found in them."""

    def __init__(self, rules: Rules, head: Head, pages: dict[int, Page]) -> None:
        """Take the rules and what is known of the document."""
        self.rules, self.head, self.pages = rules, head, pages
        self.own = head.own
        self.left: list[Proposal] = []
        self.flat = " ".join(" ".join(page.text.split()) for page in pages.values()).lower()
        self.dating = Dating(rules, head, pages)
        self.relative: str | None = None
        """What a relative is called of whom the sentence before tells."""
        told = [len(shape.findall(self.flat)) for shape in (_SHE, _HE)]
        self.pronoun = "she" if told[0] > _RARE * (told[1] + 1) else "he" if told[1] > _RARE * (told[0] + 1) else None
        """What the patient is called, where that is plain."""
        sex = next((hit for page in pages.values() if (hit := _SEX.search(page.text[:_TOP]))), None)
        if sex is not None:
            self.pronoun = "she" if next(one for one in sex.groups() if one)[0] in "Ffwg" else "he"

    def found(self, sentences: Sequence[Sentence]) -> Iterator[Proposal]:
        """Yield what the sentences state and deny; what only looks so is kept in ``left``."""
        rules = [
            (rule, said) for rule in self.rules.facts.values() if "signed" not in rule.options for said in rule.shapes
        ]
        self.dating.diagnoses(sentences)
        self.relative = None
        before: Sentence | None = None
        for sentence in sentences:
            near = None if before is None or before.line != sentence.line else before
            self.relative = None if near is None else self.told_of(near)
            self.dating.before = () if near is None else self.dating.days(near)
            before = sentence
            low = sentence.text.lower()
            rows = self.head.kind == "lab-report" and sentence.text.count("\t") > 1
            masked = self.masked(sentence)
            taken: dict[str, list[tuple[int, int]]] = {}
            for rule, said in rules:
                if said.shape.needs and not any(one in low for one in said.shape.needs):
                    continue
                if not rule.allows(self.head.kind, sentence.section) or (rows and rule.row is not None):
                    continue
                for match in said.shape.find.finditer(masked):
                    spans = taken.setdefault(rule.fact.name, [])
                    if any(match.start() < end and start < match.end() for start, end in spans):
                        continue
                    made = list(self.proposed(rule, said, sentence, match))
                    if made:
                        spans.append(match.span())
                        made += self.further(rule, made[0], sentence, match)
                    yield from made

    def proposed(self, rule: Rule, said: Said, sentence: Sentence, match: re.Match[str]) -> Iterator[Proposal]:
        """Yield the proposals of one match: none, one, or one for each day of an event."""
        fact = rule.fact
        begins = match.start("value") if said.shape.find.groupindex.get("value") else match.start()
        around, polarity = self.around(rule, said, sentence, match)
        taking = [kind for kind in around if kind not in surroundings.SPARED]
        certainty: Certainty = "hedged" if surroundings.HEDGED in around or said.says == "hedged" else "sure"
        value = self.value(rule, said, sentence, match, polarity)
        of_cell = next((name for name in ("value", "often") if match.groupdict().get(name)), None)
        if of_cell is not None and "\t" in sentence.text[match.end(of_cell) : match.end()]:
            taking.append("of another column")
        if rule.sums and self.of_one(rule, sentence, match):
            taking.append("the dose of one insulin")
        if value is None or (
            fact.kind == "regimen" and polarity == "stated" and _COLUMN.match(sentence.text, match.end())
        ):
            taking.append("no usable value")
        if value is not None and fact.kind == "regimen" and amounts.is_none(value):
            polarity, value = "denied", "none"
        if (
            sentence.formed
            and polarity == "stated"
            and (fact.kind in _ANSWERED or (value or "").startswith(("<", ">")))
        ):
            taking.append("box not seen")
        where = self.where(sentence, match, around.get(surroundings.DENIED) if polarity == "denied" else None)
        found = self.dating.days(sentence)
        base = Proposal(
            fact=fact.name,
            value=value or "",
            quote=where[1],
            page=sentence.page,
            start=where[0],
            polarity=polarity,
            certainty=self.certainty(sentence, match, certainty),
            by=f"{fact.name}:{said.shape.line}",
        )
        if taking:
            self.left.append(changed(base, by=f"{base.by} ({', '.join(taking)})"))
            return
        yield from self.dating.dated(rule, base, sentence, match, found, begins)

    def further(self, rule: Rule, first: Proposal, sentence: Sentence, match: re.Match[str]) -> list[Proposal]:
        """Return the results with days that follow a first one: ``8.4 (10/6/26), 8.9 (7/1/26)``."""
        if rule.fact.kind != "measurement" or first.polarity != "stated" or match.groupdict().get("value") is None:
            return []
        made = []
        for one in trends.further(sentence.text, match.end(), self.dating.days(sentence)):
            value = amounts.read(rule, self.rules.units, one.value, match.groupdict().get("unit"))
            start, quote = sentence.quoted(self.pages[sentence.page].text, one.start, one.end)
            if value is not None:
                made.append(changed(first, value=value, date=one.day.said, start=start, quote=quote))
        return made

    def around(
        self, rule: Rule, said: Said, sentence: Sentence, match: re.Match[str]
    ) -> tuple[dict[str, str], Polarity]:
        """Return what the words around a match say of it, and so whether it states or denies."""
        fact = rule.fact
        around = self.rules.context.of(sentence.text, match.start(), match.end(), sentence.section, fact.kind)
        for spared in (*rule.options.get("relatives", ()), *rule.options.get("loose", ())):
            around.pop(spared, None)
        if sentence.over:
            over = self.rules.context.over(sentence.over, sentence.text, match.start(), match.end(), fact.kind)
            around = {**over, **around}
        first, last = surroundings.clause(sentence.text, match.start(), match.end())
        comma = sentence.text.find(",", match.end())
        last = min(last, match.end() + 15, comma if comma >= 0 else last)
        if rule.without is not None and rule.without.search(
            sentence.text, max(first, match.start() - 30), max(last, match.end())
        ):
            around["another matter"] = ""
        if not sentence.text[: match.start()].strip() and _NUMBERED.match(
            self.pages[sentence.page].text, sentence.places[match.start()]
        ):
            around["another matter"] = ""
        if rule.amid is not None and rule.amid.search(match.group()):
            around["another matter"] = ""
        if (
            "day" in match.groupdict()
            and (near := self.near(sentence, match)) is not None
            and self.own is not None
            and near.first > self.own
        ):
            around["to come"] = ""
        if sentence.carried and fact.kind in ("attestation", "condition", "attribute", "regimen"):
            around["carried forward"] = ""
        polarity: Polarity = "denied" if said.says == "denied" else "stated"
        behind = None
        if polarity == "stated" and fact.kind in _ANSWERED and said.shape.find.groups == 0:
            behind = answers.answer(sentence.text, match.start(), match.end())
        if behind is not None:
            around[surroundings.DENIED if behind[0] == answers.DENIED else behind[0]] = behind[1]
        if surroundings.DENIED in around:
            polarity = "denied"
            around.update(dict.fromkeys(self.twice(rule, said, match), ""))
        if polarity == "denied":
            around.pop("past", None)
        if said.says == "denied" and around.get("hypothesis", "").lower() in _SOUGHT:
            around.pop("hypothesis")
        if self.of_other(sentence.text, match.start()) or self.of_relative(sentence):
            around.setdefault("family", "")
        if said.says == "denied" and _FEELS_NOT.search(sentence.text[: match.start()]):
            around["denied twice"] = ""
        if fact.kind == "condition" and polarity == "stated" and self.ended(sentence, match):
            around["past"] = ""
        return around, polarity

    @staticmethod
    def twice(rule: Rule, said: Said, match: re.Match[str]) -> Iterator[str]:
        """Yield why a denial of what was found says nothing: of a value, or of what denies already."""
        if said.says == "denied" and not _NEGATION.search(match.group()):
            yield "denied twice"
        of_value = {"value", "often", "count"} & set(match.groupdict())
        if (
            (said.says != "denied" and (said.value is not None or "undeniable" in rule.options))
            or of_value
            or (rule.fact.kind == "measurement" and rule.dated != "admission")
        ):
            yield "denied value"

    def value(self, rule: Rule, said: Said, sentence: Sentence, match: re.Match[str], polarity: Polarity) -> str | None:
        """Return the value that a match gives the fact, as it is written; None where it gives none that can be."""
        fact = rule.fact
        parts = match.groupdict()
        if polarity == "denied":
            return "none" if fact.kind in ("event", "measurement", "regimen") else "no"
        if said.value is not None:
            return said.value
        if parts.get("often") is not None:
            counted = numbers.often(parts["often"])
            if counted is not None and counted.low == "1" and _MEAL.search(parts["often"]):
                return None
            return None if counted is None else amounts.written(rule, self.rules.units, counted, "/d")
        if parts.get("low") is not None and parts.get("high") is not None:
            return amounts.difference(rule, self.rules.units, parts["low"], parts["high"])
        if parts.get("value") is not None:
            return amounts.read(rule, self.rules.units, parts["value"], parts.get("unit"))
        if parts.get("count") is not None and fact.kind == "condition":
            number = numbers.amount(parts["count"])
            return None if number is None or float(number.low) >= _MANY else "yes"
        if parts.get("count") is not None and fact.kind in ("measurement", "attribute"):
            number = numbers.amount(parts["count"])
            return None if number is None else amounts.written(rule, self.rules.units, number, fact.unit or "")
        if parts.get("count") is not None and fact.kind == "event":
            number = numbers.amount(parts["count"])
            return None if number is None else number.written("x")
        if fact.values == ("date",):
            day = self.near(sentence, match)
            return None if day is None else day.said
        if rule.dated == "admission" and fact.kind == "measurement":
            spans = [day for day in self.dating.days(sentence) if day.how == "two" and day.last - day.first < 60]  # noqa: PLR2004 - a stay
            return (
                amounts.written(rule, self.rules.units, numbers.Amount("", str(spans[0].last - spans[0].first)), "d")
                if len(spans) == 1
                else None
            )
        if fact.values in (("number",), ("integer",)) or (fact.kind in ("measurement", "regimen")):
            return None
        return "yes"

    def of_other(self, text: str, start: int) -> bool:
        """Whether a sentence is told of somebody else: its pronoun is not the patient's, and the patient's does not occur."""
        if self.pronoun is None:
            return False
        own, other = (_SHE, _HE) if self.pronoun == "she" else (_HE, _SHE)
        owner = re.search(r"\b(his|her) (?:own )?\W*$", text[:start], re.IGNORECASE)
        if owner is not None and other.fullmatch(owner[1]) is not None:
            return True
        first = _FIRST.match(text)
        return first is not None and other.fullmatch(first[1]) is not None and own.search(text) is None

    @staticmethod
    def of_one(rule: Rule, sentence: Sentence, match: re.Match[str]) -> bool:
        """Whether what is said of injecting is the dose of one insulin that is named before it, not all that are taken."""
        names = [rule.sums[role] for role in ("basal", "rapid") if role in rule.sums]
        if _ALONE.match(match.group()):
            return False
        first = 0 if _INJECT.match(match.group()) else max(0, match.start() - _BESIDE)
        return (first == 0 or len(names) > 1) and any(
            name.search(sentence.text, first, match.start()) for name in names
        )

    def told_of(self, sentence: Sentence) -> str | None:
        """Return what the relative is called of whom a sentence tells: she or he; None where it tells of none."""
        end = len(sentence.text.rstrip())
        if "family" not in self.rules.context.of(sentence.text, end, end, sentence.section):
            return None
        hit = _RELATIVE.match(sentence.text)
        return None if hit is None else "she" if hit["she"] else "he"

    def of_relative(self, sentence: Sentence) -> bool:
        """Whether a sentence goes on to tell of the relative of the one before: its first word may mean her or him."""
        if self.relative is None or self.pronoun not in (None, self.relative):
            return False
        first = _FIRST.match(sentence.text)
        return first is not None and (_SHE if self.relative == "she" else _HE).fullmatch(first[1]) is not None

    def ended(self, sentence: Sentence, match: re.Match[str]) -> bool:
        """Whether a stretch of days stands behind what was found, and is over."""
        behind = [day for day in self.dating.days(sentence) if day.start >= match.end() and day.how == "two"]
        if not behind or len(sentence.text[match.end() : behind[0].start].split()) > 2:  # noqa: PLR2004 - right behind
            return False
        return self.own is not None and behind[0].last < self.own - 60

    def near(self, sentence: Sentence, match: re.Match[str]) -> Day | None:
        """Return the day that stands within what was found, or next after it."""
        for day in self.dating.days(sentence):
            if day.end > match.start() and len(sentence.text[match.end() : day.start].split()) <= 4:  # noqa: PLR2004
                return day
        return None

    def masked(self, sentence: Sentence) -> str:
        """Return a sentence whose days cannot be taken for numbers."""
        text = sentence.text
        for day in self.dating.days(sentence):
            if day.how not in ("word", "yesterday", "weekday", "m", "season", "for"):
                text = text[: day.start] + DAY * (day.end - day.start) + text[day.end :]
        return _TEMPLATE.sub(lambda hit: " " * len(hit.group()), text)

    def where(self, sentence: Sentence, match: re.Match[str], denial: str | None = None) -> tuple[int, str]:
        """Return where a match begins on its page, and its words as they stand there: enough to be found again."""
        page = self.pages[sentence.page].text
        start, end = match.span()
        said = sentence.text
        if denial is not None:
            before, after = said.rfind(denial, 0, start), said.find(denial, end)
            if before >= 0 and start - before <= _SEEN:
                start = before
            elif 0 <= after - end <= _SEEN:
                end = after + len(denial)
        inner, outer = start, end
        for ends in (None, re.compile(r"[,;\t]| and "), re.compile(r"[;\t]"), re.compile(r"\Z")):
            if ends is not None:
                begins = [hit.end() for hit in ends.finditer(said, 0, inner)]
                stops = ends.search(said, outer)
                start, end = (begins[-1] if begins else 0), (stops.start() if stops else len(said))
            if len(said[start:end]) > 4 and self.flat.count(" ".join(said[start:end].split()).lower()) <= 1:  # noqa: PLR2004 - a word
                break
        return sentence.quoted(page, start, end)

    def certainty(self, sentence: Sentence, match: re.Match[str], said: Certainty) -> Certainty:
        """Return how sure a match is: a number that was recognised badly is not."""
        page = self.pages[sentence.page]
        if page.how == "text" or said == "hedged" or "value" not in match.groupdict() or match["value"] is None:
            return said
        if match.groupdict().get("unit") is None and "." not in match["value"]:
            return "hedged"
        first, last = sentence.places[match.start("value")], sentence.places[match.end("value") - 1] + 1
        return "hedged" if any(word.sure < SURE for word in words_in(page, first, last)) else said
