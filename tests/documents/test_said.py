"""What the process apart says, line by line."""

from __future__ import annotations

import msgspec

from priorauth.documents.pages import Box, Page, Word
from priorauth.documents.said import Said


def test_each_line_is_the_same_on_the_other_side_and_is_one_line() -> None:
    page = Page(number=3, text="one\ntwo\u2028", words=(Word("one", 0, Box(0, 0, 0.5, 1), 0.3),), how="ocr")
    for said in (Said(page=page), Said(picture=b"\x89PNG\n"), Said(count=0), Said(note="a\nb"), Said(ended=True)):
        line = msgspec.json.encode(said)
        assert b"\n" not in line
        assert msgspec.json.decode(line, type=Said) == said
