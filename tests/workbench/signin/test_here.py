"""Whose session a request bears."""

from __future__ import annotations

import pytest

from tests.workbench.signin.door import Door


@pytest.mark.parametrize(
    ("mode", "lasts"), [("navigate", True), (None, True), ("cors", False), ("same-origin", False), ("no-cors", False)]
)
def test_a_page_that_she_opens_makes_it_last_and_one_that_a_script_asks_for_does_not(
    door: Door, mode: str | None, lasts: object
) -> None:
    door.sign_in()
    door.wait(minutes=20)
    door.get("/me", **({} if mode is None else {"Sec-Fetch-Mode": mode}))
    door.wait(minutes=20)
    assert (door.get("/me").status_code == 200) is lasts


def test_a_cookie_that_is_none_of_ours_is_nobodys(door: Door) -> None:
    for value in ("x" * 60, f"pasession.other.{'x' * 43}", f"pasession.plan.{'x' * 43}"):
        door.running.client.cookies.set("priorauth", value)
        assert door.get("/me").status_code == 303
