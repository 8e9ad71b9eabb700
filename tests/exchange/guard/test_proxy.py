"""What a proxy says: believed where it is listed, read in each form in which proxies write it."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from starlette.datastructures import Headers

from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.proxy import (
    HERE,
    Asking,
    Proxy,
    certificate,
    network,
    origin,
    registered,
    secure,
    thumbprint,
)
from priorauth.exchange.plan import Plan
from tests.exchange.guard.partner import bytes_as
from tests.exchange.guard.partner import certificate as made
from tests.ledger.house import NOW

DER = made()
PEM = load_der_x509_certificate(DER).public_bytes(Encoding.PEM).decode()
PROXY = Proxy(("10.0.0.0/8", "192.0.2.7"), "Client-Cert")


def came(*said: str, peer: str = "10.1.2.3", name: str = "client-cert", scheme: str = "http") -> Asking:
    return Asking(peer, scheme, Headers(raw=[(name.encode(), one.encode()) for one in said]))


@pytest.mark.parametrize("said", [bytes_as(DER), quote(PEM), quote(PEM, safe=""), base64.b64encode(DER).decode()])
def test_a_certificate_is_read_in_each_form(said: str) -> None:
    assert certificate(came(said), PROXY, NOW) == thumbprint(DER)


def test_it_is_believed_of_a_listed_proxy_alone_and_of_no_other_header() -> None:
    assert certificate(came(bytes_as(DER), peer="11.1.2.3"), PROXY, NOW) is None
    assert certificate(came(bytes_as(DER), name="x-client-cert"), PROXY, NOW) is None
    assert certificate(came(bytes_as(DER)), PROXY._replace(certificate=None), NOW) is None
    assert certificate(came("", " "), PROXY, NOW) is None


@pytest.mark.parametrize("said", [[bytes_as(DER)] * 2, ["x"], ["::"], [":AA==:"], [quote(PEM)[:-40]], ["A" * 20_000]])
def test_what_cannot_be_read_is_refused(said: list[str]) -> None:
    with pytest.raises(NotBelieved):
        certificate(came(*said), PROXY, NOW)


def test_a_certificate_is_taken_on_its_days_alone() -> None:
    for later in (timedelta(days=-2), timedelta(days=31)):
        with pytest.raises(NotBelieved, match="not valid now"):
            certificate(came(bytes_as(DER)), PROXY, NOW + later)


def test_a_thumbprint_may_be_registered_in_base64url_or_in_hex() -> None:
    own = thumbprint(DER)
    hexed = base64.urlsafe_b64decode(f"{own}=").hex()
    colons = ":".join(hexed[n : n + 2] for n in range(0, 64, 2)).upper()
    assert {registered(one) for one in (own, hexed, colons)} == {own}
    assert [registered(one) for one in ("", "x", hexed[:-2], f"{own}=", hexed + "00")] == [None] * 5


@pytest.mark.parametrize(
    ("peer", "said", "safe"),
    [
        ("10.1.2.3", [], True),
        ("192.0.2.7", ["https"], True),
        ("10.1.2.3", ["http"], False),
        ("10.1.2.3", ["https, http"], False),
        ("10.1.2.3", ["https", "http"], False),
        ("192.0.2.8", ["https"], False),
        ("", [], False),
        ("testclient", [], False),
    ],
)
def test_a_call_came_over_tls_where_a_listed_proxy_does_not_say_otherwise(
    peer: str, said: list[str], *, safe: bool
) -> None:
    assert secure(came(*said, peer=peer, name="x-forwarded-proto"), PROXY) is safe


def test_a_call_that_came_over_tls_to_this_server_needs_no_proxy() -> None:
    assert secure(came(scheme="https", peer="192.0.2.8"), PROXY)


def test_where_a_plan_lists_no_proxy_it_is_this_machine() -> None:
    assert Proxy.of(Plan()) == Proxy(HERE, None)
    assert Proxy.of(Plan(proxies=("10.0.0.1",), certificate_header="X")) == Proxy(("10.0.0.1",), "X")
    assert network("10.0.0.1/33") is None
    assert not Proxy(("nonsense",)).lists("10.0.0.1")


def test_from_where_a_call_comes_says_the_proxy_of_it_the_last() -> None:
    said = came("203.0.113.1, 198.51.100.2", name="x-forwarded-for")
    assert origin(said, PROXY) == "198.51.100.2"
    assert origin(said._replace(peer="11.0.0.1"), PROXY) == "11.0.0.1"
    assert origin(came(), PROXY) == "10.1.2.3"
