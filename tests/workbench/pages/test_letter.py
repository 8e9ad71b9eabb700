"""One letter: shown in a frame, saved as PDF, checked by another person, and mailed on the day that stands in it."""

from __future__ import annotations

import re
from datetime import timedelta

from priorauth.ledger.acts.notices import MakeNotice
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import adverse
from tests.ledger.test_notices import TODAY
from tests.workbench.director import office, with_director

MORE = {"call_by": "2026-12-08T17:00:00-05:00"}


def made(store: Store) -> str:
    number = with_director(store)
    house.done(store, adverse(number), house.DIRECTOR)
    letter = MakeNotice(case=number, kind="adverse", mailed=TODAY, copies=("prescriber",), more=MORE)
    house.done(store, letter, house.DIRECTOR)
    return number


def test_a_letter_is_shown_with_what_it_must_hold_and_until_when_one_may_appeal(store: Store) -> None:
    with office(store) as desk:
        number = made(store)
        page = desk.get(f"/c/{number}/notice/1", house.NURSE).text
        assert "Appeal until <strong>28 Jan 2027</strong>" in page
        assert "60 days and 5 for the post, counted from the mailing of 24 Nov 2026" in page
        assert "It holds once the mailing of that day is on record." in page
        held = re.search(r"What it must hold \((\d+) of (\d+)\)", page)
        assert held is not None
        assert held[1] == held[2]
        assert "notice on language: 45 CFR 92.11" in page
        framed = desk.get(f"/c/{number}/notice/1/page", house.NURSE)
        assert "Your request is not approved" in framed.text
        assert framed.headers["x-frame-options"] == "SAMEORIGIN"
        assert "script-src" not in framed.headers["content-security-policy"]
        assert "@font-face" not in framed.text
        printed = desk.get(f"/c/{number}/notice/1/pdf", house.NURSE)
        assert printed.content.startswith(b"%PDF-")
        assert printed.headers["content-disposition"] == f'attachment; filename="{number}-letter-1.pdf"'
        for other in ("2", "x"):
            assert desk.get(f"/c/{number}/notice/{other}", house.NURSE).status_code == 404


def test_another_person_checks_it_and_the_clinic_sees_it_once_it_is_mailed(store: Store) -> None:
    with office(store) as desk:
        number = made(store)
        at = f"/c/{number}/notice/1"
        assert "You made this letter: another person checks it." in desk.get(at, house.DIRECTOR).text
        assert desk.send(at, f"{at}/check", house.NURSE).status_code == 422
        assert desk.send(at, f"{at}/check", house.NURSE, read="yes").status_code == 303
        for typed, says in (
            ({"handed_at": "2026-11-25 10:00"}, "still to come"),
            ({"handed_at": "soon"}, "Write when it was handed over"),
            ({"handed_at": "2026-11-23 10:00"}, "make a new letter that replaces it"),
            ({"channel": "fax", "handed_at": "2026-11-24 08:00"}, "made for post"),
        ):
            answer = desk.send(at, f"{at}/sent", house.NURSE, **{"channel": "post", **typed})
            assert (answer.status_code, says in answer.text) == (422, True), typed
        desk.now += timedelta(hours=1)
        done = desk.send(at, f"{at}/sent", house.NURSE, channel="post", handed_at="2026-11-24 09:30", proof="R 1")
        assert done.status_code == 303, done.text
        page = desk.get(at, house.COORDINATOR)
        assert "Mailed Tue 24 Nov 2026 09:30 EST by post" in page.text
        assert "R 1" not in page.text
        assert "Your request is not approved" in desk.get(f"{at}/page", house.COORDINATOR).text
        assert desk.get(at, house.OTHER_CLINIC).status_code == 404
