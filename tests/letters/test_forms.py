"""An official form is used only as the tenant installed it, and not after its last day."""

import datetime as dt

from msgspec import structs

from priorauth.letters import forms
from tests.letterbook import FORM

NAME = "CMS-10003-NDMCP"


def test_a_form_that_is_not_installed_is_refused() -> None:
    assert "is not installed" in (forms.refused(NAME, None, dt.date(2026, 11, 24)) or "")


def test_a_form_may_be_used_on_its_last_day_and_not_on_the_next() -> None:
    assert forms.refused(NAME, FORM, FORM.expires) is None
    why = forms.refused(NAME, FORM, FORM.expires + dt.timedelta(days=1))
    assert why is not None
    assert "31 December 2027" in why


def test_another_form_does_not_stand_in_for_it() -> None:
    assert forms.refused(NAME, structs.replace(FORM, name="CMS-1696"), dt.date(2026, 11, 24))


def test_a_form_without_the_hash_of_its_text_is_refused() -> None:
    assert forms.refused(NAME, structs.replace(FORM, sha256=""), dt.date(2026, 11, 24))


def test_every_form_says_whether_it_was_verified_and_none_holds_a_forms_text() -> None:
    assert {one.verified for one in forms.forms().values()} == {"no"}
    assert len(forms.forms()[NAME].insertions) == 8
