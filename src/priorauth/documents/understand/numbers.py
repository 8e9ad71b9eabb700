"""Numbers as people write them: digits, words, "at least", ranges, and how often a day."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_NAMED_NUMBERS: Final = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
WORDS: Final = {name: number for number, name in enumerate(_NAMED_NUMBERS.split())} | {
    "sixteen": 16,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "eighty": 80,
}
_MORE: Final = {
    "a": 1,
    "an": 1,
    "few": None,
    "several": None,
    "couple": 2,
    "couple of": 2,
    "once": 1,
    "twice": 2,
    "thrice": 3,
}
_WORD: Final = "|".join(WORDS)

DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
ONE: Final = rf"(?:{DIGITS}|\b(?:{_WORD}) point (?:{_WORD})\b|\b(?:{_WORD})\b(?! point))"
COMPARED: Final = (
    r"(?:<=|>=|≤|≥|<|>|~|\b(?:at least|no fewer than|a minimum of|minimum|min|up to|at most|less than|fewer than|below|under"
    r"|more than|greater than|exceed(?:s|ing)?|over|above|about|approximately|approx\.?|around|roughly|averag(?:es|ing)|an average of|avg\.?"
    r"|average)\b)"
)
AMOUNT: Final = rf"(?:{COMPARED}\s*)*(?<![\d.,/]){ONE}(?:\s*(?:-|–|\bto\b|\bor\b)\s*{ONE})?(?:\+|\s+or more\b)?"
"""A number, a range or a bound."""
_AMOUNT: Final = re.compile(
    rf"(?P<how>(?:{COMPARED}\s*)*)(?P<low>{ONE})(?:\s*(?:-|–|\bto\b|\bor\b)\s*(?P<high>{ONE}))?(?P<more>\+|\s+or more\b)?",
    re.IGNORECASE,
)
_SIGNS: Final = {
    **dict.fromkeys(("<", "less than", "fewer than", "below", "under"), "<"),
    **dict.fromkeys((">", "more than", "greater than", "exceed", "over", "above"), ">"),
    **dict.fromkeys(("<=", "≤", "up to", "at most"), "<="),
    **dict.fromkeys((">=", "≥", "at least", "no fewer than", "a minimum of", "minimum", "min"), ">="),
}
_PER_DAY: Final = (
    r"(?:(?:times|tests|checks|readings|finger-?sticks?|sticks|pokes|shots|injections|x|X|×)?\s*"
    r"(?:/\s*(?:d|day|24 ?h(?:rs?|ours)?)\b|\bper day\b|\ba day\b|\beach day\b|\bevery day\b|\bdaily\b|\bx ?day\b|\bper 24 h(?:ours)?\b|\ba\. ?day\b))"
)
_CODES: Final = {
    **dict.fromkeys(("qid", "q.i.d.", "4xd"), 4),
    **dict.fromkeys(("tid", "t.i.d.", "tidac", "tid ac"), 3),
    **dict.fromkeys(("bid", "b.i.d."), 2),
    **dict.fromkeys(
        ("qd", "q.d.", "qhs", "qam", "qpm", "q hs", "q am", "q pm", "hs", "at hs", "nightly", "q day", "qday"), 1
    ),
}
_CODE: Final = r"\b(?:q\.?i\.?d\.?|t\.?i\.?d\.?(?: ?ac)?|b\.?i\.?d\.?|q\.?d\.?|q ?hs|(?:at )?hs|q ?am|q ?pm|nightly|q ?day)(?![a-z])"
_MEALS: Final = r"(?:\b(?:before|with|at|for|ac|after|per)|\bw/)\s*(?:\b(?:each|every|all|of|the|his|her|their|three|3|two|2|main)\b|\s)*\s*(?:meals?\b|mealtimes?\b)|\b(?:ac|premeal|mealtime)\b"
_NAMED: Final = r"(?:(?:before|with|at|for)\s+)?(?:breakfast|lunch|dinner|supper|(?:an? )?(?:afternoon |evening |bedtime )?snacks?)(?:\s*(?:,|and|&|\+)+\s*(?:and\s+)?(?:(?:with|at|before|for)\s+)?(?:breakfast|lunch|dinner|supper|(?:an? )?(?:afternoon |evening |bedtime )?snacks?))*"
_BED: Final = r"(?:at bedtime|and bedtime|hs\b|bedtime\b|at night|before bed)"
COUNTED: Final = "|".join(
    (
        rf"(?:{AMOUNT}\s*{_PER_DAY})",
        rf"(?:{AMOUNT}\s*(?:times|x|X|×)(?![a-z0-9]))",
        rf"(?:\b(?:once|twice|thrice|one time|{_WORD} times)(?:\s+(?:or|to)\s+(?:twice|{_WORD} times|thrice))?\s*(?:{_PER_DAY}|(?:in the|every|each|at)\s+(?:morning|evening|night|bedtime|day)))",
        rf"(?:{_CODE})",
        r"(?:\b(?:q|every)\s?\d{1,2}\s?(?:h|hrs?|hours)\b)",
        rf"(?:(?:{_MEALS})(?:\s*(?:,|and|&|\+|plus)\s*(?:{_BED}))?(?:\s*(?:,|and|&|\+)\s*snacks?)?)",
        rf"(?:{_NAMED}(?:\s*(?:,|and|&|\+)\s*(?:{_BED}))?)",
    )
)
"""How often a day something is done, in words that count."""
OFTEN: Final = (
    COUNTED
    + r"|(?:\b(?:every|each|in the|at)\s+(?:morning|evening|night|day|bedtime)|\bat bedtime|\bbedtime\b|\bdaily\b|\bonce\b)"
)
"""The same, with words that mean once a day beside the name of what is taken."""

_PER: Final = re.compile(_PER_DAY, re.IGNORECASE)


class Amount(NamedTuple):
    """A number with what bounds it: ``sign`` is a comparator or empty, ``high`` is set for a range; all as text."""

    sign: str
    low: str
    high: str | None = None

    def written(self, unit: str) -> str:
        """Return it with its unit."""
        numbers = self.low if self.high is None else f"{self.low}-{self.high}"
        return f"{self.sign}{numbers} {unit}".rstrip()


def whole(text: str) -> int | None:
    """Return a small number that is written in digits or as a word; None where it is neither."""
    low = text.strip().lower()
    return int(low) if low.isdecimal() else _MORE.get(low, WORDS.get(low))


def amount(text: str) -> Amount | None:
    """Return the number of a text that :data:`AMOUNT` matched; None where it is none, or a range runs backwards."""
    match = _AMOUNT.search(text)
    if match is None:
        return None
    low, high = _digits(match["low"]), _digits(match["high"])
    if low is None or (high is not None and float(high) <= float(low)):
        return None
    said = " ".join(match["how"].lower().split())
    sign = next((sign for word, sign in sorted(_SIGNS.items(), key=lambda row: -len(row[0])) if word in said), "")
    if match["more"]:
        sign = ">="
    return Amount(sign, low, high)


def often(text: str) -> Amount | None:
    """Return how often a day, of a text that :data:`OFTEN` matched; None where it cannot be counted."""
    low = " ".join(text.lower().split())
    if (hours := re.fullmatch(r"(?:q|every) ?(\d{1,2}) ?(?:h|hrs?|hours)", low)) is not None:
        each = int(hours[1])
        return Amount("", str(24 // each)) if each and 24 % each == 0 else None
    for code, number in _CODES.items():
        if re.sub(r"[. ]", "", low) == re.sub(r"[. ]", "", code):
            return Amount("", str(number))
    twice = re.match(rf"(once|twice|thrice|one time)(?:\s+(?:or|to)\s+(twice|thrice|(?:{_WORD}) times))?\b", low)
    if twice is not None:
        high = None if twice[2] is None else whole(twice[2].removesuffix(" times"))
        return Amount("", str(_MORE.get(twice[1], 1)), None if high is None else str(high))
    if re.match(AMOUNT, low) and (_PER.search(low) or re.search(r"(times|x|×)$", low)):
        return amount(low)
    meals = 3 if re.search(_MEALS, low) else len(re.findall(r"\b(?:breakfast|lunch|dinner|supper|snacks?)\b", low))
    if meals == 3 and re.search(r"\b(?:two|2)\b (?:main )?meals", low):  # noqa: PLR2004 - three meals
        meals = 2
    if meals == 3 and re.search(_MEALS, low) and "snack" in low:  # noqa: PLR2004 - three meals
        meals += 1
    bed = 1 if re.search(_BED, low) and not re.fullmatch(r"(?:bedtime )?snacks?", low) else 0
    if meals or bed:
        return Amount("", str(meals + bed))
    return Amount("", "1") if re.fullmatch(r"(?:(?:every|each|in the|at) \w+|bedtime|daily|once)", low) else None


def _digits(text: str | None) -> str | None:
    if text is None:
        return None
    if " point " in text.lower():
        ahead, _, behind = text.lower().partition(" point ")
        return f"{WORDS[ahead.strip()]}.{WORDS[behind.strip()]}"
    named = WORDS.get(text.lower())
    return str(named) if named is not None else text.replace(",", "")
