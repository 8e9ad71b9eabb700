"""What the database itself refuses, whoever asks: a change of what happened, an adverse decision that nobody fit to
sign has signed, another tenant's rows. The same rules for SQLite and PostgreSQL, written once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import Table

from priorauth.ledger.tables import APPENDED, METADATA, PARTED


class Rule(NamedTuple):
    """A row that a table refuses: the table, when the rule speaks of a row, what must hold, and what is said if not."""

    name: str
    table: str
    when: str
    holds: str
    said: str


_ADVERSE: Final = "NEW.kind IN ('part', 'adverse')"
_SIGNER: Final = "one.tenant = NEW.tenant AND one.person = NEW.signer"
_APPEALED: Final = (
    "(SELECT up.base FROM cases AS up WHERE up.tenant = NEW.tenant AND up.kind = 'appeal' AND up.case_no = {of})"
)
_FIRST: Final = _APPEALED.format(of="NEW.case_no")
_SECOND: Final = _APPEALED.format(of=_FIRST)
_BASES: Final = f"{_FIRST}, {_SECOND}, {_APPEALED.format(of=_SECOND)}"
"""The cases that are appealed, where the case is an appeal, through three levels; else nothing."""
RULES: Final = (
    Rule(
        "decision_role",
        "decision",
        _ADVERSE,
        f"""EXISTS (SELECT 1 FROM role AS one, person AS she WHERE {_SIGNER} AND one.role = NEW.role
            AND one.valid_from <= NEW.on_day AND (one.valid_until IS NULL OR NEW.on_day <= one.valid_until)
            AND she.tenant = NEW.tenant AND she.person = NEW.signer AND she.active)""",
        "the signer does not hold that role on that day",
    ),
    Rule(
        "decision_licence",
        "decision",
        _ADVERSE,
        f"""EXISTS (SELECT 1 FROM licence AS one, cases AS at, may_sign AS may WHERE {_SIGNER}
            AND one.licence = NEW.licence AND one.valid_from <= NEW.on_day AND NEW.on_day <= one.valid_until
            AND at.tenant = NEW.tenant AND at.case_no = NEW.case_no AND may.tenant = NEW.tenant
            AND may.kind = one.kind AND (may.line = '*' OR may.line = at.line)
            AND (may.state = '*' OR (may.state = 'plan' AND one.state = at.plan_state) OR may.state = one.state))""",
        "the signer has no licence that fits this plan and is valid on that day",
    ),
    Rule(
        "decision_not_her_case",
        "decision",
        _ADVERSE,
        f"""NOT EXISTS (SELECT 1 FROM event AS one WHERE one.tenant = NEW.tenant
            AND one.case_no IN (NEW.case_no, {_BASES}) AND one.person = NEW.signer
            AND one.role = 'nurse' AND one.what <> 'read')""",
        "the signer prepared this case as its nurse",
    ),
    Rule(
        "decision_reasons",
        "decision",
        _ADVERSE,
        """EXISTS (SELECT 1 FROM reason AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.case_no
            AND one.decision = NEW.number)""",
        "expected a reason in four parts for each criterion",
    ),
    Rule(
        "decision_first_reviewer",
        "decision",
        "NEW.kind IN ('part', 'adverse', 'approve')",
        f"""NOT EXISTS (SELECT 1 FROM decision AS first WHERE first.tenant = NEW.tenant
            AND first.case_no IN ({_BASES}) AND first.signer IS NOT NULL
            AND (first.signer = NEW.signer OR EXISTS (SELECT 1 FROM above AS one
                WHERE one.tenant = NEW.tenant AND one.person = NEW.signer AND one.above = first.signer)))""",
        "an appeal is decided neither by the first reviewer nor by somebody below her",
    ),
    Rule(
        "approval_end_decided",
        "approval_end",
        "NEW.why = 'adverse'",
        """EXISTS (SELECT 1 FROM decision AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.decision_case
            AND one.number = NEW.decision AND one.kind IN ('part', 'adverse'))""",
        "an approval is cut short only by a signed decision",
    ),
    Rule(
        "approval_decided",
        "approval",
        "1 = 1",
        """EXISTS (SELECT 1 FROM decision AS one WHERE one.tenant = NEW.tenant AND one.case_no = NEW.case_no
            AND one.number = NEW.decision AND one.kind IN ('approve', 'approve-by-rule', 'part', 'by-law'))""",
        "an approval rests on a decision",
    ),
)
REFUSED: Final = "refused by the ledger: "
"""What a database says before the reason of a refusal."""
_FUNCTION: Final = "priorauth_refuse"
OF_TENANTS: Final = "event_of_tenants"
"""The part of the events of no case, which bear a day of their own."""
PARTS: Final = (*(f"{table.name}_default" for table in PARTED), OF_TENANTS)
"""The parts that PostgreSQL has from the beginning; those of the months are made ahead of time."""


def statements(dialect: str) -> Iterator[str]:
    """Yield the statements that set the guards in a database whose tables are there."""
    if dialect == "sqlite":
        for table in APPENDED:
            yield from _sqlite_append_only(table)
        for rule in RULES:
            yield (
                f'CREATE TRIGGER {rule.name} BEFORE INSERT ON "{rule.table}" WHEN {rule.when} BEGIN '
                f"SELECT RAISE(ABORT, '{REFUSED}{rule.said}') WHERE NOT ({rule.holds}); END"
            )
        yield (
            "CREATE TRIGGER tenant_alone BEFORE INSERT ON tenant BEGIN "
            f"SELECT RAISE(ABORT, '{REFUSED}one file holds one tenant') WHERE EXISTS (SELECT 1 FROM tenant "
            "WHERE tenant <> NEW.tenant); END"
        )
        return
    for table in PARTED:
        yield f'CREATE TABLE "{table.name}_default" PARTITION OF "{table.name}" DEFAULT'
    yield f"CREATE TABLE \"{OF_TENANTS}\" PARTITION OF \"event\" FOR VALUES FROM ('2000-01-01') TO ('2000-01-02')"
    yield (
        f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}%: what happened is not changed', TG_TABLE_NAME; END $$"
    )
    for table in APPENDED:
        yield (
            f'CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE ON "{table.name}" '
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
        )
        yield (
            f'CREATE TRIGGER {table.name}_not_emptied BEFORE TRUNCATE ON "{table.name}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
        )
    for rule in RULES:
        yield (
            f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({rule.when}) AND NOT ({rule.holds}) THEN RAISE EXCEPTION '{REFUSED}{rule.said}'; END IF; "
            "RETURN NEW; END $$"
        )
        yield (
            f'CREATE TRIGGER {rule.name} BEFORE INSERT ON "{rule.table}" FOR EACH ROW EXECUTE FUNCTION {rule.name}()'
        )
    for table in METADATA.sorted_tables:
        yield from _own_rows(table.name)
    for name in PARTS:
        yield from of_part(name)


def of_part(name: str) -> Iterator[str]:
    """Yield the guards of a part: it can be named by itself, and what guards the whole against that does not reach it.

    What forbids to change a row does.
    """
    yield (
        f'CREATE TRIGGER {name}_not_emptied BEFORE TRUNCATE ON "{name}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
    )
    yield from _own_rows(name)


def _own_rows(name: str) -> Iterator[str]:
    own = f"tenant = current_setting('{SETTING}', true)"
    yield f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY'
    yield f'CREATE POLICY own_tenant ON "{name}" USING ({own}) WITH CHECK ({own})'


SETTING: Final = "priorauth.tenant"
"""The PostgreSQL setting that names the tenant of a transaction; without it no row is seen."""


def _sqlite_append_only(table: Table) -> Iterator[str]:
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key)
    yield (  # INSERT OR REPLACE takes a row away without asking the triggers of DELETE
        f'CREATE TRIGGER {table.name}_not_replaced BEFORE INSERT ON "{table.name}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table.name}" WHERE ({same}) OR rowid = NEW.rowid) BEGIN '
        f"SELECT RAISE(ABORT, '{REFUSED}{table.name}: what happened is not changed'); END"
    )
    for act in ("UPDATE", "DELETE"):
        yield (
            f'CREATE TRIGGER {table.name}_no_{act.lower()} BEFORE {act} ON "{table.name}" BEGIN '
            f"SELECT RAISE(ABORT, '{REFUSED}{table.name}: what happened is not changed'); END"
        )
