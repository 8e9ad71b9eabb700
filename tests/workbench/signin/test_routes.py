"""The addresses: none is forgotten, none asks anything of another host, and none says more than it should."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from priorauth.workbench.signin import routes
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import PASSWORD


def _all() -> list[tuple[str, str]]:
    return [(one.path, method) for one in routes.routes() if isinstance(one, Route) for method in one.methods or ()]


@pytest.mark.parametrize(("path", "method"), [one for one in _all() if one[1] == "POST"])
def test_what_bears_no_token_of_ours_does_nothing(door: Door, path: str, method: str) -> None:
    door.sign_in()
    fields = {"person": "dora", "password": PASSWORD, "plan": "plan", "session": "x"}
    json = re.search(r"passkey(s|/options|s/options)?$|again", path) and path != "/me/passkeys/remove"
    sent = {"json": fields} if json else {"data": fields}
    answer = door.running.client.request(method, path, follow_redirects=False, **sent)  # type: ignore[arg-type] # either
    assert answer.status_code in (403, 410), (path, answer.status_code)


@pytest.mark.parametrize(("path", "method"), _all())
def test_no_answer_may_be_kept_and_none_names_another_host(door: Door, path: str, method: str) -> None:
    answer = door.running.client.request(method, path, follow_redirects=False)
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r'(src|href|action)="(https?:)?//', answer.text)


def test_what_is_no_form_is_said_on_a_page(door: Door) -> None:
    answer = door.running.client.post("/sign-in", content=b"{}", headers={"Content-Type": "application/json"})
    assert answer.status_code == 415
    assert "<h1>That did not work</h1>" in answer.text
