"""The files that a Bundle holds: attachments of its documents, reports, answers and claim, as bytes with their names."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from priorauth.documents.proposal import Patient


class Paper(Struct, frozen=True, kw_only=True):
    """A file in a Bundle. ``document``: the resource that holds it, ``DocumentReference/x``; of several, with ``#2``.

    ``dated`` is the ISO date (or partial date) that the resource gives, ``media`` the type that it claims to be.
    """

    document: str
    title: str
    content: bytes
    sha256: str
    dated: str | None = None
    media: str = ""


class Held(Struct, frozen=True, kw_only=True):
    """The files of a Bundle in the order in which they stand, whose they should be, and a line for each that is left.

    ``member`` is the patient of the request as documents name one: name, birth date, number.
    """

    papers: tuple[Paper, ...]
    member: Patient
    warnings: tuple[str, ...] = ()


def held(source: bytes | Mapping[str, object], name: str = "bundle") -> Held:
    """Return the files that a Bundle holds; raises InputRefused where it is no Bundle. Nothing is fetched."""
    raise NotImplementedError
