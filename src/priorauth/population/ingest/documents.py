"""Files that are no NDJSON, taken apart into resources: Bundles, single resources, manifests, and Parquet."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from priorauth.errors import InputRefused
from priorauth.fhir.limits import MAX_BYTES, checked
from priorauth.population.ingest import heads
from priorauth.population.ingest.heads import READ
from priorauth.population.ingest.routing import routing
from priorauth.population.ingest.shard import Export, Shard
from priorauth.population.ingest.sources import Source, whole

_ROWS: Final = 2_000
_TEXT_COLUMNS: Final = ("resource", "json", "resource_json", "value")
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def document(shard: Shard, number: int, source: Source) -> None:
    """Read a ``.json`` file: a Bundle, one resource, or the manifest of an export."""
    try:
        data = checked(whole(source, MAX_BYTES), source.name)
    except InputRefused as refused:
        shard.reject(number, 0, "file", refused.faults[0].within)
        return
    except (OSError, EOFError, zlib.error) as fault:
        shard.reject(number, 0, "file", f"cannot be read: {getattr(fault, 'strerror', None) or 'damaged'}")
        return
    shard.done.lines += 1
    shard.done.bytes += len(data)
    found = heads.decoded(heads.DOCUMENT, data)
    if isinstance(found, str):
        shard.reject(number, 0, "file", found)
    elif found.resourceType == "Bundle":
        with routing(shard, number, "entry") as router:
            router.bundle(found, None)
    elif found.transactionTime and not found.resourceType:
        shard.done.exports.append(_export(number, found.transactionTime, data))
    else:
        with routing(shard, number, "file") as router:
            router.one(data, 0)


def _export(number: int, at: str, data: bytes) -> Export:
    """Read the manifest of an export; what it lists in another shape is left."""
    listing = heads.decoded(heads.LISTING, data)
    if not isinstance(listing, heads.Listing):
        return Export(number, at)
    base = listing.request.partition("?")[0].partition("/$")[0]
    for level in ("/Patient", "/Group/"):  # what was asked for below the base: all patients, or those of a group
        base = base.rpartition(level)[0] if level in base else base
    files = [each.url.rpartition("/")[2] for each in (*listing.output, *listing.deleted)]
    return Export(number, at, base if "://" in base else "", files)


def parquet(shard: Shard, number: int, source: Source) -> None:
    """Read a Parquet file: one column of JSON texts, or a column an element."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    at = 0
    try:
        with routing(shard, number, "row") as router:
            file = pq.ParquetFile(source.path)
            text = _text_column(file.schema_arrow)
            for batch in file.iter_batches(_ROWS, use_threads=False):
                resources = list(_texts(batch, text) if text else _built(batch, source.path.name.partition(".")[0]))
                shard.done.lines += len(resources)
                shard.done.bytes += sum(map(len, resources))
                router.many(resources, list(range(at, at + len(resources))))
                at += len(resources)
    except (pa.ArrowException, OSError) as fault:
        shard.reject(number, at, "row", f"the rest of the file is damaged and was not read: {type(fault).__name__}")


def _text_column(schema: Any) -> str:  # noqa: ANN401  # pyarrow has no types
    """Return the name of the column that holds whole resources as JSON, "" where there is none."""
    import pyarrow as pa

    texts = [
        field.name
        for field in schema
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type) or pa.types.is_binary(field.type)
    ]
    named = [name for name in _TEXT_COLUMNS if name in texts]
    if named and "resourceType" not in schema.names:
        return named[0]
    return texts[0] if len(schema) == 1 and texts else ""


def _texts(batch: Any, column: str) -> Iterator[bytes]:  # noqa: ANN401  # pyarrow has no types
    for value in batch.column(column).to_pylist():
        yield value.encode() if isinstance(value, str) else bytes(value or b"")


def _built(batch: Any, kind: str) -> Iterator[bytes]:  # noqa: ANN401  # pyarrow has no types
    """Build resources from columns; the type is a column, else the name of the file."""
    for row in batch.to_pylist():
        resource = _filled(row)
        if isinstance(resource, dict) and "resourceType" not in resource and kind in READ:
            resource = {"resourceType": kind, **resource}
        yield _ENCODER.encode(resource)


def _filled(value: object) -> object:
    """Leave out what a table can only say is null."""
    if isinstance(value, dict):
        return {name: _filled(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_filled(part) for part in value if part is not None]
    return value
