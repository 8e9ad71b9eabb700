"""The pages by which somebody comes in and leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from priorauth.workbench.signin import cookies
from tests.ledger.house import done
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import OTHER, PASSWORD, told


def test_who_is_not_signed_in_is_led_to_the_door_and_from_there_to_where_she_wanted(door: Door) -> None:
    led = door.get("/queue?order=due")
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?to=/queue%3Forder%3Ddue")
    came = door.send(led.headers["location"], "/sign-in", person=" nina ", password=PASSWORD)
    assert (came.status_code, came.headers["location"]) == (303, "/queue?order=due")
    assert door.get("/queue").status_code == 200
    assert door.get("/sign-in?to=/queue").headers["location"] == "/queue"


def test_the_cookie_is_for_this_site_alone_and_for_no_script(door: Door) -> None:
    (said,) = [one for one in door.sign_in().headers.get_list("set-cookie") if one.startswith("priorauth=pasession")]
    assert said.endswith("; HttpOnly; Path=/; SameSite=strict")


def test_a_wrong_name_and_a_wrong_password_are_one_answer(door: Door) -> None:
    pages = []
    for who, password in (("nina", OTHER), ("nobody", PASSWORD), ("cora", PASSWORD), ("nina", "")):
        answer = door.sign_in(who, password)
        assert answer.status_code == 401
        assert password not in answer.text or not password
        pages.append(re.sub(r'value="(nina|nobody|cora)"', "", answer.text))
    assert len(set(pages)) == 1
    assert "The name or the password is wrong." in pages[0]
    assert cookies.SESSION not in door.running.client.cookies


def test_a_locked_password_says_nothing_more(door: Door) -> None:
    pages = {door.sign_in(password=OTHER).text for _ in range(6)}
    assert len(pages) == 1
    assert door.sign_in().status_code == 401
    door.wait(minutes=15)
    assert door.sign_in().status_code == 303


def test_a_form_of_another_browser_or_another_site_lets_nobody_in(door: Door) -> None:
    fields = {"person": "nina", "password": PASSWORD, "plan": "plan", "to": "/queue", "csrf": door.csrf("/sign-in")}
    assert door.post("/sign-in", fields, Origin="https://evil.example").status_code == 403
    assert door.post("/sign-in", fields, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    door.forget()
    answer = door.post("/sign-in", fields)
    assert answer.status_code == 403
    assert "had become too old" in answer.text
    assert told(door.store, "signed-in") == []


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_no_address_leads_to_another_site(door: Door, to: str) -> None:
    fields = {"person": "nina", "password": PASSWORD, "plan": "plan", "to": to, "csrf": door.csrf("/sign-in")}
    assert door.post("/sign-in", fields).headers["location"] == "/"


def test_she_signs_out_by_a_form_of_ours_alone(door: Door) -> None:
    door.sign_in()
    assert door.post("/sign-out", {"csrf": "0" * 64}).status_code == 403
    assert door.get("/queue").status_code == 200
    left = door.send("/queue", "/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in?left")
    assert "You are signed out." in door.get("/sign-in?left").text
    assert door.get("/queue").status_code == 303
    assert door.post("/sign-out", {"csrf": ""}).status_code == 303
    assert [one["what"] for one in told(door.store, "signed-in", "signed-out")] == ["signed-in", "signed-out"]


def test_a_second_sign_in_ends_the_first_and_has_another_token(door: Door) -> None:
    door.sign_in()
    first = door.running.client.cookies[cookies.SESSION]
    csrf = door.csrf("/me")
    door.running.client.cookies.delete(cookies.SESSION)
    door.get("/sign-in")
    page = door.csrf("/sign-in")
    door.running.client.cookies.set(cookies.SESSION, first)
    door.post("/sign-in", {"person": "dora", "password": PASSWORD, "plan": "plan", "csrf": page})
    assert door.csrf("/me") != csrf
    assert [one["person"] for one in told(door.store, "signed-in", "signed-out")] == ["nina", "nina", "dora"]


def test_how_long_it_lasts_is_told_and_asking_does_not_make_it_last(door: Door) -> None:
    assert (door.get("/session").status_code, door.get("/session").json()) == (401, {"seconds": 0})
    door.sign_in()
    csrf = door.csrf("/me")
    for minutes in (0, 10, 20):
        assert door.get("/session").json() == {"seconds": 60 * (30 - minutes)}
        door.wait(minutes=10)
    assert door.get("/session").json() == {"seconds": 0}
    assert "You were signed out" in door.post("/session/extend", {"csrf": csrf}).text


def test_it_is_extended_with_one_press_with_a_script_or_without(door: Door) -> None:
    door.sign_in()
    csrf = door.csrf("/me")
    door.wait(minutes=29)
    asked = door.post("/session/extend", {"csrf": csrf}, **{"Sec-Fetch-Mode": "cors"})
    assert asked.json() == {"seconds": 1800}
    door.wait(minutes=29)
    pressed = door.post("/session/extend", {"csrf": csrf}, **{"Sec-Fetch-Mode": "navigate"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/")
    door.wait(minutes=29)
    assert door.get("/queue").status_code == 200
    assert door.post("/session/extend", {"csrf": "0" * 64}).status_code == 403


def test_who_holds_no_role_is_told_so_after_her_password_was_right(door: Door) -> None:
    with door.store.writing("plan") as connection:
        connection.exec_driver_sql("DELETE FROM role WHERE person = 'nina'")
    answer = door.sign_in()
    assert answer.status_code == 403
    assert "nina holds no role today" in answer.text


def test_an_open_server_lets_anybody_be_anybody_with_one_press(open_door: Door) -> None:
    page = open_door.get("/sign-in?to=/queue").text
    assert "No password is asked for." in page
    assert page.index("Coordinator") < page.index("Nurse") < page.index("Medical director")
    buttons = re.findall(r'<button class="second">([^<]+)</button>', page)
    assert "Nina Nurse" in buttons
    assert "Dora Director" in buttons
    fields = {"person": "nina", "role": "nurse", "plan": "plan", "to": "/queue"}
    assert open_door.post("/sign-in", fields).status_code == 403
    came = open_door.post("/sign-in", {**fields, "csrf": open_door.csrf("/sign-in")})
    assert (came.status_code, came.headers["location"]) == (303, "/queue")
    assert told(open_door.store, "signed-in")[0]["how"] == "open"
    assert open_door.get("/queue").status_code == 200


def test_an_open_server_gives_nobody_a_role_that_she_does_not_hold(open_door: Door) -> None:
    fields = {"person": "nina", "role": "director", "plan": "plan", "csrf": open_door.csrf("/sign-in")}
    answer = open_door.post("/sign-in", fields)
    assert answer.status_code == 403
    assert "does not hold the role director" in answer.text


def test_with_a_provider_the_cookie_is_sent_where_another_site_leads_here(door: Door) -> None:
    oidc = {"issuer": "https://login.example", "client": "us", "title": "Sign in with Example"}
    done(door.store, SetUp(title="A plan", zone="America/New_York", settings={"oidc": oidc}))
    assert "Sign in with Example" in door.get("/sign-in").text
    (said,) = [one for one in door.sign_in().headers.get_list("set-cookie") if one.startswith("priorauth=pasession")]
    assert said.endswith("SameSite=lax")


@pytest.fixture
def two(door: Door, migrated: Path, tmp_path: Path) -> Iterator[Door]:
    """A server of two plans."""
    other = connect(f"sqlite:///{shutil.copy(migrated, tmp_path / 'other.db')}")
    done(other, SetUp(title="Another", zone="UTC"), Who("other", None, "system"))
    door.running.service.stores = {**door.running.service.stores, "other": other}
    yield door
    other.close()


def test_of_several_plans_none_is_named_and_a_wrong_one_is_the_same_answer(two: Door) -> None:
    fields = {"person": "nina", "password": PASSWORD, "csrf": two.csrf("/sign-in")}
    pages = [two.post("/sign-in", {**fields, "plan": name}) for name in ("nowhere", "")]
    assert [one.status_code for one in pages] == [401, 401]
    assert not [one for one in (two.get("/sign-in"), *pages) if "Another" in one.text or "A plan" in one.text]
    assert "The name or the password is wrong." in pages[0].text
    assert two.post("/sign-in", {**fields, "plan": "plan"}).status_code == 303
