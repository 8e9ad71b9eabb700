"""What happened to a request that clocks look at: each an instant with what it says, in any order.

A machine's clock may jump back. Nothing of what happened takes effect before the request was received.
"""

from __future__ import annotations

import datetime as dt

import msgspec


class Received(msgspec.Struct, frozen=True, tag="received"):
    """The request came in."""

    at: dt.datetime


class Completed(msgspec.Struct, frozen=True, tag="completed"):
    """The request is complete: the last needed item came in."""

    at: dt.datetime


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """The notice of a question letter went out; ``answer_by`` is the last moment to answer."""

    at: dt.datetime
    answer_by: dt.datetime


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """The answer to the open question came in."""

    at: dt.datetime


class Extended(msgspec.Struct, frozen=True, tag="extended"):
    """The notice of an extension went out."""

    at: dt.datetime
    days: int
    ground: str


class ExpediteAsked(msgspec.Struct, frozen=True, tag="expedite-asked"):
    """Somebody asked for a fast decision after the request had come in."""

    at: dt.datetime


class ExpediteGranted(msgspec.Struct, frozen=True, tag="expedite-granted"):
    """The request goes on as an expedited one."""

    at: dt.datetime


class ExpediteRefused(msgspec.Struct, frozen=True, tag="expedite-refused"):
    """The request goes on as a standard one, counted from its receipt."""

    at: dt.datetime


class Decided(msgspec.Struct, frozen=True, tag="decided"):
    """The decision was told as the law asks: from here no clock of it runs."""

    at: dt.datetime


Event = Received | Completed | Asked | Answered | Extended | ExpediteAsked | ExpediteGranted | ExpediteRefused | Decided
Happened = tuple[Event, ...]
