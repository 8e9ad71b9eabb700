"""What is answered behind a label: ``Ketoacidosis ..... none``, ``Severe lows?  No``, ``Warning signs: not asked``."""

from __future__ import annotations

import re
from typing import Final

_MARK: Final = r"(?:\s*\?\s*:?|\s*(?:-+>|→)|\s*:|\s*\.{3,}|\s*-{2,}|\s+-(?=\s)|\s*\t|\s*=|\s*[(\[])[\s\t\"'(]*"
_REST: Final = r"(?P<rest>[^.;:?\t,=\[]{0,60}?)"
_NO: Final = re.compile(
    _REST
    + _MARK
    + r"(?P<said>no|none|nope|never|den(?:y|ies|ied)|neg(?:ative)?|\(-\)|-(?=\s*$)|absent|nil|zero|0|n|ningun[ao]|niega|nunca|not present|not in the past|not(?= since\b))"
    r"(?![\w/%-]|\.\d)(?=\s*(?:[.,;)\t\"'\]]|$|since\b|in\b|per\b|to date|at\b|ever\b|recent|this\b|last\b|past\b|so far|during\b|over\b|x\b"
    r"|for\b|report|known|noted|\(|-|/|times|episodes?|events?|hx\b|history))",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(
    _REST
    + _MARK
    + r"(?P<said>n\.?/?a\b|not (?:assessed|asked|applicable|reported|known|done|documented|discussed|evaluated|available|checked|obtained|tested"
    r"|sure|addressed|reviewed)|unknown|unsure|don't know|did(?: not|n't) (?:assess|ask)|declined to answer|pending|deferred|_{2,}|\?+)",
    re.IGNORECASE,
)
_MARKED: Final = re.compile(r"[:?\t.=\[(→]|->|-\s|--|__")
_LABEL_ALONE: Final = re.compile(r"[^.;:?\t,]{0,40}(?::|\s_{2,}|:\s*_+)\s*$")
_OTHER: Final = re.compile(r"\b(?:and|with|her|his|she|he|but|is|was|are|were|has|had)\b", re.IGNORECASE)

_BEFORE: Final = 3
"""So many words of a label may stand before those that name a fact."""

DENIED: Final = "denied"
NOTHING: Final = "unanswered"
STATED: Final = "stated"
_ASKED: Final = re.compile(r"[^.;\t?]*\?")
_REPLIES: Final = (
    (
        re.compile(
            r"\W*(?:n\.?/?a\b|not (?:assess|ask|appl|sure|known|done)|unknown|unsure|did not assess)", re.IGNORECASE
        ),
        NOTHING,
    ),
    (re.compile(r"\W*(?:no|none|nope|never|denies|neg\w*|n|not me|0)\b", re.IGNORECASE), DENIED),
    (re.compile(r"\W*(?:yes|yep|y|once|twice|several|sometimes|often|frequent\w*|[1-9])\b", re.IGNORECASE), STATED),
)


def answer(text: str, start: int, end: int) -> tuple[str, str] | None:
    """Return what stands behind a label from ``start`` to ``end``, with its words: denied, or unanswered; None where neither is."""
    if not _MARKED.search(text, end, end + 90):
        return None
    asked = _ASKED.match(text, end)
    if asked is not None:
        said = next((says for shape, says in _REPLIES if shape.match(text, asked.end())), NOTHING)
        return None if said == STATED else (said, "?")
    for shape, says in ((_NOTHING, NOTHING), (_NO, DENIED)):
        hit = shape.match(text, end)
        if hit is not None and len(hit["rest"].split()) <= 8 and not _OTHER.search(hit["rest"]):  # noqa: PLR2004 - a label
            return says, hit["said"]
    begins = max(text.rfind("\t", 0, start), text.rfind(". ", 0, start)) + 1
    label = len(text[begins:start].split()) <= _BEFORE
    return (NOTHING, "") if label and _LABEL_ALONE.match(text, end) else None
