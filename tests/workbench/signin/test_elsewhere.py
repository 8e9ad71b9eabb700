"""Signing in by another provider, which listens on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from priorauth.ledger.acts.setup import AddPerson, SetUp
from tests.ledger.house import NOW, done
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import told
from tests.workbench.signin.provider import CLIENT, SECRET, Provider, listening


class _Stays(HTTPRedirectHandler):
    def http_error_303(self, _req: Any, fp: Any, _code: int, _msg: str, _headers: Any) -> Any:
        return fp


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with listening(Provider(NOW)) as found:
        yield found


@pytest.fixture
def provider(running: Provider) -> Provider:
    """A provider that tells the truth, of somebody with the subject 1."""
    running.lies, running.claims = {}, {"sub": "subject-1", "email": "Nina@plan.example", "email_verified": True}
    running.codes.clear()
    return running


@pytest.fixture
def known(door: Door, provider: Provider, tmp_path: Path) -> Door:
    """A plan that names the provider, and by which subject nina is known."""
    (tmp_path / "secret").write_text(f"{SECRET}\n", "utf-8")
    _set(door, provider, tmp_path, people={"subject-1": "nina"})
    return door


def _set(door: Door, provider: Provider, folder: Path, **more: Any) -> None:
    oidc = {"issuer": provider.issuer, "client": CLIENT, "secret_file": str(folder / "secret"), **more}
    done(door.store, SetUp(title="A plan", zone="America/New_York", settings={"oidc": oidc}))


def _gone(door: Door, to: str = "/queue") -> str:
    """Go to the provider; give the address to which it sends the browser back."""
    door.get("/sign-in")
    led = door.get(f"/sign-in/oidc?plan=plan&to={to}")
    assert led.status_code == 303, led.text
    with build_opener(_Stays).open(led.headers["location"]) as answer:
        return str(answer.headers["location"])


def _back(door: Door, address: str) -> Any:
    parts = urlsplit(address)
    return door.get(f"{parts.path}?{parts.query}", **{"Sec-Fetch-Site": "cross-site"})


def test_she_signs_in_there_and_goes_on_to_where_she_wanted_here(known: Door) -> None:
    address = _gone(known)
    assert address.startswith("http://localhost/sign-in/oidc/back?")
    came = _back(known, address)
    assert (came.status_code, came.headers["location"]) == (303, "/queue")
    assert known.get("/queue").status_code == 200
    assert [(one["person"], one["how"]) for one in told(known.store, "signed-in")] == [("nina", "oidc")]
    assert [one["person"] for one in told(known.store, "identity-bound")] == ["nina"]


def test_what_is_asked_there_has_a_state_a_nonce_and_pkce_and_nothing_of_them_is_kept(known: Door) -> None:
    known.get("/sign-in")
    asked = parse_qs(urlsplit(known.get("/sign-in/oidc?plan=plan&to=/").headers["location"]).query)
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == (["code"], ["openid"], ["S256"])
    with known.store.reading("plan") as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM challenge").all())
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 43
        assert asked[name][0] not in kept


@pytest.mark.parametrize(
    "lie",
    [
        {"key": True},
        {"none": True},
        {"claims": {"iss": "http://127.0.0.1:1"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": [CLIENT, "another"]}},
        {"claims": {"azp": "another"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"exp": int(NOW.timestamp()) - 120}},
        {"claims": {"exp": None}},
        {"claims": {"iat": int(NOW.timestamp()) + 3600}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": None}},
        {"claims": {"sub": "x" * 256}},
        {"claims": {"at_hash": "another"}},
        {"says": {"issuer": "http://127.0.0.1:1"}},
        {"says": {"token_endpoint": "http://login.example/token"}},
        {"says": {"jwks_uri": None}},
    ],
    ids=str,
)
def test_whoever_lies_lets_nobody_in(known: Door, provider: Provider, lie: dict[str, Any]) -> None:
    address = _gone(known)
    provider.lies = lie
    came = _back(known, address)
    assert came.status_code == 403
    assert "You were not signed in." in came.text
    assert known.get("/queue").status_code == 303
    assert told(known.store, "signed-in") == []


def test_a_return_counts_once_in_time_and_in_the_browser_that_went(known: Door) -> None:
    address = _gone(known)
    assert _back(known, address.replace("state=plan.", "state=plan.x")).status_code == 403
    assert _back(known, address.replace("iss=", "iss=x")).status_code == 403
    address = _gone(known)
    known.forget()
    assert _back(known, address).status_code == 400
    known.get("/sign-in")
    assert _back(known, address).status_code == 403  # another browser, to which somebody sent the address
    address = _gone(known)
    known.wait(minutes=5)
    assert _back(known, address).status_code == 403
    known.wait(minutes=-5)
    address = _gone(known)
    assert _back(known, address).status_code == 303
    known.send("/me", "/sign-out")
    known.get("/sign-in")
    assert _back(known, address).status_code == 403


def test_who_is_known_there_and_not_here_is_told_so(known: Door, provider: Provider) -> None:
    provider.claims = {"sub": "subject-2", "email": "nina@plan.example", "email_verified": True}
    came = _back(known, _gone(known))
    assert came.status_code == 403
    assert "nobody of that name works here" in came.text
    assert [one["how"] for one in told(known.store, "sign-in-failed")] == ["oidc"]


def test_by_an_address_that_it_verified_where_the_plan_says_so_and_by_the_subject_from_then_on(
    known: Door, provider: Provider, tmp_path: Path
) -> None:
    _set(known, provider, tmp_path, email="yes")
    assert _back(known, _gone(known)).status_code == 403  # nobody here has that address yet
    done(known.store, AddPerson(person="nina", title="Nina Nurse", details={"email": "nina@plan.example"}))
    provider.claims = {**provider.claims, "email_verified": False}
    assert _back(known, _gone(known)).status_code == 403
    provider.claims = {**provider.claims, "email_verified": True}
    assert _back(known, _gone(known)).status_code == 303
    known.send("/me", "/sign-out")
    done(known.store, AddPerson(person="cora", title="Cora", details={"email": "nina@plan.example"}))
    assert _back(known, _gone(known)).status_code == 303
    assert [one["person"] for one in told(known.store, "signed-in")] == ["nina", "nina"]
    known.send("/me", "/sign-out")
    provider.claims = {**provider.claims, "sub": "subject-9"}
    assert _back(known, _gone(known)).status_code == 403  # two have that address


def test_a_claim_gives_no_role(known: Door, provider: Provider) -> None:
    provider.claims = {**provider.claims, "roles": ["director"], "groups": ["director"]}
    _back(known, _gone(known))
    assert "You are here as nurse" in known.get("/me").text


def test_a_page_of_another_site_starts_nothing(known: Door) -> None:
    known.get("/sign-in")
    assert known.get("/sign-in/oidc?plan=plan&to=/", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    known.forget()
    assert known.get("/sign-in/oidc?plan=plan&to=/").status_code == 403


def test_a_plan_without_a_provider_or_one_that_is_away_says_so(door: Door) -> None:
    door.get("/sign-in")
    assert door.get("/sign-in/oidc?plan=plan&to=/").status_code == 404
    for oidc, said in (
        ({"issuer": "http://127.0.0.1:9", "client": "us"}, "127.0.0.1 does not answer"),
        ({"issuer": "http://login.example", "client": "us"}, "not https"),
        ({"issuer": "http://127.0.0.1:9"}, "the setting oidc of plan"),
    ):
        done(door.store, SetUp(title="A plan", zone="America/New_York", settings={"oidc": oidc}))
        answer = door.get("/sign-in/oidc?plan=plan&to=/")
        assert answer.status_code == 502
        assert said in answer.text
