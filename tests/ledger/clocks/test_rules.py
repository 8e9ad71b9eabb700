"""The shipped rules of clocks say where each figure stands, and name nothing that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from priorauth.ledger.clocks import rules as r
from priorauth.ledger.clocks.load import shipped

UNVERIFIED = {
    "hu-b-exp", "cs-fed-urg", "cs-fed-conc", "cs-wv-std", "cs-wv-urg", "an-erisa-conc", "an-other-ca-std",
    "an-other-ca-urg", "uh-retro", "uh-retro-clean",
}  # fmt: skip
"""The clocks whose length was not held against its text."""


SURVEYED = [
    "mh-std",
    "mh-exp",
    "mh-cont",
    "mh-rx",
    "mh-retro",
    "hu-std",
    "hu-exp",
    "hu-cont",
    "hu-b",
    "cs-fed-std",
    "cs-fed-urg",
    "cs-fed-retro",
    "cs-fed-conc",
    "cs-ga",
    "cs-in",
    "cs-oh",
    "cs-wv",
    "an-erisa-std",
    "an-erisa-urg",
    "an-erisa-retro",
    "an-ct",
    "an-other",
    "uh-std",
    "uh-exp",
    "uh-bdrug",
    "uh-conc",
    "uh-retro",
    "uh-dsnp",
    "mcr",
    "mco",
    "metrics",
    "api",
    "who",
    "umc",
    "keep",
]
"""What was surveyed by line of business, state and kind: each has at least one entry whose name begins with it."""


def sources(value: object) -> Iterator[r.Source]:
    """Yield every source within a rule."""
    if isinstance(value, r.Source):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from sources(getattr(value, field))
    elif isinstance(value, tuple):
        for part in value:
            yield from sources(part)
    elif hasattr(value, "values"):
        for part in value.values():
            yield from sources(part)


def test_every_figure_has_a_citation() -> None:
    book = shipped()
    found = [
        source for section in (book.clocks, book.appeals, book.duties, book.unclocked) for source in sources(section)
    ]
    assert len(found) > 300
    assert all(source.cite for source in found)
    assert {source.verified for source in found} == {True, False}


def test_everything_that_was_surveyed_has_an_entry_and_nothing_else_has() -> None:
    book = shipped()
    names = {*book.clocks, *book.duties, *book.unclocked}
    assert [one for one in SURVEYED if not any(name == one or name.startswith(f"{one}-") for name in names)] == []
    more = [name for name in names if not any(name == one or name.startswith(f"{one}-") for one in SURVEYED)]
    assert more == ["an-erisa-conc"]  # the paragraph of cs-fed-conc, in the law that it comes from


def test_the_clocks_whose_length_was_not_read_are_these() -> None:
    assert {name for name, clock in shipped().clocks.items() if not clock.within.source.verified} == UNVERIFIED


def test_an_amount_is_written_as_the_law_says_it() -> None:
    assert str(shipped().clocks["cs-in-std"].within.amount) == "48 counted hours"


def test_every_ground_is_used_and_every_line_has_a_clock_or_says_why_not() -> None:
    book = shipped()
    used = {ground for clock in book.clocks.values() if clock.extension for ground in clock.extension.grounds}
    assert used == set(book.grounds)
    lines = {line for clock in book.clocks.values() for line in clock.lines}
    lines |= {line for entry in book.unclocked.values() for line in entry.lines}
    assert {name for name, line in book.lines.items() if name not in lines} == {"medicare-advantage-integrated"}
    assert book.lines["medicare-advantage-integrated"].missing


def test_every_way_of_appeal_but_that_of_the_integrated_plan_belongs_to_a_clock() -> None:
    book = shipped()
    assert set(book.appeals) - {clock.appeals for clock in book.clocks.values()} == {"medicare-advantage-integrated"}


def test_there_are_duties_of_every_section() -> None:
    assert {duty.section for duty in shipped().duties.values()} == set(r.SECTIONS)
