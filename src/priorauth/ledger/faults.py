"""What a database's faults mean: in one line, without the statement, its values or anything of a patient.

An act that met one of them left nothing, or it is not known whether it did: to repeat it with its key is right in
either case.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError, TimeoutError  # noqa: A004 - SQLAlchemy's own name

_REPEAT: Final = "repeat the act with the same key"
_SQLITE: Final = (
    ("disk is full", "the disk is full: make room"),
    ("readonly", "the database can only be read: see to the rights of file and folder"),
    ("locked", "the database is busy"),
    ("malformed", "the database is damaged: stop, and restore a backup"),
    ("not a database", "the file is no database: stop, and restore a backup"),
    ("unable to open", "the file cannot be opened: see to the rights of file and folder"),
    ("disk I/O", "the disk does not read or write"),
)
"""What SQLite says, by a part of it, and what that means."""
_STATES: Final = (
    ("53100", "the disk is full: make room"),
    ("53", "the database has no room for more: too many connections, or too little memory"),
    ("25006", "the database can only be read"),
    ("55P03", "the database is busy"),
    ("57014", "the database is busy: it took longer than it may"),
    ("40", "the database is busy"),
    ("XX", "the database is damaged: stop, and restore a backup"),
    ("58", "the server's disk does not read or write"),
    ("28", "the database does not let this user in"),
    ("3D000", "there is no database of that name"),
    ("42501", "this user has no right to do that in the database"),
    ("42P01", "a table is not there: priorauth ledger upgrade"),
)
"""PostgreSQL's SQLSTATE, by its beginning, and what that means."""
_AGAIN: Final = ("40001", "40P01")
_BROKEN: Final = ("08", "57P")


class Meant(NamedTuple):
    """What a fault means for an act: its code, one line, and whether the program itself may try again at once."""

    code: Literal["invalid", "not-known"]
    reason: str
    again: bool = False


def meant(fault: SQLAlchemyError) -> Meant:
    """Return what a fault means for the act that met it."""
    if isinstance(fault, DataError):
        return Meant("invalid", "a value does not fit its column: a text with a NUL or too long, a number too large")
    found = said(fault)
    return Meant("not-known", f"{found}; {_REPEAT}", _state(fault) in _AGAIN)


def said(fault: SQLAlchemyError) -> str:
    """Return what a fault of a database means, in one line."""
    if isinstance(fault, TimeoutError):
        return "the database is busy: every connection is taken"
    if not isinstance(fault, DBAPIError):
        return f"the database cannot be used ({type(fault).__name__})"
    state = _state(fault)
    if fault.connection_invalidated or state.startswith(_BROKEN):
        return "the connection broke"
    whole = str(fault.orig)
    for part, means in _STATES if state else _SQLITE:
        if state.startswith(part) if state else part in whole:
            return means
    if "connection" in whole:  # psycopg: no connection was made, for one of many reasons
        return "the database server does not answer"
    return f"the database failed ({type(fault.orig).__name__}{f' {state}' if state else ''})"


def _state(fault: SQLAlchemyError) -> str:
    return str(getattr(getattr(fault, "orig", None), "sqlstate", None) or "")
