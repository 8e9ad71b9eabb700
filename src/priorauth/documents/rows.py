"""Proposals of documents as rows of facts: open ones as mentions, those that a person confirmed as rows that count."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from priorauth.documents.proposal import Findings, Proposal

Role = Literal["clinic", "nurse"]
"""Who says that a document is right: the practice whose it is, or a person of the plan who has seen it."""


class Confirmed(Struct, frozen=True, kw_only=True):
    """A proposal that a person says is right. ``number``: its place in the facts of the findings, from 0.

    ``by`` is the person's id, ``name`` her name; ``at`` the moment, as ISO.
    """

    number: int
    by: str
    role: Role
    name: str
    at: str


class Tied(Struct, frozen=True, kw_only=True):
    """What a person read in a document herself: the words that she marked, with fact, value and date. It counts as hers.

    ``by``, ``role``, ``name`` and ``at`` as of :class:`Confirmed`.
    """

    proposal: Proposal
    by: str
    role: Role
    name: str
    at: str


class Proposed(Struct, frozen=True, kw_only=True):
    """One document with what it proposes and what people said of that; what a run keeps of it.

    ``document`` is the resource that holds it (``DocumentReference/x``) or its place in a case (``document 3``),
    ``title`` what it is called, ``dated`` its ISO date where its resource or the ledger says one. ``rejected``: places
    in the facts of the findings, from 0, of proposals that a person said are wrong.
    """

    document: str
    title: str
    sha256: str
    dated: str | None = None
    findings: Findings = Findings()
    confirmed: tuple[Confirmed, ...] = ()
    rejected: tuple[int, ...] = ()
    tied: tuple[Tied, ...] = ()
