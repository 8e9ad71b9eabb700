"""The base of a server, ``https://ehr.example.org/fhir``, and its label of 64 bits, by which bases are compared.

A ``urn:`` names one patient of one Bundle and no server: its label is odd.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

NO_SERVER: Final = 0
_PARTS: Final = 2
"""A reference ends in type and id."""


def base_of(url: str) -> str:
    """Return the base of an absolute URL of a resource (``https://a.example/fhir/Patient/1``), "" where it has none."""
    if "://" not in url:
        return ""
    parts = url.partition("/_history/")[0].rstrip("/").rsplit("/", _PARTS)
    return parts[0] if len(parts) > _PARTS and parts[1].isalpha() and "://" in parts[0] else ""


def label(base: str) -> int:
    """Return the label of a base; the scheme and the case of the host make no difference."""
    host, _, path = base.partition("://")[2].rstrip("/").partition("/")
    return _hash(f"{host.lower()}/{path}") & ~1 if host else NO_SERVER


def label_of_urn(url: str) -> int:
    """Return the label of a ``urn:``."""
    return _hash(url) | 1 if url.startswith("urn:") else NO_SERVER


def is_server(one: int) -> bool:
    """Whether a label is that of a server."""
    return one != NO_SERVER and not one & 1


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
