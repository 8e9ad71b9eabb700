"""Drafts: kept for the whole practice and nobody else, guarded by a version, carried on a page without being kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from sqlalchemy import func, select

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server.problem import Problem
from priorauth.workbench.drafts import draft
from priorauth.workbench.drafts.draft import Draft, Paper, Stale
from tests.ledger import house
from tests.ledger.conftest import address, migrated, postgresql, store, template, url

__all__ = ["address", "migrated", "postgresql", "store", "template", "url"]
COLLEAGUE = Who(house.TENANT, "cora", "prescriber", "clinic")


def paper(content: bytes, name: str = "letter.pdf", kind: draft.FileKind = "paper") -> Paper:
    return Paper(number=0, name=name, media="application/pdf", kind=kind, content=content)


def test_a_draft_is_found_by_the_whole_practice_and_by_no_other(store: Store) -> None:
    house.furnish(store)
    made = Draft(id="one", fields={"family": "Rivera"}, answers={"a-hba1c": ("8.4", "")}).added((paper(b"%PDF-1"),))
    draft.keep(store, house.COORDINATOR, made, "Rivera", house.NOW)
    found = draft.found(store, COLLEAGUE, "one")
    assert found is not None
    assert (found.fields, found.answers, found.version) == (made.fields, made.answers, 1)
    assert [(one.name, one.content, one.by) for one in found.files] == [("letter.pdf", b"%PDF-1", "cora")]
    assert [one.title for one in draft.listed(store, COLLEAGUE)] == ["Rivera"]
    assert draft.found(store, house.OTHER_CLINIC, "one") is None
    assert draft.listed(store, house.OTHER_CLINIC) == ()


def test_of_two_colleagues_at_once_the_second_is_told(store: Store) -> None:
    house.furnish(store)
    first = draft.keep(store, house.COORDINATOR, Draft(id="one"), "a draft", house.NOW)
    mine, hers = (structs.replace(first, fields={"family": name}) for name in ("Rivera", "Riviera"))
    draft.keep(store, house.COORDINATOR, mine, "a draft", house.NOW)
    with pytest.raises(Stale):
        draft.keep(store, COLLEAGUE, hers, "a draft", house.NOW)
    found = draft.found(store, COLLEAGUE, "one")
    assert found is not None
    assert (found.fields, found.version) == ({"family": "Rivera"}, 2)


def test_the_same_form_sent_twice_is_kept_once(store: Store) -> None:
    house.furnish(store)
    made = Draft(id="one", fields={"family": "Rivera"}, last="key")
    for _ in range(2):
        kept = draft.keep(store, house.COORDINATOR, made, "a draft", house.NOW)
    assert kept.version == 1


def test_files_that_were_taken_out_leave_nothing_behind(store: Store) -> None:
    house.furnish(store)
    both = Draft(id="one").added((paper(b"%PDF-1"), paper(b"%PDF-2", "notes.pdf")))
    kept = draft.keep(store, house.COORDINATOR, both, "a draft", house.NOW)
    draft.keep(store, house.COORDINATOR, structs.replace(kept, files=kept.files[1:]), "a draft", house.NOW)
    with store.reading(house.TENANT) as connection:
        blobs = connection.execute(select(t.draft_blob.c.bytes)).scalars().all()
        names = connection.execute(select(t.draft_file.c.name)).scalars().all()
    assert (blobs, names) == ([b"%PDF-2"], ["notes.pdf"])


def test_a_draft_that_was_sent_is_no_draft_any_more(store: Store) -> None:
    house.furnish(store)
    number = house.received(store, "ask")
    draft.keep(store, house.COORDINATOR, Draft(id="one", fields={"family": "R"}), "a draft", house.NOW)
    draft.sent(store, house.COORDINATOR, "one", number, house.NOW + timedelta(hours=1))
    found = draft.found(store, COLLEAGUE, "one")
    assert found is not None
    assert (found.sent, found.fields) == (number, {})
    assert draft.listed(store, COLLEAGUE) == ()
    with pytest.raises(Problem, match=number):
        draft.keep(store, COLLEAGUE, found, "a draft", house.NOW)


def test_a_draft_is_thrown_away_as_it_was_seen_or_not_at_all(store: Store) -> None:
    house.furnish(store)
    draft.keep(store, house.COORDINATOR, Draft(id="one").added((paper(b"%PDF-1"),)), "a draft", house.NOW)
    with pytest.raises(Stale):
        draft.drop(store, house.COORDINATOR, "one", 9)
    draft.drop(store, house.COORDINATOR, "one", 1)
    with store.reading(house.TENANT) as connection:
        assert connection.execute(select(func.count()).select_from(t.draft_blob)).scalar_one() == 0


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4), st.binary(max_size=200))
def test_a_draft_comes_back_from_a_page_as_it_went(fields: dict[str, str], content: bytes) -> None:
    made = Draft(fields=fields).added((paper(content),))
    assert draft.unpacked(draft.packed(made)) == made


@pytest.mark.parametrize("said", ["x", "AAAA", "e30=", "\u00e9"])
def test_what_no_page_carried_is_refused(said: str) -> None:
    with pytest.raises(Problem, match="check the files again"):
        draft.unpacked(said)


def test_a_new_request_takes_the_place_of_the_one_before() -> None:
    made = Draft().added((paper(b"{1}", "a.json", "request"),)).added((paper(b"{2}", "b.json", "request"),))
    assert [one.name for one in made.files] == ["b.json"]
    with pytest.raises(Problem, match="at most 20 files"):
        made.added(tuple(paper(bytes([place])) for place in range(21)))
