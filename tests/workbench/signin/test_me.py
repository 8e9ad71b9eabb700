"""The page of a person about herself."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.acts.setup import GrantRole
from priorauth.workbench.signin import preferences, sessions
from priorauth.workbench.signin.preferences import Preferences
from tests.ledger.house import TENANT, done
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import OTHER, PASSWORD


def test_it_is_hers_alone_and_asks_her_to_sign_in(door: Door) -> None:
    assert door.get("/me").headers["location"] == "/sign-in?to=/me"
    door.sign_in()
    assert "Nina Nurse" in door.get("/me").text


def test_she_acts_in_another_role_that_she_holds(door: Door) -> None:
    done(door.store, GrantRole(person="nina", role="manager", valid_from=date(2026, 1, 1)))
    door.sign_in()
    assert door.send("/me", "/me/role", role="manager").headers["location"] == "/"
    assert "You are here as manager" in door.get("/me").text
    refused = door.send("/me", "/me/role", role="director")
    assert refused.status_code == 403
    assert "does not hold the role director" in refused.text


def test_she_sees_her_sessions_and_ends_another(door: Door) -> None:
    door.sign_in()
    other = sessions.begin(door.store, TENANT, "nina", door.now, strong=False, device="Tablet").session
    assert "2 sessions" in door.get("/me").text
    door.send("/me", "/me/sessions/end", session=other.id)
    page = door.get("/me?said=ended").text
    assert "1 session" in page
    assert "That session is ended." in page
    sessions.begin(door.store, TENANT, "nina", door.now, strong=False)
    csrf = door.csrf("/me")
    assert door.post("/me/sessions/end", {"csrf": csrf}).headers["location"] == "/me?said=all-ended"
    assert "1 session" in door.get("/me").text


def test_a_new_password_asks_for_the_old_one_some_time_after_the_sign_in(door: Door) -> None:
    door.sign_in()
    new = {"new-password": OTHER, "again-password": OTHER}
    door.wait(minutes=6)
    for typed, said in (
        ({**new, "password": OTHER}, "That is not your password."),
        ({**new, "again-password": "else", "password": PASSWORD}, "The two are not the same."),
        ({"new-password": "short", "again-password": "short", "password": PASSWORD}, "Use at least 12 characters."),
    ):
        answer = door.send("/me", "/me/password", **typed)
        assert answer.status_code == 422
        assert said in answer.text
        assert OTHER not in answer.text
    assert door.send("/me", "/me/password", **new, password=PASSWORD).headers["location"] == "/me?said=password"
    assert door.get("/me").status_code == 200  # this session stays
    door.send("/me", "/sign-out")
    assert [door.sign_in(password=one).status_code for one in (PASSWORD, OTHER)] == [401, 303]


def test_just_after_the_sign_in_the_old_one_is_not_asked_for_again(door: Door) -> None:
    door.sign_in()
    typed = {"new-password": OTHER, "again-password": OTHER}
    assert door.send("/me", "/me/password", **typed).headers["location"] == "/me?said=password"


def test_a_passkey_without_a_script_says_what_it_needs(door: Door) -> None:
    door.sign_in()
    assert "allow scripts for this site" in door.send("/me", "/me", title="laptop").text


def test_what_she_likes_is_kept(door: Door) -> None:
    door.sign_in()
    door.send("/me", "/me/likes", density="compact", keys="on")
    assert preferences.of(door.store, TENANT, "nina") == Preferences("compact", keys=True)
    assert '<body class="compact" data-page=' in door.get("/me").text
    door.send("/me", "/me/likes", density="nonsense")
    assert preferences.of(door.store, TENANT, "nina") == Preferences("comfortable", keys=False)
    assert '<body data-keys="off" data-page=' in door.get("/me").text


def test_a_form_without_the_mark_of_her_session_changes_nothing(door: Door) -> None:
    door.sign_in()
    door.get("/me")
    for fields, headers, status in (
        ({"density": "compact"}, {}, 403),
        ({"density": "compact", "csrf": "0" * 64}, {}, 403),
        ({"density": "compact", "csrf": door.csrf("/me")}, {"Origin": "https://evil.example"}, 403),
    ):
        assert door.post("/me/likes", fields, **headers).status_code == status
    assert preferences.of(door.store, TENANT, "nina") == Preferences()
    door.forget()
    assert door.post("/me/likes", {"density": "compact"}).status_code == 401
