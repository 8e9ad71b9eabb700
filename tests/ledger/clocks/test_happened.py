"""What happened to a request is data: it goes out as JSON and comes back the same."""

from __future__ import annotations

import datetime as dt

import msgspec

from priorauth.ledger.clocks import happened as h

AT = dt.datetime(2026, 11, 2, 15, 10, 0, 1, dt.UTC)


def test_every_kind_of_event_comes_back_from_json_as_it_was() -> None:
    happened: h.Happened = (
        h.Received(AT), h.Completed(AT), h.Asked(AT, AT), h.Answered(AT), h.Extended(AT, 14, "member-asks"),
        h.ExpediteAsked(AT), h.ExpediteGranted(AT), h.ExpediteRefused(AT), h.Decided(AT),
    )  # fmt: skip
    back = msgspec.json.decode(msgspec.json.encode(happened), type=tuple[h.Event, ...])
    assert back == happened
    assert len({type(event) for event in happened}) == 9
