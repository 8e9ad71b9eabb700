"""The types of columns that both databases write alike: moments, canonical JSON, packed bytes."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import TIMESTAMP, Dialect, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_LEVEL: Final = 3
"""Of zlib: a tenth larger than at 6, in a third of the time."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond: ``timestamptz`` on PostgreSQL, sortable text on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the database."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - either database's
        """Return what is written; a moment without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("expected a moment with a zone")
        return value if dialect.name == "postgresql" else written(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - as above
        """Return what was read, in UTC."""
        if value is None or isinstance(value, datetime):
            return None if value is None else value.astimezone(UTC)
        return datetime.fromisoformat(value)


class Canonical(TypeDecorator[Any]):
    """JSON as text in one form, sorted keys and no spaces, so that its bytes can be hashed and read back the same."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - JSON is what it is
        """Return the text."""
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - as above
        """Return the value."""
        return None if value is None else msgspec.json.decode(value)


class Packed(TypeDecorator[bytes]):
    """Bytes that are compressed where they are kept."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the base's
        """Return the compressed bytes."""
        return None if value is None else zlib.compress(value, _LEVEL)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the base's
        """Return the bytes as they were."""
        return None if value is None else zlib.decompress(value)


def canonical(value: object) -> bytes:
    """Return JSON in one form: sorted keys, no spaces, UTF-8; moments as :func:`written` has them."""
    return msgspec.json.encode(_plain(value), order="sorted")


def written(moment: datetime) -> str:
    """Return a moment as text that sorts as time does: ``2026-11-27T16:10:00.000000Z``."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _plain(value: object) -> object:
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return written(value) if isinstance(value, datetime) else value
