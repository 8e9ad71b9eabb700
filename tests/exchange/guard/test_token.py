"""The token endpoint over HTTP: what a partner asks and is told, and every kind of request that gets nothing."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from priorauth.exchange.guard import token
from priorauth.exchange.guard.proxy import thumbprint
from priorauth.exchange.guard.refused import NotAdmitted
from priorauth.ledger.store import Store
from priorauth.server.limits import Buckets
from tests.exchange.guard.partner import (
    ALGORITHMS,
    SCOPE,
    TOKEN,
    Door,
    Speaker,
    at,
    bytes_as,
    certificate,
    guarding,
    key,
    partners,
    signed,
    text,
)
from tests.exchange.house import both


@both
@pytest.mark.shall(
    "DTR 2.2.0/spec-120", "DTR 2.0.1/151", "DTR 2.0.1/26", "DTR 2.0.1/336", "DTR 2.2.0/sec-1", "CRD 2.0.1/88"
)
@pytest.mark.parametrize("alg", ["ES384", "RS384"])
def test_a_partner_that_signs_with_a_registered_key_gets_a_token_for_five_minutes(store: Store, alg: str) -> None:
    with guarding(store) as door:
        found = door.ask(door.form(Speaker(key=key(alg, alg))))
        assert found.status_code == 200, found.text
        said = found.json()
        assert (said["token_type"], said["expires_in"], said["scope"]) == ("bearer", 300, SCOPE)
        assert found.headers["cache-control"] == "no-store"
        assert door.submit(said["access_token"]).json()["client"] == "clinic-ehr"
        door.wait(minutes=5)
        assert door.submit(said["access_token"]).status_code == 401


def test_what_is_asked_for_in_the_body_of_a_form_counts_once(door: Door) -> None:
    form = str(httpx2.QueryParams(door.form()))
    found = door.ask(f"{form}&grant_type=client_credentials")
    assert (found.status_code, found.json()["error"]) == (400, "invalid_request")
    assert door.ask(form).status_code == 200


@pytest.mark.parametrize(
    ("lies", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "not_a_grant_type"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "not_an_assertion_type"}, 400, "invalid_request"),
        ({"client_assertion_type": None}, 400, "invalid_request"),
        ({"client_assertion": None}, 400, "invalid_request"),
        ({"client_assertion": "a.b.c"}, 401, "invalid_client"),
        ({"client_assertion": "x" * 20_000}, 401, "invalid_client"),
        ({"client_id": "other-ehr"}, 401, "invalid_client"),
        ({"scope": None}, 400, "invalid_scope"),
        ({"scope": "patient/Claim.read openid"}, 400, "invalid_scope"),
        ({"scope": "system/Patient.rs"}, 400, "invalid_scope"),
        ({"scope": "system/Claim.c " * 400}, 400, "invalid_scope"),
    ],
)
def test_a_form_that_lacks_something_is_refused_in_the_words_of_oauth(
    door: Door, lies: dict[str, Any], status: int, error: str
) -> None:
    found = door.ask(door.form(**lies))
    assert (found.status_code, found.json()["error"]) == (status, error)
    assert found.headers["content-type"].startswith("application/json")
    assert "access_token" not in found.text


def test_a_body_that_is_no_form_or_has_too_much_in_it_is_refused(door: Door) -> None:
    with pytest.raises(NotAdmitted, match="Content-Type"):
        token.form(b"{}", "application/json")
    with pytest.raises(NotAdmitted, match="at most 65,536"):
        token.form(b"a=" + b"x" * token.MOST, token.FORM)
    for body in (b"&".join(b"a%d=1" % n for n in range(30)), b"\xff=1", b"a=%ff"):
        with pytest.raises(NotAdmitted, match="form"):
            token.form(body, f"{token.FORM}; charset=utf-8")
    assert door.ask(door.form(), **{"Content-Type": "application/json"}).status_code == 400


@both
@pytest.mark.shall("DTR 2.2.0/spec-120")
def test_an_assertion_is_used_once_whichever_of_two_servers_on_one_database_is_asked(store: Store) -> None:
    with guarding(store) as one, guarding(store) as other:
        form = one.form()
        assert one.ask(form).status_code == 200
        for door in (one, other):
            found = door.ask(form)
            assert (found.status_code, found.json()["error"]) == (401, "invalid_client")


@both
def test_two_servers_on_one_database_take_each_others_tokens(store: Store) -> None:
    with guarding(store) as one, guarding(store) as other:
        assert other.submit(one.token()).status_code == 200
        assert one.submit(other.token()).status_code == 200


@pytest.mark.parametrize(
    "lies",
    [
        {"aud": "https://elsewhere.example/oauth/token"},
        {"aud": None},
        {"iss": "other-ehr", "sub": "other-ehr"},
        {"iss": "nobody", "sub": "nobody"},
        {"sub": "other-ehr"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"exp": None},
        {"exp": "soon"},
    ],
)
def test_an_assertion_that_says_something_else_is_refused(door: Door, lies: dict[str, Any]) -> None:
    found = door.ask(door.form(client_assertion=Speaker().assertion(door.now, **lies)))
    assert (found.status_code, found.json()["error"]) == (401, "invalid_client")


def test_an_assertion_is_good_for_five_minutes_and_no_longer(door: Door) -> None:
    for minutes in (-2, 7, 60):
        said = Speaker().assertion(door.now, exp=at(door.now, minutes=minutes))
        assert door.ask(door.form(client_assertion=said)).status_code == 401, minutes
    said = Speaker().assertion(door.now, iat=at(door.now, minutes=3))
    assert door.ask(door.form(client_assertion=said)).status_code == 401


def test_other_addresses_of_the_endpoint_may_be_named_where_the_plan_lists_them(store: Store) -> None:
    other = "https://old.plan.example/token"
    with guarding(store, {"audiences": [other]}) as door:
        for aud in (other, [TOKEN], ["https://elsewhere.example", other]):
            said = Speaker().assertion(door.now, aud=aud)
            assert door.ask(door.form(client_assertion=said)).status_code == 200, aud


@pytest.mark.shall("CDS Hooks/201", "CDS Hooks/203")
def test_no_algorithm_and_a_shared_secret_are_refused(door: Door) -> None:
    claims = Speaker().claims(door.now)
    none = f"{text({'alg': 'none', 'kid': 'one', 'typ': 'JWT'})}.{text(claims)}."
    for said in (none, f"{none}AA"):
        assert door.ask(door.form(client_assertion=said)).status_code == 401
    for alg in ("HS256", "RS256", "ES256"):
        said = signed({"alg": alg, "kid": "one", "typ": "JWT"}, claims, key())
        assert door.ask(door.form(client_assertion=said)).status_code == 401, alg


def test_es256_is_for_hooks_alone(door: Door) -> None:
    assert door.ask(door.form(Speaker(key=key("ES256", "ES256")))).status_code == 401
    assert set(ALGORITHMS) - {"ES256"} == {"ES384", "RS384"}


def test_a_plan_that_names_no_base_gives_no_token(store: Store) -> None:
    with guarding(store, {"base": None}) as door:
        said = Speaker().assertion(door.now, aud="http://localhost/plan/oauth/token")
        assert door.ask(door.form(client_assertion=said)).status_code == 401


def test_a_partner_gets_no_more_than_it_may_have(store: Store) -> None:
    with guarding(store, {"partners": partners(scopes=["system/Claim.c"])}) as door:
        assert door.ask(door.form(scope="system/Claim.c system/Claim.rs")).json()["scope"] == "system/Claim.c"
        assert door.ask(door.form(scope="system/*.cruds")).json()["error"] == "invalid_scope"


def test_who_asks_too_often_waits_and_who_guesses_does_too(store: Store) -> None:
    with guarding(store, {"partners": partners(rate=0.001, burst=1)}) as door:
        assert door.ask(door.form()).status_code == 200
        slow = door.ask(door.form())
        assert slow.status_code == 429
        assert int(slow.headers["retry-after"]) > 60
        door.running.service.buckets = Buckets(rate=0.001, burst=1)
        wrong = [door.ask(door.form(client_assertion="a.b.c")).status_code for _ in range(2)]
        assert wrong == [401, 429]


@pytest.mark.shall("PAS 2.2.1/spec-4", "PAS 2.0.1/56", "CRD 2.0.1/86")
def test_a_partner_that_lists_certificates_gets_a_token_with_one_alone_and_it_is_bound_to_it(store: Store) -> None:
    own, strange = certificate(), certificate("stranger")
    plan = {"certificate_header": "Client-Cert", "partners": partners(certificates=[thumbprint(own)])}
    with guarding(store, plan) as door:
        assert door.ask(door.form()).status_code == 401
        assert door.ask(door.form(), **{"Client-Cert": bytes_as(strange)}).status_code == 401
        found = door.token(None, SCOPE, **{"Client-Cert": bytes_as(own)})
        assert door.submit(found).status_code == 401
        assert door.submit(found, **{"Client-Cert": bytes_as(strange)}).status_code == 401
        assert door.submit(found, **{"Client-Cert": bytes_as(own)}).json()["certificate"] == thumbprint(own)


def test_a_token_that_was_asked_for_with_a_certificate_is_bound_to_it_whoever_lists_it(store: Store) -> None:
    own, strange = certificate(), certificate("stranger")
    with guarding(store, {"certificate_header": "Client-Cert"}) as door:
        found = door.token(None, SCOPE, **{"Client-Cert": bytes_as(own)})
        given = [{}, {"Client-Cert": bytes_as(strange)}, {"Client-Cert": bytes_as(own)}]
        assert [door.submit(found, **one).status_code for one in given] == [401, 401, 200]


def test_a_get_asks_for_nothing(door: Door) -> None:
    assert door.running.client.get("/plan/oauth/token").status_code == 405


def test_the_log_names_the_partner_and_nothing_that_it_sent(door: Door) -> None:
    form = door.form()
    door.ask(form)
    door.submit(door.token())
    assert [one["client"] for one in door.running.lines() if one["event"] == "request"] == ["clinic-ehr"] * 3
    door.ask(door.form(client_assertion="a.b.c"))
    last = door.running.lines()[-1]
    assert (last["operation"], last["tenant"], last["status"]) == ("token", "plan", 401)
    assert form["client_assertion"] not in door.running.out.getvalue()
