"""A ledger that is whole is said to be; each thing that is lost or altered is named."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import insert

from priorauth.ledger import tables as t
from priorauth.ledger.care.verify import broken, verify
from priorauth.ledger.store import Store
from tests.ledger.care.plan import APPROVED, DENIED
from tests.ledger.house import NOW, TENANT

HEX = "0" * 64


def altered(store: Store, *statements: str) -> tuple[str, ...]:
    """Alter a ledger as only its owner can, with every guard aside; gives what verify finds."""
    with store.writing(TENANT) as connection:
        tables = [statement.split('"')[1] for statement in statements]
        if store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in tables:
            if store.dialect != "sqlite":
                connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for statement in statements:
            connection.exec_driver_sql(statement)
    return verify(store, TENANT).faults


def test_a_ledger_that_is_whole_has_no_faults(plan: Store) -> None:
    found = verify(plan, TENANT)
    assert found.faults == ()
    counts = dict(found.said())
    assert counts.pop("events") > 30
    assert counts == {"cases": 4, "runs": 4, "blobs": 4}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            f"""UPDATE "event" SET why = 'another' WHERE case_no = '{DENIED}' AND number = 3""",
            f"case {DENIED}: event 3 is not what was sealed",
        ),
        (f"""DELETE FROM "event" WHERE case_no = '{DENIED}' AND number = 3""", f"case {DENIED}: event 3 is not there"),
        (
            f"""DELETE FROM "event" WHERE case_no = '{APPROVED}' AND what = 'approved'""",
            f"case {APPROVED}: its events end elsewhere than the case says",
        ),
        (
            f"""UPDATE "cases" SET state = 'approved' WHERE case_no = '{DENIED}'""",
            f"cases {DENIED}: state: not as the events leave it",
        ),
        (
            """DELETE FROM "licence" WHERE person = 'dora'""",
            "licence dora/MA-12345: is not there, and the events leave it",
        ),
        (
            f"""UPDATE "item" SET quantity = 7 WHERE case_no = '{APPROVED}'""",
            f"item {APPROVED}/1: quantity: not as the events leave it",
        ),
        (
            f"""UPDATE "run" SET sha256 = '{HEX}' WHERE case_no = '{DENIED}'""",
            f"run 1 of case {DENIED}: is not what its hash says",
        ),
        (f"""DELETE FROM "run" WHERE case_no = '{DENIED}'""", f"case {DENIED}: has not as many runs as it says"),
        ("""UPDATE "document" SET number = 2""", "document of case 26-0004: a number is missing"),
        ("""UPDATE "counter" SET next = 6""", "case 26-0005: is not there"),
        ("""UPDATE "blob" SET size = 1 WHERE size < 100""", "is not what its hash says"),
    ],
)
def test_what_was_altered_is_named(plan: Store, statement: str, said: str) -> None:
    assert [line for line in altered(plan, statement) if said in line]


def test_a_blob_that_is_gone_and_one_of_nothing_are_named(plan: Store) -> None:
    if plan.dialect != "sqlite":
        pytest.skip("PostgreSQL refuses it")
    with plan.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DROP TRIGGER blob_no_update")
        connection.exec_driver_sql(f"UPDATE blob SET sha256 = '{HEX}' WHERE size < 100")
        connection.commit()
    found = verify(plan, TENANT).faults
    assert "document: 1 row refer to what is not there" in found
    assert f"blob {HEX[:12]}: belongs to nothing" in found
    assert [line for line in found if line.startswith("document of case 26-0004: blob ")]


def test_a_paper_of_a_draft_that_was_altered_is_named(plan: Store) -> None:
    begun = {"begun_at": NOW, "begun_by": "cora", "changed_at": NOW, "changed_by": "cora"}
    draft = {"tenant": TENANT, "draft": "d1", "organisation": "clinic", "title": "", "data": {}, "version": 1, **begun}
    paper = {"tenant": TENANT, "draft": "d1", "sha256": hashlib.sha256(b"paper").hexdigest(), "bytes": b"paper"}
    with plan.writing(TENANT) as connection:
        connection.execute(insert(t.draft), draft)
        connection.execute(insert(t.draft_blob), paper)
    assert verify(plan, TENANT).faults == ()
    faults = altered(plan, f"""UPDATE "draft_blob" SET sha256 = '{HEX}'""")
    assert faults == (f"draft d1: paper {HEX[:12]} is not what its hash says",)


def test_a_chain_that_does_not_hold_in_itself_is_named_alone(plan: Store) -> None:
    altered(plan, f"""UPDATE "cases" SET head = '{HEX}'""", """UPDATE "event" SET why = 'x' WHERE number = 2""")
    with plan.reading(TENANT) as connection:
        assert len(list(broken(connection, TENANT))) == 5


def test_a_tenant_that_is_not_there_is_no_whole_ledger(store: Store) -> None:
    assert verify(store, "nobody").faults == ("no tenant is named nobody",)
