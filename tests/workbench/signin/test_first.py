"""The page to which a one-time link leads."""

from __future__ import annotations

from priorauth.workbench.signin import links
from tests.ledger.house import SYSTEM
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import OTHER, told


def test_she_sets_a_password_and_is_signed_in(door: Door) -> None:
    token = links.make(door.store, SYSTEM, "cora", door.now).token
    page = f"/sign-in/link?token={token}"
    assert "Hello, Cora Coordinator" in door.get(page).text
    typed = {"with": "password", "new-password": OTHER}
    wrong = door.send(page, "/sign-in/link", **typed, **{"again-password": "another one"})
    assert "The two are not the same." in wrong.text
    short = door.send(page, "/sign-in/link", **{"with": "password", "new-password": "short", "again-password": "short"})
    assert "Use at least 12 characters." in short.text
    assert OTHER not in wrong.text
    came = door.send(page, "/sign-in/link", **typed, **{"again-password": OTHER})
    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert told(door.store, "signed-in")[0]["how"] == "link"
    assert door.get(page).status_code == 410
    door.send("/me", "/sign-out")
    assert door.sign_in("cora", OTHER).status_code == 303


def test_she_may_go_on_to_add_a_passkey_alone(door: Door) -> None:
    token = links.make(door.store, SYSTEM, "cora", door.now).token
    came = door.send(f"/sign-in/link?token={token}", "/sign-in/link", **{"with": "passkey"})
    assert (came.status_code, came.headers["location"]) == (303, "/me")


def test_a_link_that_is_no_good_says_so_and_lets_nobody_in(door: Door) -> None:
    token = links.make(door.store, SYSTEM, "cora", door.now).token
    csrf = door.csrf("/sign-in")
    for bad in ("", token[:-1] + "_", f"palink.other.{'x' * 43}"):
        if bad != token:
            assert door.get(f"/sign-in/link?token={bad}").status_code == 410
            assert door.post("/sign-in/link", {"token": bad, "with": "passkey", "csrf": csrf}).status_code == 410
    door.wait(days=1)
    assert door.get(f"/sign-in/link?token={token}").status_code == 410
    assert door.post("/sign-in/link", {"token": token, "with": "passkey", "csrf": csrf}).status_code == 410


def test_a_form_of_another_site_does_not_use_it_up(door: Door) -> None:
    token = links.make(door.store, SYSTEM, "cora", door.now).token
    door.get("/sign-in")
    assert door.post("/sign-in/link", {"token": token, "with": "passkey", "csrf": "0" * 64}).status_code == 403
    assert links.whose(door.store, token, door.now) is not None
