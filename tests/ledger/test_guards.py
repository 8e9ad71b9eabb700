"""What the database itself refuses, to whoever writes past our code: each rule tried by plain SQL on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from priorauth.ledger import tables as t
from priorauth.ledger.acts import again, calls, decisions, files, papers, queues, setup, words
from priorauth.ledger.events import Who
from priorauth.ledger.guards import PARTS, REFUSED, RULES
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import Done, Refused, perform
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    DIRECTOR,
    FIRST,
    LAST,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    SYSTEM,
    TENANT,
    done,
    furnish,
)
from tests.ledger.standing import ASK, LETTER, TWO, adverse, part, read, sent

BOSS: Final = Who(TENANT, "bea", "director")
"""She stands above the director."""


@dataclass
class Plan:
    """A furnished store with a case with a director, and an appeal."""

    store: Store
    case: str
    appeal: str
    second: str
    """An appeal of what was decided on appeal."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    file = tmp_path_factory.mktemp("plan") / "ledger.db"
    url = f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgresql").fresh()
    store = open_store(url)
    furnish(store)
    _licensed(store)
    case = sent(store, TWO)
    done(store, calls.Read(case=case, what="case"), Who(TENANT, "rita", "nurse"))
    paper = files.File(title="letter.pdf", media="application/pdf", content=b"%PDF")
    done(store, files.FileDocument(case=case, file=paper), COORDINATOR)
    done(store, files.FileInError(case=case, document=1, why="of another"), COORDINATOR)
    letter = files.File(title="letter.txt", media="text/plain", content=LETTER)
    done(store, files.FileDocument(case=case, file=letter), COORDINATOR)
    done(store, read(case, 2))
    done(store, papers.ConfirmProposal(case=case, document=2, proposal=0), NURSE)
    done(store, queues.RouteToDirector(case=case), NURSE)
    done(store, words.Judge(case=case, fact="hba1c_exception_granted", value=False, why="so"), DIRECTOR)
    done(store, calls.RecordCall(case=case, held_at=NOW, with_whom="Dr Chen", said="so", key="a call"), DIRECTOR)
    first = sent(store, TWO)
    done(store, queues.RouteToDirector(case=first), NURSE)
    done(store, part(first), DIRECTOR)
    ended = decisions.EndApproval(case=first, approval=f"{first}-1", because="asked", ends=NOW.date())
    done(store, ended, COORDINATOR)
    appeal = done(store, again.Appeal(case=first), COORDINATOR).case
    assert appeal is not None
    against = decisions.DecideAdversely(case=appeal, licence=f"{LICENCE}-apu", reasons=(REASON,))
    done(store, against, APPEALS)
    second = done(store, again.Appeal(case=appeal), COORDINATOR).case
    third = sent(store, ASK)
    done(store, queues.RouteToDirector(case=third), NURSE)
    done(store, adverse(third), DIRECTOR)
    other = done(store, again.Appeal(case=third), COORDINATOR).case
    assert second is not None
    assert other is not None
    yield Plan(store, case, other, second)
    store.close()


def _licensed(store: Store) -> None:
    """Let people have licences that do not fit, and one nurse be a director too."""
    done(store, setup.AddPerson(person="bea", title="Bea"))
    done(store, setup.GrantRole(person="bea", role="director", valid_from=FIRST))
    done(store, setup.AddPerson(person="dora", title="Dora", supervisor="bea"))
    done(store, setup.GrantRole(person="nina", role="director", valid_from=FIRST))
    done(store, setup.GrantRole(person="nora", role="director", valid_from=FIRST, valid_until=date(2026, 11, 23)))
    done(store, setup.AddPerson(person="rita", title="Rita"))
    for role in ("nurse", "director"):
        done(store, setup.GrantRole(person="rita", role=role, valid_from=FIRST))
    done(store, setup.AddPerson(person="iris", title="Iris", active=False))
    done(store, setup.GrantRole(person="iris", role="director", valid_from=FIRST))
    for person, licence, kind, state, until in (
        ("nina", "N-1", "MD", "MA", LAST),
        ("nora", "N-2", "MD", "MA", LAST),
        ("iris", "I-1", "MD", "MA", LAST),
        ("bea", "B-1", "MD", "MA", LAST),
        ("dora", "RN-1", "RN", "MA", LAST),
        ("dora", "OLD-1", "MD", "MA", date(2026, 11, 23)),
        ("dora", "NY-1", "MD", "NY", LAST),
        ("rita", "R-1", "MD", "MA", LAST),
    ):
        licensed: dict[str, Any] = {"specialty": "", "valid_from": FIRST, "valid_until": until}
        done(store, setup.AddLicence(person=person, licence=licence, kind=kind, state=state, **licensed))
    begins: dict[str, Any] = {"specialty": "", "valid_from": date(2026, 11, 25), "valid_until": LAST}
    done(store, setup.AddLicence(person="dora", licence="NEW-1", kind="MD", state="MA", **begins))


def held(plan: Plan, *statements: Callable[[Connection], object]) -> str:
    """Run statements as a program would that goes past our code, and undo them; return what the database said."""
    try:
        with plan.store.writing(TENANT) as connection:
            for one in statements:
                one(connection)
            if plan.store.dialect == "postgresql":  # what is seen to when the transaction ends
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            raise _Undo  # noqa: TRY301 - it is what ends the transaction
    except _Undo:
        return "done"
    except DBAPIError as fault:
        return str(fault.orig)


def does(statement: Executable) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(statement)


class _Undo(Exception):
    """Nothing stays."""


def reasons(plan: Plan, number: int, case: str | None = None) -> Callable[[Connection], object]:
    row = {"tenant": TENANT, "case_no": case or plan.case, "decision": number, "criterion": "II.A.T.7"}
    row |= {"asks": "a", "found": "b", "why_not": "c", "would_show": "d"}
    return lambda connection: connection.execute(insert(t.reason), row)


def decision(plan: Plan, number: int = 9, **changed: Any) -> Callable[[Connection], object]:
    row = {
        "tenant": TENANT, "case_no": plan.case, "number": number, "item": 1, "at": NOW, "on_day": NOW.date(),
        "kind": "adverse", "run": 1, "quantity": 1, "signer": "dora", "role": "director", "licence": LICENCE,
        "why": "so", **changed,
    }  # fmt: skip
    return lambda connection: connection.execute(insert(t.decision), row)


def signed(plan: Plan, **changed: Any) -> str:
    case = changed.get("case_no", plan.case)
    return held(plan, reasons(plan, 9, case), decision(plan, 9, **changed))


# ---- what happened


@pytest.mark.parametrize("table", t.APPENDED, ids=lambda table: table.name)
def test_what_happened_is_neither_changed_nor_deleted(plan: Plan, table: Any) -> None:
    column = next(name for name in table.c.keys() if name not in table.primary_key.columns.keys())  # noqa: SIM118
    with plan.store.reading(TENANT) as connection:
        there = connection.execute(select(table).limit(1)).first()
    if there is None:
        assert table.name in ("notice", "mailing")  # the letters fill them
        return
    for statement in (update(table).values({column: table.c[column]}), delete(table)):
        said = held(plan, does(statement))
        assert said.startswith(f"{REFUSED}{table.name}")
        assert "what happened is not changed" in said


@pytest.mark.parametrize("table", t.APPENDED, ids=lambda table: table.name)
def test_what_happened_is_not_emptied(plan: Plan, table: Any) -> None:
    if plan.store.dialect == "sqlite":
        said = held(plan, lambda connection: connection.execute(text(f'DELETE FROM "{table.name}"')))
        assert said == "done" if table.name in ("notice", "mailing") else REFUSED in said
        return
    parts = [table.name, *([f"{table.name}_default"] if table in t.PARTED else [])]
    for name in parts:
        said = held(plan, does(text(f'TRUNCATE "{name}" CASCADE')))
        assert REFUSED in said, name


@pytest.mark.parametrize("table", t.APPENDED, ids=lambda table: table.name)
def test_what_happened_is_not_replaced(plan: Plan, table: Any) -> None:
    if plan.store.dialect == "postgresql":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE; ON CONFLICT DO UPDATE is an update")
    whole = text(f'INSERT OR REPLACE INTO "{table.name}" SELECT * FROM "{table.name}"')
    names = ", ".join(f'"{name}"' for name in table.c.keys())  # noqa: SIM118
    other = [
        f"{name} || 'x'" if name in ("number", "key", "sha256", "approval") else f'"{name}"'
        for name in table.c.keys()  # noqa: SIM118
    ]
    by_row = text(
        f'INSERT OR REPLACE INTO "{table.name}" (rowid, {names}) SELECT rowid, {", ".join(other)} FROM "{table.name}"'
    )
    for statement in (whole, by_row):
        said = held(plan, does(statement))
        assert REFUSED in said or table.name in ("notice", "mailing")


# ---- who signs


def test_a_director_whose_licence_fits_and_who_gives_reasons_may_sign(plan: Plan) -> None:
    assert signed(plan) == "done"
    assert signed(plan, kind="part") == "done"


def test_a_director_who_only_read_the_case_as_a_nurse_may_sign(plan: Plan) -> None:
    assert signed(plan, signer="rita", licence="R-1") == "done"


@pytest.mark.parametrize("kind", ["adverse", "part"])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"signer": None}, "ck_decision_signed"),
        ({"licence": None}, "ck_decision_clinician"),
        ({"role": None}, "ck_decision_clinician"),
        ({"role": "nurse"}, "ck_decision_clinician"),
        ({"role": "rule"}, "ck_decision_clinician"),
        ({"role": "appeals"}, "does not hold that role"),
        ({"signer": "nobody"}, REFUSED),  # neither the role nor the licence: either rule may speak first
        ({"signer": "nora", "licence": "N-2"}, "does not hold that role on that day"),
        ({"signer": "iris", "licence": "I-1"}, "does not hold that role on that day"),
        ({"licence": "made-up"}, "has no licence that fits"),
        ({"licence": "RN-1"}, "has no licence that fits"),
        ({"licence": "OLD-1"}, "has no licence that fits this plan and is valid on that day"),
        ({"licence": "NEW-1"}, "has no licence that fits this plan and is valid on that day"),
        ({"licence": "B-1"}, "has no licence that fits"),
        ({"on_day": date(2019, 12, 31)}, REFUSED),
        ({"signer": "nina", "licence": "N-1"}, "prepared this case as its nurse"),
    ],
)  # fmt: skip
def test_nobody_signs_who_is_not_fit(plan: Plan, kind: str, changed: dict[str, Any], said: str) -> None:
    assert said in _refused_first(signed(plan, kind=kind, **changed), said)


def _refused_first(found: str, said: str) -> str:
    """SQLite asks a trigger before a check: either may speak first of a row that both refuse."""
    if said.startswith("ck_") and REFUSED in found:
        return said
    return found


def test_a_decision_without_reasons_is_none(plan: Plan) -> None:
    assert "expected a reason in four parts" in held(plan, decision(plan))
    assert "expected a reason in four parts" in held(plan, reasons(plan, 8), decision(plan))


@pytest.mark.parametrize("part", ["asks", "found", "why_not", "would_show"])
def test_a_reason_has_four_parts(plan: Plan, part: str) -> None:
    row = {"tenant": TENANT, "case_no": plan.case, "decision": 9, "criterion": "II.A.T.7"}
    row |= {"asks": "a", "found": "b", "why_not": "c", "would_show": "d"} | {part: "  "}
    assert f"ck_reason_{part}" in held(plan, lambda connection: connection.execute(insert(t.reason), row))


def test_a_reason_belongs_to_a_decision(plan: Plan) -> None:
    with pytest.raises(IntegrityError), plan.store.writing(TENANT) as connection:
        reasons(plan, 77)(connection)


def test_which_licences_may_sign_is_the_plans_to_say(plan: Plan) -> None:
    def only(line: str, kind: str, state: str) -> Callable[[Connection], object]:
        row = {"tenant": TENANT, "line": line, "kind": kind, "state": state}

        def said(connection: Connection) -> None:
            connection.execute(delete(t.may_sign))
            connection.execute(insert(t.may_sign), row)

        return said

    def tried(line: str, kind: str, state: str, licence: str = LICENCE) -> str:
        return held(plan, only(line, kind, state), reasons(plan, 9), decision(plan, licence=licence))

    assert tried("*", "MD", "plan") == "done"  # the plan's state is MA, and so is her licence's
    assert tried("medicaid-ffs", "MD", "MA") == "done"
    assert "no licence that fits" in tried("*", "MD", "NY")
    assert tried("*", "MD", "NY", "NY-1") == "done"
    assert "no licence that fits" in tried("*", "MD", "plan", "NY-1")
    assert "no licence that fits" in tried("commercial", "MD", "*")
    assert "no licence that fits" in tried("*", "DO", "*")


@pytest.mark.parametrize("kind", ["adverse", "part", "approve"])
def test_an_appeal_is_decided_neither_by_the_first_reviewer_nor_below_her(plan: Plan, kind: str) -> None:
    on = {"case_no": plan.appeal, "kind": kind}
    assert "first reviewer" in signed(plan, **on)
    assert "first reviewer" in signed(plan, **on, signer="dirk", role="appeals", licence=f"{LICENCE}-dirk")
    assert signed(plan, **on, signer="apu", role="appeals", licence=f"{LICENCE}-apu") == "done"
    assert signed(plan, **on, signer="bea", licence="B-1") == "done"


@pytest.mark.parametrize("kind", ["adverse", "part", "approve"])
def test_nor_is_an_appeal_of_an_appeal(plan: Plan, kind: str) -> None:
    on = {"case_no": plan.second, "kind": kind}
    assert "first reviewer" in signed(plan, **on)
    assert "first reviewer" in signed(plan, **on, signer="apu", role="appeals", licence=f"{LICENCE}-apu")
    assert signed(plan, **on, signer="bea", licence="B-1") == "done"


@pytest.mark.parametrize("kind", ["adverse", "part"])
def test_the_nurse_of_what_is_appealed_does_not_decide_the_appeal(plan: Plan, kind: str) -> None:
    said = signed(plan, case_no=plan.appeal, kind=kind, signer="nina", licence="N-1")
    assert "prepared this case as its nurse" in said


@pytest.mark.parametrize("kind", ["approve", "by-law", "duplicate", "not-ours"])
def test_what_a_person_decides_bears_her_name(plan: Plan, kind: str) -> None:
    assert "ck_decision_signed" in held(plan, decision(plan, kind=kind, signer=None))


def test_there_is_no_other_kind_of_decision(plan: Plan) -> None:
    assert "ck_decision_kind" in held(plan, decision(plan, kind="denied"))


# ---- approvals and words


def approval(plan: Plan, number: int, case: str | None = None) -> Callable[[Connection], object]:
    row = {
        "tenant": TENANT, "number": "26-9999-1", "case_no": case or plan.case, "item": 1, "decision": number,
        "product": "E0784", "quantity": 1, "valid_from": NOW.date(), "terms": {},
    }  # fmt: skip
    return lambda connection: connection.execute(insert(t.approval), row)


def test_an_approval_rests_on_a_decision_that_approves(plan: Plan) -> None:
    assert "an approval rests on a decision" in held(plan, approval(plan, 9))
    assert "an approval rests on a decision" in held(plan, reasons(plan, 9), decision(plan), approval(plan, 9))
    assert held(plan, decision(plan, kind="approve"), approval(plan, 9)) == "done"
    assert held(plan, reasons(plan, 9), decision(plan, kind="part"), approval(plan, 9)) == "done"


def ending(**changed: Any) -> Callable[[Connection], object]:
    row = {"tenant": TENANT, "approval": "26-9999-1", "ends": NOW.date(), "at": NOW, "why": "adverse", **changed}
    return lambda connection: connection.execute(insert(t.approval_end), row)


def test_an_approval_is_cut_short_only_by_a_signed_decision(plan: Plan) -> None:
    there = (decision(plan, kind="approve"), approval(plan, 9))
    by = {"decision_case": plan.case, "decision": 10}
    bare = held(plan, *there, ending())
    assert "ck_approval_end_decided" in bare or "cut short only by a signed decision" in bare
    assert "cut short only by a signed decision" in held(plan, *there, ending(**by))
    assert "cut short only by a signed decision" in held(plan, *there, ending(**by | {"decision": 9}))
    assert held(plan, *there, reasons(plan, 10), decision(plan, 10), ending(**by)) == "done"
    assert "ck_approval_end_why" in held(plan, *there, ending(why="too dear"))


def test_only_a_clinician_judges_and_nobody_but_the_staff_settles(plan: Plan) -> None:
    def word(kind: str, role: str, *, value: bool | None = True) -> str:
        row = {
            "tenant": TENANT, "case_no": plan.case, "number": 99, "at": NOW, "kind": kind, "subject": "x",
            "value": value, "why": "so", "person": "nina", "role": role, "run": 1,
        }  # fmt: skip
        return held(plan, lambda connection: connection.execute(insert(t.word), row))

    assert "ck_word_judge" in word("judgment", "nurse")
    assert "ck_word_settler" in word("settlement", "coordinator")
    assert "ck_word_kind" in word("opinion", "director")
    assert "ck_word_value" in word("judgment", "director", value=None)
    assert word("judgment", "director") == "done"


def test_what_the_database_refuses_is_an_answer_and_leaves_nothing(plan: Plan) -> None:
    before = _counted(plan)
    found = perform(
        plan.store, decisions.DecideAdversely(case=plan.case, licence="OLD-1", reasons=(REASON,)), DIRECTOR, NOW
    )
    assert isinstance(found, Refused)
    assert found.code == "refused"
    assert found.reason == "the signer has no licence that fits this plan and is valid on that day"
    assert _counted(plan) == before


def _counted(plan: Plan) -> list[int]:
    with plan.store.reading(TENANT) as connection:
        return [len(connection.execute(select(table.c.tenant)).all()) for table in t.METADATA.sorted_tables]


def test_each_rule_is_tried_here() -> None:
    assert {rule.name for rule in RULES} == {
        "decision_role", "decision_licence", "decision_not_her_case", "decision_reasons", "decision_first_reviewer",
        "approval_end_decided", "approval_decided",
    }  # fmt: skip


# ---- tenants


def test_one_file_holds_one_tenant(plan: Plan) -> None:
    if plan.store.dialect == "postgresql":
        pytest.skip("a PostgreSQL database holds many")
    found = perform(plan.store, setup.SetUp(title="Another", zone="UTC"), Who("other", None, "system"), NOW)
    assert isinstance(found, Refused)
    assert found == Refused(code="refused", reason="one file holds one tenant")


def test_another_tenants_rows_are_not_seen_nor_written(plan: Plan) -> None:
    if plan.store.dialect == "sqlite":
        pytest.skip("a file holds one tenant")
    assert isinstance(perform(plan.store, setup.SetUp(title="B", zone="UTC"), Who("other", None, "system"), NOW), Done)
    names = [*(table.name for table in t.METADATA.sorted_tables), *PARTS]
    for name in names:
        for tenant in ("other", "", None):
            with plan.store.engine.connect() as connection:
                if tenant is not None:
                    connection.execute(text("SELECT set_config('priorauth.tenant', :it, true)"), {"it": tenant})
                found = connection.execute(text(f"""SELECT count(*) FROM "{name}" WHERE tenant = 'plan'""")).scalar()
                assert found == 0, (name, tenant)
                if name not in ("notice", "mailing", "counter"):
                    changed = connection.execute(
                        text(f"""UPDATE "{name}" SET tenant = 'other' WHERE tenant = 'plan'""")
                    )
                    assert changed.rowcount == 0, (name, tenant)
                    gone = connection.execute(text(f"""DELETE FROM "{name}" WHERE tenant = 'plan'"""))
                    assert gone.rowcount == 0, (name, tenant)


@pytest.mark.parametrize("tenant", ["other", None])
def test_a_row_of_another_tenant_is_not_taken(plan: Plan, tenant: str | None) -> None:
    if plan.store.dialect == "sqlite":
        pytest.skip("a file holds one tenant")
    rows: dict[Any, dict[str, Any]] = {
        t.organisation: {"organisation": "x", "kind": "clinic", "name": "x"},
        t.may_sign: {"line": "*", "kind": "RN", "state": "*"},
        t.blob: {"sha256": "x", "size": 1, "bytes": b"x"},
        t.counter: {"year": 1999, "next": 1},
    }
    for table, row in rows.items():
        with plan.store.engine.connect() as connection:
            if tenant is not None:
                connection.execute(text("SELECT set_config('priorauth.tenant', :it, true)"), {"it": tenant})
            with pytest.raises(DBAPIError, match="row-level security"):
                connection.execute(insert(table), {"tenant": TENANT, **row})


def test_a_program_of_another_tenant_finds_no_case_and_no_key(plan: Plan) -> None:
    if plan.store.dialect == "sqlite":
        pytest.skip("a file holds one tenant")
    found = perform(plan.store, queues.Take(case=plan.case), NURSE._replace(tenant="nowhere"), NOW)
    assert isinstance(found, Refused)
    assert found.code == "not-found"
    perform(plan.store, setup.SetUp(title="B", zone="UTC"), SYSTEM._replace(tenant="other"), NOW)
    taken = perform(plan.store, queues.Take(case=plan.case, key="a call"), NURSE._replace(tenant="other"), NOW)
    assert isinstance(taken, Refused)
    assert (taken.code, taken.reason) == ("not-found", f"no case {plan.case}")
