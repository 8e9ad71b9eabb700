"""A draft: what was typed, the files beside it, and how it is kept for the whole practice.

A draft is no record: it is changed and thrown away. A version guards it against two colleagues at once. The same draft
travels on a page, packed, where nobody has asked for it to be kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, delete, insert, select, update

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server.problem import Problem

Kind = Literal["request", "again", "answer"]
FileKind = Literal["request", "resources", "glucose-log", "paper"]
MOST_FILES: Final = 20
MOST_BYTES: Final = 20_000_000
"""How many bytes the files of a draft may have together."""
_MOST_PACKED: Final = 15_000_000
_MOST_LISTED: Final = 100
_ID: Final = 24


class Stale(Exception):
    """A draft that a colleague has changed since it was opened."""


class Paper(Struct, frozen=True, kw_only=True):
    """A file of a draft. ``kind``: how it is read, ``paper`` by people alone. ``shows``: the fact that it is paper of.

    ``said`` is what is said of it where it could not be read as what it seems to be.
    """

    number: int
    name: str
    media: str
    kind: FileKind
    content: bytes
    dated: str = ""
    shows: str = ""
    said: str = ""
    by: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """A draft. ``case``: of an answer the case, of a request for more time the one that was approved.

    ``fields`` are what was typed of the request, ``answers`` what was typed of the questions, both by
    name of field; ``at`` is when it was changed last.
    """

    id: str = ""
    version: int = 0
    kind: Kind = "request"
    case: str = ""
    approval: str = ""
    fields: dict[str, str] = {}
    answers: dict[str, tuple[str, ...]] = {}
    files: tuple[Paper, ...] = ()
    last: str = ""
    at: datetime | None = None
    by: str = ""
    sent: str = ""

    @property
    def request(self) -> Paper | None:
        """The Bundle with a Claim that was uploaded, if one was."""
        return next((one for one in self.files if one.kind == "request"), None)

    def of(self, *kinds: FileKind) -> tuple[Paper, ...]:
        """Return the files of some kinds."""
        return tuple(one for one in self.files if one.kind in kinds)

    def added(self, files: tuple[Paper, ...]) -> Draft:
        """Return the draft with more files; a new request takes the old one's place. The same file again is one file.

        Raises Problem where they are too many, or too large together.
        """
        kept = list(self.files)
        for one in files:
            if one.kind == "request":
                kept = [before for before in kept if before.kind != "request"]
            if all(one.content != before.content for before in kept):
                kept.append(structs.replace(one, number=max((each.number for each in kept), default=0) + 1))
        if len(kept) > MOST_FILES:
            raise Problem("invalid", f"a request has at most {MOST_FILES} files; this would have {len(kept)}")
        if sum(len(one.content) for one in kept) > MOST_BYTES:
            raise Problem("invalid", f"the files of a request have at most {MOST_BYTES:,} bytes together")
        return structs.replace(self, files=tuple(kept))


class Head(Struct, frozen=True, kw_only=True):
    """A draft as a list shows it."""

    id: str
    title: str
    kind: str
    case: str
    changed_at: datetime
    changed_by: str


# ---- on a page


def packed(draft: Draft) -> str:
    """Return a draft as a page carries it, so that nothing is kept; raises Problem where it is too large for that."""
    made = base64.b64encode(zlib.compress(msgspec.json.encode(draft), 6)).decode()
    if len(made) > _MOST_PACKED:
        raise Problem(
            "invalid", "these files are too large to be checked without keeping them: begin a request instead"
        )
    return made


def unpacked(said: str) -> Draft:
    """Return the draft that a page carried; raises Problem where it is none."""
    if not said:
        return Draft()
    try:
        reader = zlib.decompressobj()
        found = reader.decompress(base64.b64decode(said, validate=True), 2 * MOST_BYTES)
        whole = b"" if reader.unconsumed_tail else found
        return structs.replace(msgspec.json.decode(whole, type=Draft), id="", version=0, sent="")
    except (ValueError, binascii.Error, zlib.error, msgspec.MsgspecError):
        raise Problem("invalid", "the page does not hold what was checked; check the files again") from None


# ---- in the ledger's tables of desks


def id_of(key: str) -> str:
    """Return the id of a draft that a form with this key begins: the same form twice begins one draft."""
    return hashlib.sha256(key.encode()).hexdigest()[:_ID]


def listed(store: Store, who: Who) -> tuple[Head, ...]:
    """Return the drafts of a practice, whoever began them, the one that was changed last at the top."""
    one = t.draft.c
    query = (
        select(one.draft, one.title, one.data, one.changed_at, one.changed_by)
        .where(one.tenant == who.tenant, one.organisation == (who.organisation or ""), one.sent_case.is_(None))
        .order_by(one.changed_at.desc(), one.draft)
        .limit(_MOST_LISTED)
    )
    with store.reading(who.tenant) as connection:
        return tuple(
            Head(
                id=row.draft,
                title=row.title,
                kind=row.data["kind"],
                case=row.data["case"],
                changed_at=row.changed_at,
                changed_by=row.changed_by,
            )
            for row in connection.execute(query)
        )


def found(store: Store, who: Who, name: str) -> Draft | None:
    """Return a draft of one's practice; None where it has none of that id."""
    with store.reading(who.tenant) as connection:
        row = _row(connection, who, name)
        if row is None:
            return None
        one, of = t.draft_file, t.draft_blob
        query = (
            select(one, of.c.bytes)
            .join(of, (of.c.tenant == one.c.tenant) & (of.c.draft == one.c.draft) & (of.c.sha256 == one.c.sha256))
            .where(one.c.tenant == who.tenant, one.c.draft == name)
            .order_by(one.c.number)
        )
        said: Mapping[str, Any] = row["data"].get("files", {})
        files = tuple(
            Paper(
                number=each["number"],
                name=each["name"],
                media=each["media"],
                content=each["bytes"],
                by=each["added_by"],
                **said[str(each["number"])],
            )
            for each in connection.execute(query).mappings()
        )
    data = {name: value for name, value in row["data"].items() if name != "files"}
    made = msgspec.convert({**data, "id": name, "version": row["version"], "sent": row["sent_case"] or ""}, Draft)
    return structs.replace(made, files=files, at=row["changed_at"], by=row["changed_by"])


def _row(connection: Connection, who: Who, name: str, *, lock: bool = False) -> Mapping[str, Any] | None:
    one = t.draft
    query = select(one).where(
        one.c.tenant == who.tenant, one.c.draft == name, one.c.organisation == (who.organisation or "")
    )
    found = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return None if found is None else dict(found)


def keep(store: Store, who: Who, draft: Draft, title: str, now: datetime) -> Draft:
    """Keep a draft, a new one or the next version of one; return it as it is kept. Raises Stale, or Problem.

    ``draft.version`` is the version that it was made from, 0 of a new one; ``draft.last`` names the form, so that the
    same form sent twice is kept once.
    """
    draft = structs.replace(draft, at=now, by=who.person or "", version=draft.version + 1)
    data = _data(draft)
    with store.writing(who.tenant) as connection:
        row = _row(connection, who, draft.id, lock=True)
        if row is not None and row["data"].get("last") == draft.last and draft.last:
            return structs.replace(draft, version=row["version"])
        if (0 if row is None else row["version"]) != draft.version - 1:
            raise Stale
        if row is not None and row["sent_case"] is not None:
            raise Problem("state", f"this draft was sent already, as case {row['sent_case']}")
        own = {"tenant": who.tenant, "draft": draft.id}
        changed = {"title": title[:200], "data": data, "version": draft.version, "changed_at": now}
        changed |= {"changed_by": who.person}
        if row is None:
            begun = {"begun_at": now, "begun_by": who.person, "organisation": who.organisation}
            connection.execute(insert(t.draft), {**own, **changed, **begun})
        else:
            one = t.draft.c
            here = (one.tenant == who.tenant, one.draft == draft.id)
            connection.execute(update(t.draft).where(*here).values(changed))
        _keep_files(connection, who, draft, now)
    return draft


def _data(draft: Draft) -> dict[str, Any]:
    data: dict[str, Any] = {
        name: msgspec.to_builtins(getattr(draft, name))
        for name in ("kind", "case", "approval", "fields", "answers", "last")
    }
    data["files"] = {
        str(one.number): {"kind": one.kind, "dated": one.dated, "shows": one.shows, "said": one.said}
        for one in draft.files
    }
    return data


def _keep_files(connection: Connection, who: Who, draft: Draft, now: datetime) -> None:
    """Write the files anew that are new, and take away those that are gone."""
    one, blob = t.draft_file, t.draft_blob
    here = (one.c.tenant == who.tenant, one.c.draft == draft.id)
    before = {row.number: row.sha256 for row in connection.execute(select(one.c.number, one.c.sha256).where(*here))}
    wanted = {each.number: hashlib.sha256(each.content).hexdigest() for each in draft.files}
    gone = [number for number, sha in before.items() if wanted.get(number) != sha]
    if gone:
        connection.execute(delete(one).where(*here, one.c.number.in_(gone)))
    kept = {sha for number, sha in before.items() if number not in gone}
    own = {"tenant": who.tenant, "draft": draft.id}
    of = (blob.c.tenant == who.tenant, blob.c.draft == draft.id)
    stored = set(connection.execute(select(blob.c.sha256).where(*of)).scalars())
    for each in draft.files:
        if each.number in before and each.number not in gone:
            continue
        sha = wanted[each.number]
        if sha not in stored:
            connection.execute(insert(blob), {**own, "sha256": sha, "bytes": each.content})
            stored.add(sha)
        row = {"number": each.number, "name": each.name, "media": each.media, "sha256": sha}
        added = {"size": len(each.content), "added_at": now, "added_by": who.person}
        connection.execute(insert(one), {**own, **row, **added})
    unused = stored - kept - set(wanted.values())
    if unused:
        connection.execute(delete(blob).where(*of, blob.c.sha256.in_(sorted(unused))))


def sent(store: Store, who: Who, name: str, case: str, now: datetime) -> None:
    """Note that a draft was sent as a case; its files are with the case now, and go."""
    one, file, blob = t.draft, t.draft_file, t.draft_blob
    with store.writing(who.tenant) as connection:
        row = _row(connection, who, name, lock=True)
        if row is None:
            return
        data = {**row["data"], "fields": {}, "answers": {}, "files": {}}
        connection.execute(delete(file).where(file.c.tenant == who.tenant, file.c.draft == name))
        connection.execute(delete(blob).where(blob.c.tenant == who.tenant, blob.c.draft == name))
        values = {"sent_case": case, "data": data, "changed_at": now, "changed_by": who.person}
        here = (one.c.tenant == who.tenant, one.c.draft == name)
        connection.execute(update(one).where(*here).values({**values, "version": row["version"] + 1}))


def drop(store: Store, who: Who, name: str, version: int) -> None:
    """Throw a draft away; raises Stale where a colleague has changed it."""
    with store.writing(who.tenant) as connection:
        row = _row(connection, who, name, lock=True)
        if row is None:
            return
        if row["version"] != version:
            raise Stale
        for one in (t.draft_file, t.draft_blob, t.draft):
            connection.execute(delete(one).where(one.c.tenant == who.tenant, one.c.draft == name))
