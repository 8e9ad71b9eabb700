"""What only a person says in a letter: read from its fields; and the frame that shows it and runs nothing of it."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.acts.peer import BookCall
from priorauth.ledger.store import Store
from priorauth.workbench.forms import Form
from priorauth.workbench.pages import letterform
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import letters
from tests.ledger import house
from tests.ledger.standing import HOUR
from tests.workbench.director import appealed, with_director
from tests.workbench.view.test_deciding import visiting


def test_a_letter_to_the_member_has_a_copy_for_the_prescriber_and_others_go_to_the_prescriber(store: Store) -> None:
    with visiting(store) as (_, visit):
        case = cases.seen(visit, with_director(store))
        form = Form({"call_by": ("2026-12-08 17:00",), "relies": (" Rule 1 \n\nRule 2",), "mailed": ("2026-11-25",)})
        found = letterform.act(visit, case, form, "adverse", 1, replaces=3)
        assert (found.to, found.copies, found.replaces, found.mailed) == (
            "member",
            ("prescriber",),
            3,
            date(2026, 11, 25),
        )
        assert found.more == {"call_by": "2026-12-08T17:00:00-05:00", "relies": ("Rule 1", "Rule 2")}
        found = letterform.act(visit, case, Form(), "information", 1)
        assert (found.to, found.copies, found.mailed, found.more) == ("prescriber", (), date(2026, 11, 24), {})


def test_a_call_and_an_acknowledgement_name_a_clinician(store: Store) -> None:
    with visiting(store) as (_, visit):
        number = with_director(store)
        letterform.act(visit, cases.seen(visit, number), form := Form(), "peer-call", 1)
        assert form.wrong == {"kind": "No call is booked."}
        house.done(store, BookCall(case=number, at=house.NOW + HOUR, with_whom="Dr Chen"), house.DIRECTOR)
        form = Form({"clinician": (letters.clinicians(visit)[0]["key"],)})
        act = letterform.act(visit, cases.seen(visit, number), form, "peer-call", 1)
        assert (act.more["at"], act.more["clinician"]["name"]) == ("2026-11-24T10:00:00-05:00", "Apu Appeals")
        assert letters.looked(visit, act).against == ()
        _, appeal = appealed(store)
        letterform.act(visit, cases.seen(visit, appeal), form := Form(), "appeal-received", 1)
        assert form.wrong == {"clinician": "Choose the clinician."}
        form = Form({"clinician": ("apu MA-12345-apu",)})
        found = letters.looked(visit, letterform.act(visit, cases.seen(visit, appeal), form, "appeal-received", 1))
        assert "We have your appeal" in found.html, found.against


def test_a_frame_shows_a_letter_and_runs_nothing_in_it(store: Store) -> None:
    del store
    page = "<html><head><style>@font-face { x: y }\np {}</style></head><body class=a><p>Dear</p></body></html>"
    found = letterform.framed(letters.Looked(html=page, unverified=("a < b",)))
    text = bytes(found.body).decode()
    assert "@font-face" not in text
    assert "not verified: a &lt; b" in text
    assert text.index("nothing is kept") < text.index("Dear")
    assert "frame-ancestors 'self'" in found.headers["content-security-policy"]
    assert "<li>no &lt;b&gt;</li>" in bytes(letterform.framed(letters.Looked(against=("no <b>",))).body).decode()
