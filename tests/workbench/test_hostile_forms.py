"""Every form of the workbench with what nobody should send it: never a fault of the server, never half done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

import priorauth.workbench
from priorauth.ledger import tables as t
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from priorauth.workbench import rights
from tests.ledger import house
from tests.workbench.addresses import Addresses
from tests.workbench.director import OFFICES, appealed, with_director
from tests.workbench.house import Desk, hidden, working

ROLES = rights.people()
CLINIC = ("coordinator", "prescriber", "supplier")
TEMPLATES = Path(priorauth.workbench.__file__).parent / "templates"
_NAMED = re.compile(r"""name="([a-z][\w-]*)"|parts\.(?:field|pick|choice)\(form, "([a-z][\w-]*)\"""")
LONG = "x" * 100_000
CONTROLS = "".join(chr(one) for one in range(32)) + "\x7f\u202e\u2028\ufeff"
ODD = ("", " ", "-1", "0", "1", "99999999999999999999", "1e9", "NaN", "yes", "2026-13-45", "2026-11-24", "9999-12-31",
       "2026-11-24 25:00", "2026-11-24 09:00", "0001-01-01 00:00", "<script>alert(1)</script>", "' OR 1=1 --",
       "26-0001", "../../etc/passwd", "%00", "{{ 7 * 7 }}", "II.A.T.7", "nina",
       "mh-std member-asks", "\U0001f9ea")  # fmt: skip
OPEN = ("sign-out",)


class Served(NamedTuple):
    """A running workbench, a session for each role, and what stands for the parts of an address."""

    desk: Desk
    headers: dict[str, dict[str, str]]
    csrf: dict[str, str]
    cases: tuple[str, ...]
    addresses: Addresses


def names() -> tuple[str, ...]:
    """Return every name that a field of a page has."""
    found = {one or two for file in TEMPLATES.glob("*.html") for one, two in _NAMED.findall(file.read_text("utf-8"))}
    return tuple(sorted(found - {"csrf"}))


def who(role: str) -> Who:
    """Return somebody of a role."""
    return Who(house.TENANT, f"r-{role}", role, "clinic" if role in CLINIC else None)


@pytest.fixture(scope="module")
def served(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A plan with a case of many states and somebody signed in in every role."""
    file = tmp_path_factory.mktemp("hostile") / "ledger.db"
    file.write_bytes(migrated.read_bytes())
    store = connect(f"sqlite:///{file}")
    house.furnish(store, approve_by_rule=False, letters=OFFICES)
    for role in ROLES:
        organisation = "clinic" if role in CLINIC else None
        house.done(store, setup.AddPerson(person=f"r-{role}", title=role.title(), organisation=organisation))
        house.done(store, setup.GrantRole(person=f"r-{role}", role=role, valid_from=date(2020, 1, 1)))
    with ExitStack() as stack:
        desk = stack.enter_context(working(store, open_to_all=False))
        approved = desk.receive("approve")
        house.done(store, Approve(case=approved), house.NURSE, desk.now)
        waiting = desk.receive("ask")
        paper = File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.4")
        house.done(store, FileDocument(case=waiting, file=paper), house.COORDINATOR, desk.now)
        listed = (waiting, desk.receive("conflict"), with_director(store), appealed(store)[1], approved)
        headers = {role: desk.sign_in(who(role)) for role in ROLES}
        pages = {role: desk.running.client.get("/help/keys", headers=headers[role]).text for role in ROLES}
        csrf = {role: hidden(pages[role], "/sign-out")["csrf"] for role in ROLES}
        yield Served(desk, headers, csrf, listed, Addresses(store, house.TENANT))
    store.close()


def address(served: Served, pattern: str, case: str) -> str:
    """Return the address of a form for a case, with something for each other part."""
    parts: dict[str, Any] = {
        "case": case,
        "name": "nurse",
        "id": "masshealth/insulin-pumps",
        "number": 1,
        "notice": 1,
        "criterion": (served.addresses.criterion(case) if case in served.cases else None) or "II.A.T.7",
        "approval": (served.addresses.approvals or ["none"])[0],
        "person": "nina",
    }
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(parts.get(found[1], "1")), pattern)


def senders(name: str) -> list[str]:
    """Return who may send a form; nobody signs herself out here, that is tested where it belongs."""
    form = rights.table().forms[name]
    return [role for role in ROLES if rights.may_send(form, role)]


FORMS = [name for name in rights.table().forms if name not in OPEN and senders(name)]


def events(served: Served) -> int:
    """Return how many events the ledger has, those of reading left out."""
    with served.desk.store.reading(house.TENANT) as connection:
        counted = select(func.count()).select_from(t.event).where(t.event.c.what.not_in(("read", "looked up")))
        return int(connection.execute(counted).scalar_one())


def post(served: Served, name: str, role: str, case: str, fields: dict[str, Any]) -> int:
    """Send a form; return the status, having seen that a refusal changed nothing."""
    before = events(served)
    at = address(served, rights.table().forms[name].at, case)
    answer = served.desk.post(at, served.headers[role], {"csrf": served.csrf[role], **fields})
    assert answer.status_code < 500, (name, role, case, answer.text[:300], served.desk.running.lines()[-2:])
    if answer.status_code >= 400:
        assert events(served) == before, (name, role, case, answer.status_code)
    assert "Traceback" not in answer.text, name
    return answer.status_code


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", ["x" * 5_000, CONTROLS, "", "\ud7ff", "<b>'\"&"], ids=["long", "controls", "empty", "end", "marks"]
)
def test_a_form_takes_any_text_in_every_field_without_a_fault(served: Served, value: str) -> None:
    fields = dict.fromkeys(names(), value)
    for place, name in enumerate(FORMS):
        case = served.cases[place % len(served.cases)]
        post(served, name, senders(name)[0], case, {**fields, "key": f"any-{place}", "version": "1"})
        post(served, name, senders(name)[-1], case, fields)


@pytest.mark.slow
def test_a_text_of_a_hundred_thousand_characters_is_refused_where_it_is_read(served: Served) -> None:
    for place, name in enumerate(FORMS):
        case = served.cases[place % len(served.cases)]
        for field in ("why", "said", "find", "title", "text", "name", "asks-1", "value"):
            post(served, name, senders(name)[0], case, {field: LONG, "key": f"long-{place}-{field}", "version": "1"})


def test_a_form_of_another_session_does_nothing(served: Served) -> None:
    for name in FORMS:
        role = senders(name)[0]
        other = next(one for one in ROLES if one != role)
        at = address(served, rights.table().forms[name].at, served.cases[0])
        before = events(served)
        answer = served.desk.post(at, served.headers[role], {"csrf": served.csrf[other], "key": "one"})
        assert answer.status_code == 403, name
        assert events(served) == before, name


def test_a_form_of_another_organisations_case_is_not_found(served: Served) -> None:
    headers = served.desk.sign_in(house.OTHER_CLINIC)
    page = served.desk.running.client.get("/help/keys", headers=headers).text
    marks = {**hidden(page, "/sign-out"), "key": "k", "version": "1", "why": "why", "by": "member", "fast": "no"}
    for name in FORMS:
        form = rights.table().forms[name]
        if "{case}" not in form.at or "coordinator" not in senders(name):
            continue
        for case in served.cases:
            answer = served.desk.post(address(served, form.at, case), headers, marks)
            assert answer.status_code == 404, (name, case, answer.status_code)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_typed_is_answered_and_a_refusal_changes_nothing(served: Served, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FORMS))
    role = data.draw(st.sampled_from(senders(name)))
    case = data.draw(st.sampled_from((*served.cases, "26-9999", "no case")))
    value = st.one_of(st.sampled_from((*ODD, LONG)), st.text(st.characters(codec="utf-8"), max_size=30))
    chosen = data.draw(
        st.dictionaries(st.sampled_from(names()), st.one_of(value, st.lists(value, max_size=3)), max_size=12)
    )
    post(served, name, role, case, chosen)


def test_a_form_that_is_sent_twice_is_one_act(served: Served) -> None:
    case = served.cases[0]
    headers = served.headers["nurse"]
    page = served.desk.running.client.get(f"/c/{case}", headers=headers).text
    for action, more in ((f"/c/{case}/note", {"said": "once"}), (f"/c/{case}/take", {})):
        marks = hidden(page, action)
        before = events(served)
        first = served.desk.post(action, headers, {**marks, **more})
        again = served.desk.post(action, headers, {**marks, **more})
        assert (first.status_code, again.status_code) == (303, 303), action
        assert events(served) == before + 1, action
        page = served.desk.running.client.get(f"/c/{case}", headers=headers).text
