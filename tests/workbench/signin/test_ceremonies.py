"""What a script of a page asks for a passkey, with an authenticator in software."""

from __future__ import annotations

from priorauth.workbench.signin import sessions
from tests.workbench.signin.door import Door
from tests.workbench.signin.key import Key
from tests.workbench.signin.plan import OTHER, PASSWORD, told


def _add(door: Door, key: Key, **said: str) -> int:
    options = door.script("/me/passkeys/options", said)
    if options.status_code != 200:
        return options.status_code
    return door.script("/me/passkeys", {"title": "laptop", "credential": key.made(options.json())}).status_code


def test_a_passkey_is_added_and_signs_in(door: Door) -> None:
    key = Key()
    door.sign_in()
    assert _add(door, key) == 200
    assert "laptop" in door.get("/me").text
    door.send("/me", "/sign-out")
    options = door.script("/sign-in/passkey/options", {}).json()
    came = door.script("/sign-in/passkey", {"credential": key.proof(options), "to": "/queue", "plan": "plan"})
    assert (came.status_code, came.json()) == (200, {"to": "/queue"})
    assert door.get("/queue").status_code == 200
    assert [one["how"] for one in told(door.store, "signed-in")] == ["password", "passkey"]
    assert door.send("/me", "/me/passkeys/remove", passkey=_listed(door)).status_code == 303
    assert "You have none yet." in door.get("/me").text


def _listed(door: Door) -> str:
    page = door.get("/me").text
    return page.partition('name="passkey" value="')[2].partition('"')[0]


def test_some_time_after_the_sign_in_a_new_passkey_asks_for_the_password(door: Door) -> None:
    door.sign_in()
    door.wait(minutes=6)
    assert _add(door, Key(), password=OTHER) == 403
    assert _add(door, Key()) == 403
    assert _add(door, Key(), password=PASSWORD) == 200


def test_a_passkey_that_is_not_known_lets_nobody_in(door: Door) -> None:
    options = door.script("/sign-in/passkey/options", {}).json()
    came = door.script("/sign-in/passkey", {"credential": Key().proof(options)})
    assert came.status_code == 403
    assert "That passkey does not work here." in came.json()["detail"]
    wrong: tuple[dict[str, object], ...] = ({}, {"credential": 7}, {"credential": {"response": []}})
    for nonsense in wrong:
        assert door.script("/sign-in/passkey", nonsense).status_code == 422


def test_an_answer_of_another_browser_lets_nobody_in(door: Door) -> None:
    key = Key()
    door.sign_in()
    _add(door, key)
    door.send("/me", "/sign-out")
    options = door.script("/sign-in/passkey/options", {}).json()
    door.forget()
    assert door.script("/sign-in/passkey", {"credential": key.proof(options)}).status_code == 403


def test_a_script_of_another_site_is_told_nothing(door: Door) -> None:
    for path in ("/sign-in/passkey/options", "/sign-in/passkey", "/me/passkeys/options"):
        answer = door.running.client.post(path, json={}, headers={"X-Csrf": "0" * 64})
        assert answer.status_code in (401, 403), path
    door.sign_in()
    csrf = door.csrf("/me")
    foreign = {"X-Csrf": csrf, "Sec-Fetch-Site": "cross-site"}
    assert door.running.client.post("/me/passkeys/options", json={}, headers=foreign).status_code == 403
    assert door.script("/me/passkeys/options", {}, csrf="0" * 64).status_code == 403
    assert door.script("/me/passkeys/options", [1], csrf=csrf).status_code == 422
    plain = door.running.client.post("/me/passkeys/options", content=b"{", headers={"X-Csrf": csrf})
    assert plain.status_code == 422


def test_given_again_it_counts_for_one_signature(door: Door) -> None:
    key = Key()
    door.sign_in("dora")
    assert door.script("/me/again/options", {}).status_code == 422  # she has none yet
    _add(door, key)
    options = door.script("/me/again/options", {}).json()
    assert door.script("/me/again", {"credential": key.proof(options)}).json() == {"confirmed": True}
    (session,) = _sessions(door)
    assert [sessions.confirmed(door.store, session, door.now) for _ in range(2)] == [True, False]
    options = door.script("/me/again/options", {}).json()
    assert door.script("/me/again", {"credential": Key().proof(options)}).status_code == 403
    assert not sessions.confirmed(door.store, session, door.now)


def _sessions(door: Door) -> list[sessions.Session]:
    token = door.running.client.cookies["priorauth"]
    found = sessions.found(door.store, token, door.now)
    return [] if found is None else [found]
