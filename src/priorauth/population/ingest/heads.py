"""A head is what decides where a resource goes: its type, its id, and whose it is. All else is left unread.

Members are told apart by a key of 64 bits, a hash of the patient's id; its highest bits are the bucket.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from priorauth.fhir import forms, prescriptions, structs
from priorauth.fhir.elements import Resource
from priorauth.population.ingest.bases import NO_SERVER, base_of, label

KEY_BITS: Final = 64
SHARED: Final = frozenset({"Organization", "Practitioner", "PractitionerRole", "Medication"})
"""Types that belong to no member and are looked up from every record."""
READ: Final = frozenset(
    made.__name__
    for module in (structs, prescriptions, forms)
    for made in vars(module).values()
    if isinstance(made, type) and issubclass(made, Resource) and made not in (Resource, structs.ObservationHead)
)
"""Resource types that the record is read from; all others are counted and left."""
_REMEMBERED: Final = 200_000
_ENOUGH: Final = 2
"""One server is that of a file; two say that it is of several."""


class _Reference(Struct, gc=False):
    reference: str = ""


NOBODY: Final = _Reference()


class Head(Struct, gc=False):
    """The head of a resource."""

    resourceType: str = ""  # noqa: N815  # FHIR's own name
    id: str = ""
    subject: _Reference | None = None
    patient: _Reference | None = None
    beneficiary: _Reference | None = None

    @property
    def whose(self) -> str:
        """The reference to the patient, "" where there is none."""
        return (self.subject or self.patient or self.beneficiary or NOBODY).reference


class Typed(Struct, gc=False):
    """Only the type of a resource."""

    resourceType: str = ""  # noqa: N815  # FHIR's own name


class Entry(Struct, gc=False):
    """An entry of a Bundle, its resource undecoded."""

    fullUrl: str = ""  # noqa: N815  # FHIR's own name
    resource: Raw = Raw()


class Item(Struct, gc=False):
    """An entry of a Bundle as it is read: perhaps a request rather than a resource."""

    fullUrl: str = ""  # noqa: N815  # FHIR's own name
    resource: Raw = Raw()
    request: Raw = Raw()


class Request(Struct, gc=False):
    """What an entry asks a server to do."""

    method: str = ""
    url: str = ""


class Document(Struct, gc=False):
    """A document: a Bundle with entries, a resource, or the manifest of an export."""

    resourceType: str = ""  # noqa: N815  # FHIR's own name
    entry: list[Item] = []
    timestamp: Raw = Raw()
    transactionTime: str = ""  # noqa: N815  # Bulk Data's own name


class File(Struct, gc=False):
    """A file that a manifest lists."""

    url: str = ""


class Listing(Struct, gc=False):
    """The manifest of an export: what was asked for, and its files."""

    request: str = ""
    output: list[File] = []
    deleted: list[File] = []


HEADS: Final[msgspec.json.Decoder[list[Head]]] = msgspec.json.Decoder(list[Head])
HEAD: Final[msgspec.json.Decoder[Head]] = msgspec.json.Decoder(Head)
TYPED: Final[msgspec.json.Decoder[Typed]] = msgspec.json.Decoder(Typed)
DOCUMENT: Final[msgspec.json.Decoder[Document]] = msgspec.json.Decoder(Document)
LISTING: Final[msgspec.json.Decoder[Listing]] = msgspec.json.Decoder(Listing)
REQUEST: Final[msgspec.json.Decoder[Request]] = msgspec.json.Decoder(Request)
TEXT: Final[msgspec.json.Decoder[str]] = msgspec.json.Decoder(str)


class Keys:
    """The keys of patients by the references to them, and their servers; what was worked out once is remembered."""

    def __init__(self) -> None:
        """Begin without any."""
        self._memory: dict[str, int] = {}
        self._servers: dict[str, int] = {}
        self.bases: dict[int, str] = {}
        """Servers that were named, by label: two at most."""

    def of(self, reference: str) -> int | None:
        """Return the key of a reference to a Patient, None where it is none."""
        found = self._memory.get(reference)
        if found is not None:
            return found
        parts = reference.partition("/_history/")[0].rstrip("/").split("/")
        if len(parts) < 2 or parts[-2] != "Patient" or not parts[-1]:  # noqa: PLR2004  # type and id
            return None
        if len(self._memory) >= _REMEMBERED:
            self._forget()
        if base := base_of(reference):
            self._servers[reference] = self.named(base)
        made = self._memory[reference] = key(parts[-1])
        return made

    def of_all(self, references: list[str]) -> list[int] | None:
        """Return the keys of many references, None where one of them is none of a Patient."""
        if len(self._memory) + len(references) > _REMEMBERED:
            self._forget()
        if any(self.of(reference) is None for reference in set(references)):
            return None
        return list(map(self._memory.__getitem__, references))

    def server(self, reference: str) -> int:
        """Return the label of the server that a reference names."""
        base = base_of(reference)
        return self.named(base) if base else NO_SERVER

    def servers(self, references: list[str]) -> list[int]:
        """Return the labels of the servers of many references whose keys were just asked for."""
        if not self._servers:
            return [NO_SERVER] * len(references)
        return [self._servers.get(reference, NO_SERVER) for reference in references]

    def named(self, base: str) -> int:
        """Take note of a server; gives its label."""
        found = label(base)
        if len(self.bases) < _ENOUGH:
            self.bases.setdefault(found, base)
        return found

    def _forget(self) -> None:
        self._memory.clear()
        self._servers.clear()


def key(patient: str) -> int:
    """Return the key of a patient's id."""
    return int.from_bytes(blake2b(patient.encode(), digest_size=KEY_BITS // 8).digest(), "big")


def reason(fault: Exception) -> str:
    """Return what a decoder found, without quoting the input."""
    if isinstance(fault, msgspec.ValidationError):
        said, _, place = str(fault).partition(" - at `$")
        return f"{place.rstrip('`').removeprefix('.') or 'the whole'}: {said}"
    if isinstance(fault, RecursionError):
        return "expected JSON that nests less deep"
    if isinstance(fault, UnicodeDecodeError):
        return "expected UTF-8 text"
    return f"expected JSON: {fault}"


def decoded(decoder: msgspec.json.Decoder[Any], data: bytes | Raw) -> Any:  # noqa: ANN401  # the decoder's own type
    """Decode, or give the reason why not as a text."""
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        return reason(fault)
