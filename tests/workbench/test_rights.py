"""Which role opens which page and sends which form: every one of them asked for, in every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from priorauth.ledger.acts import setup
from priorauth.ledger.allowed import rights as ledger
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from priorauth.workbench import rights
from tests.ledger import house
from tests.workbench.house import Desk, hidden, working

ROLES = rights.people()
MISSING = "99-9999"


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Desk, dict[str, dict[str, str]], dict[str, str]]]:
    """A plan with somebody signed in in every role, one case, and by page its parts of an address."""
    from priorauth.ledger.schema import open_store

    file = tmp_path_factory.mktemp("rights") / "ledger.db"
    open_store(f"sqlite:///{file}").close()
    store = connect(f"sqlite:///{file}")
    house.furnish(store)
    for role in ROLES:
        organisation = "clinic" if role in ("coordinator", "prescriber", "supplier") else None
        house.done(store, setup.AddPerson(person=f"r-{role}", title=role.title(), organisation=organisation))
        house.done(store, setup.GrantRole(person=f"r-{role}", role=role, valid_from=date(2020, 1, 1)))
    with working(store, open_to_all=False) as desk:
        headers = {role: desk.sign_in(_who(role)) for role in ROLES}
        number = desk.receive("ask")
        yield desk, headers, {"case": number}
    store.close()


def _who(role: str) -> Who:
    return Who(house.TENANT, f"r-{role}", role, "clinic" if role in ("coordinator", "prescriber", "supplier") else None)


def _address(pattern: str, parts: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: parts.get(found[1], "1"), pattern)


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_opened_by_whom_the_table_names_and_by_nobody_else(
    served: tuple[Desk, dict[str, dict[str, str]], dict[str, str]], role: str
) -> None:
    desk, headers, parts = served
    for name, page in rights.table().pages.items():
        answer = desk.running.client.get(_address(page.at, parts), headers=headers[role], follow_redirects=False)
        refused = "You are here as" in answer.text
        assert refused == (rights.may_open(page, role) is None), (name, role, answer.status_code)
        assert answer.status_code < 500, (name, role, answer.text)
        if refused:
            assert answer.status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_a_form_is_sent_by_whom_the_table_names_and_by_nobody_else(
    served: tuple[Desk, dict[str, dict[str, str]], dict[str, str]], role: str
) -> None:
    desk, headers, parts = served
    csrf = hidden(desk.running.client.get("/help/keys", headers=headers[role]).text, "/sign-out")
    for name, form in rights.table().forms.items():
        address = _address(form.at, {**parts, "case": MISSING})
        answer = desk.post(address, headers[role], csrf)
        refused = "You are here as" in answer.text
        assert refused != rights.may_send(form, role), (name, role, answer.status_code)
        assert answer.status_code < 500, (name, role, answer.text)


def test_a_form_without_the_mark_of_our_pages_does_nothing(
    served: tuple[Desk, dict[str, dict[str, str]], dict[str, str]],
) -> None:
    desk, headers, parts = served
    for name, form in rights.table().forms.items():
        for role in ROLES:
            if rights.may_send(form, role):
                answer = desk.post(_address(form.at, parts), headers[role], {"csrf": "0" * 64})
                assert answer.status_code == 403, (name, role)
                assert "Nothing was done" in answer.text, (name, role)
                foreign = {**headers[role], "Origin": "https://elsewhere.example"}
                assert desk.post(_address(form.at, parts), foreign, {"a": "b"}).status_code == 403, (name, role)
                break


def test_forms_of_acts_of_deciding_are_for_clinicians_alone() -> None:
    for name, form in rights.table().forms.items():
        if form.act in ("decide-adversely", "decide-in-part"):
            assert {role for role in ROLES if rights.may_send(form, role)} == {"director", "appeals"}, name
        if form.act is not None:
            assert form.act in ledger().rights, name


def test_an_admin_opens_no_page_of_a_case() -> None:
    for name, page in rights.table().pages.items():
        if page.at.startswith("/c/"):
            assert rights.may_open(page, "admin") is None, name
            assert rights.may_open(page, "analyst") is None, name


def test_the_page_of_rights_in_the_docs_is_of_these_tables() -> None:
    from tools.rights import PAGE, text

    assert PAGE.read_text(encoding="utf-8") == text()
