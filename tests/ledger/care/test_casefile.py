"""The file of a case holds all that the ledger holds of it, by names and in the plan's own zone."""

from __future__ import annotations

import io
from ctypes.util import find_library

import pytest
from pypdf import PdfReader

from priorauth.ledger.care.casefile import NAME, facts, papers
from priorauth.ledger.store import Store
from priorauth.letters import page
from priorauth.letters.casefile import page_of
from priorauth.letters.paper import PANGO
from tests.ledger.care.plan import ASKED, DENIED
from tests.ledger.house import REASON, TENANT
from tests.parts import need


def text(plan: Store, case: str) -> str:
    with plan.reading(TENANT) as connection:
        return " ".join(page.text(page_of(facts(connection, TENANT, case))).split())


def test_a_decision_stands_with_its_four_parts_its_signer_and_her_licence(plan: Store) -> None:
    said = text(plan, DENIED)
    for part in (REASON.criterion, REASON.asks, REASON.found, REASON.why_not, REASON.would_show):
        assert part in said
    assert "Dora Director (director, licence MA-12345)" in said
    assert "24 November 2026, 9:00 a.m." in said  # 14:00 UTC, in New York
    for happened in ("The request came by api", "The case went to the queue director.", "The member appealed."):
        assert happened in said


def test_a_paper_a_question_and_the_criteria_of_the_newest_run_stand_in_it(plan: Store) -> None:
    said = text(plan, ASKED)
    assert "fax paper, image/tiff" in said
    assert "The clinic was asked for" in said
    assert "II.A.T.7" in said
    assert "mh-" in said  # the clock that binds
    assert DENIED not in said


def test_it_is_printed_as_the_same_bytes_each_time(plan: Store) -> None:
    need(find_library("pango-1.0"), PANGO)
    with plan.reading(TENANT) as connection:
        first, second = (papers(connection, TENANT, ASKED)[NAME] for _ in range(2))
    assert first == second
    assert f"File of case {ASKED}" in PdfReader(io.BytesIO(first)).pages[0].extract_text()


def test_a_case_that_is_not_there_has_no_file(plan: Store) -> None:
    with plan.reading(TENANT) as connection, pytest.raises(KeyError):
        facts(connection, TENANT, "26-9999")
