"""A head is what decides where a resource goes: its type, its id, and whose it is. All else is left unread.

Members are told apart by a key of 64 bits, a hash of the patient's id; its highest bits are the bucket.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from priorauth.record import prescriptions, statements, structs
from priorauth.record.elements import Resource

KEY_BITS: Final = 64
SHARED: Final = frozenset({"Organization", "Practitioner", "PractitionerRole", "Medication"})
"""Types that belong to no member and are looked up from every record."""
READ: Final = frozenset(
    made.__name__
    for module in (structs, prescriptions, statements)
    for made in vars(module).values()
    if isinstance(made, type) and issubclass(made, Resource) and made not in (Resource, structs.ObservationHead)
)
"""Resource types that the record is read from; all others are counted and left."""
_REMEMBERED: Final = 200_000


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


class Document(Struct, gc=False):
    """A document: a Bundle with entries, a resource, or the manifest of an export."""

    resourceType: str = ""  # noqa: N815  # FHIR's own name
    entry: list[Entry] = []
    transactionTime: str = ""  # noqa: N815  # Bulk Data's own name
    output: Raw = Raw()


HEADS: Final[msgspec.json.Decoder[list[Head]]] = msgspec.json.Decoder(list[Head])
HEAD: Final[msgspec.json.Decoder[Head]] = msgspec.json.Decoder(Head)
TYPED: Final[msgspec.json.Decoder[Typed]] = msgspec.json.Decoder(Typed)
DOCUMENT: Final[msgspec.json.Decoder[Document]] = msgspec.json.Decoder(Document)


class Keys:
    """The keys of patients by the references to them; what was worked out once is remembered."""

    def __init__(self) -> None:
        """Begin without any."""
        self._memory: dict[str, int] = {}

    def of(self, reference: str) -> int | None:
        """Give the key of a reference to a Patient, None where it is none."""
        found = self._memory.get(reference)
        if found is not None:
            return found
        parts = reference.partition("/_history/")[0].rstrip("/").split("/")
        if len(parts) < 2 or parts[-2] != "Patient" or not parts[-1]:  # noqa: PLR2004  # type and id
            return None
        if len(self._memory) >= _REMEMBERED:
            self._memory.clear()
        made = self._memory[reference] = key(parts[-1])
        return made

    def of_all(self, references: list[str]) -> list[int] | None:
        """Give the keys of many references, None where one of them is none of a Patient."""
        if len(self._memory) + len(references) > _REMEMBERED:
            self._memory.clear()
        if any(self.of(reference) is None for reference in set(references)):
            return None
        return list(map(self._memory.__getitem__, references))


def key(patient: str) -> int:
    """Give the key of a patient's id."""
    return int.from_bytes(blake2b(patient.encode(), digest_size=KEY_BITS // 8).digest(), "big")


def reason(fault: Exception) -> str:
    """Say what a decoder found, without quoting the input."""
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
