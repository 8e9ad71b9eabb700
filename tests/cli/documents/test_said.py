"""How what a document proposes is printed."""

from __future__ import annotations

import json

from priorauth.cli.documents.said import said
from priorauth.documents.understood import understood
from tests.documents.notes import note


def test_each_fact_has_its_words_and_keys_that_say_nothing_are_left_out() -> None:
    read = note("T1DM since 2004. A1c 8.4 % today.")
    printed = said(read, understood(read), None)
    by_fact = {one["fact"]: one for one in printed["facts"]}
    assert by_fact["type_1_diabetes"]["from"] == "2004"
    assert "from" not in by_fact["hba1c"]
    assert (by_fact["hba1c"]["quote"], by_fact["hba1c"]["page"]) == ("A1c 8.4 % today", 1)
    assert json.loads(json.dumps(printed)) == printed


def test_of_one_page_the_facts_of_that_page_are_printed() -> None:
    read = note("T1DM since 2004.\fA1c 8.4 % today.")
    found = understood(read)
    assert {one["page"] for one in said(read, found, 2)["facts"]} == {2}
    assert len(said(read, found, None)["facts"]) == len(found.facts)
