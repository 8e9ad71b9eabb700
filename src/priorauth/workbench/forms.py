"""What a person typed and attached: read within limits, kept as it was typed, with what is wrong beside each field."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from priorauth.server.limits import MOST_BODY
from priorauth.server.problem import Problem

MOST_FIELDS: Final = 600
MOST_FILES: Final = 20
MOST_TEXT: Final = 4_000
"""How many characters a reason, a message or another text may have."""
_MEDIA: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_CHARSETS: Final = (b"", b"utf-8", b"utf8")
"""What a form may say that it is written in: nothing, or what our pages are written in."""
_SEEN: Final = frozenset({"Zs", "\n", "\t", "\u200c", "\u200d"})
"""What a text may have though it is not printed: any space, ends of lines, and the joiners without which some scripts
cannot be written.
"""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it was sent."""

    name: str
    media: str
    content: bytes


@dataclass(slots=True)
class Form:
    """The fields of a form by name, the files, and what is wrong: by field a sentence that says what to do."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Attached, ...]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """Return what was typed in a field; empty where nothing was."""
        return self.fields.get(name, ("",))[0]

    def every(self, name: str) -> tuple[str, ...]:
        """Return all that was chosen of a field."""
        return self.fields.get(name, ())

    def text(self, name: str, ask: str | None = None, *, most: int = MOST_TEXT) -> str:
        """Return a text without space around it; ``ask`` is said where it is empty and needed."""
        found = self.said(name).replace("\r\n", "\n").strip()
        if ask is not None and not found:
            self.wrong[name] = ask
        elif len(found) > most:
            self.wrong[name] = f"Use at most {most:,} characters; this has {len(found):,}."
        elif not all(one.isprintable() or one in _SEEN or unicodedata.category(one) in _SEEN for one in found):
            self.wrong[name] = "Use letters that can be printed."
        return found

    def one_of(self, name: str, allowed: tuple[str, ...], ask: str) -> str:
        """Return a choice; ``ask`` is said where none of those allowed was made."""
        found = self.said(name)
        if found not in allowed:
            self.wrong[name] = ask
        return found

    def whole(self, name: str, ask: str) -> int:
        """Return a whole number from 0 on; ``ask`` is said where there is none. 0 where it is wrong."""
        found = self.said(name).strip()
        if not _WHOLE.fullmatch(found):
            self.wrong[name] = ask
            return 0
        return int(found)

    def day(self, name: str, ask: str | None) -> dt.date | None:
        """Return a day; None where nothing was typed and none is needed (``ask`` None), or where it is no day."""
        found = self.said(name).strip()
        if not found and ask is None:
            return None
        try:
            if _DAY.fullmatch(found):
                return dt.date.fromisoformat(found)
        except ValueError:
            pass
        self.wrong[name] = ask or "Write the day as in 2026-11-27."
        return None

    def moment(self, name: str, zone: dt.tzinfo, ask: str | None) -> dt.datetime | None:
        """Return a moment in a zone; None as for a day, and where the clocks of the zone skip that hour."""
        found = self.said(name).strip()
        if not found and ask is None:
            return None
        try:
            if _MOMENT.fullmatch(found):
                local = dt.datetime.fromisoformat(found).replace(tzinfo=zone)
                if local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                    return local
                self.wrong[name] = "On that day the clocks skip this hour. Write another."
                return None
        except (ValueError, OverflowError):
            pass
        self.wrong[name] = ask or "Write day and hour as in 2026-11-27 14:30."
        return None

    def file(self, name: str) -> Attached | None:
        """Return the file of a field; None where none was chosen."""
        return next((one for one in self.files.get(name, ()) if one.name or one.content), None)


def whole_of(said: str, digits: int) -> int | None:
    """Return a whole number of at most so many digits, as an address or a hidden field says it; None of other text."""
    return int(said) if said.isdecimal() and len(said) <= digits else None


async def read(request: Request) -> Form:
    """Return what was sent; raises Problem where it is no form, or more than a form may have."""
    media, more = parse_options_header(request.headers.get("content-type", ""))
    if media.decode("latin-1") not in _MEDIA or more.get(b"charset", b"").lower() not in _CHARSETS:
        raise Problem("media", "expected a form in UTF-8")
    try:
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_BODY) as found:
            fields: dict[str, list[str]] = {}
            files: dict[str, list[Attached]] = {}
            for name, value in found.multi_items():
                if isinstance(value, UploadFile):
                    one = Attached(value.filename or "", value.content_type or "", await value.read())
                    files.setdefault(name, []).append(one)
                else:
                    fields.setdefault(name, []).append(value)
    except HTTPException as fault:
        raise Problem("too-large" if fault.status_code == _TOO_LARGE else "invalid", fault.detail) from None
    if any("\x00" in value for values in fields.values() for value in values):
        raise Problem("invalid", "expected no character of the number 0")
    return Form(
        {name: tuple(all_) for name, all_ in fields.items()}, {name: tuple(all_) for name, all_ in files.items()}
    )


_TOO_LARGE: Final = 413
