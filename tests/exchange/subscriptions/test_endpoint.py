"""Where a partner may be told: of the internet, or listed; and nothing leads anywhere else."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange import outward
from priorauth.exchange.plan import Partner
from priorauth.exchange.subscriptions import endpoint
from priorauth.exchange.wire import Fault
from tests.exchange.subscriptions.listening import listening

INSIDE = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0",  # noqa: S104
    "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "2852039166",
    "0xa9fea9fe", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[0:0:0:0:0:ffff:10.0.0.1]",
    "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]", "[2001:db8::1]",
    "[::127.0.0.1]", "localhost", "LOCALHOST", "a.localhost", "localhost.", "metadata.google.internal", "printer.local",
)  # fmt: skip


def allowed(address: object, *listed: str) -> str:
    return endpoint.allowed(address, Partner(endpoints=listed))


def refused(address: object, *listed: str) -> Fault:
    with pytest.raises(Fault) as fault:
        allowed(address, *listed)
    return fault.value


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_address_inside_is_refused_however_it_is_spelled(scheme: str, host: str) -> None:
    fault = refused(f"{scheme}://{host}/told")
    assert (fault.status, fault.at) == (422, ("Subscription.channel.endpoint",))


@pytest.mark.parametrize(
    "address",
    ["http://ehr.example.org/told", "ftp://ehr.example.org/", "file:///etc/passwd", "gopher://x/", "//ehr.example.org",
     "https://", "https:///told", "https://user@ehr.example.org/", "https://a:b@ehr.example.org/", "ehr.example.org",
     "https://ehr.example.org/#a", "https://ehr.example.org\\@127.0.0.1/", "https://ehr.example.org/a b",
     "https://ehr.example.org:99999/", "https://ehr.example.org/\r\nX: 1", "https://ehr.ex\u00e4mple.org/",
     "https://[::1", "https://ehr.example.org/" + "a" * 3000, "https://1.2.3.4.5/", "https://08.1.1.1/", 7, None, ""],
)  # fmt: skip
def test_what_is_no_address_of_the_web_over_tls_is_refused(address: object) -> None:
    assert refused(address).status == 422


@pytest.mark.parametrize(
    "address", ["https://ehr.example.org/told?x=1", "https://8.8.8.8:8443/", "https://[2606:4700::1111]/"]
)
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert allowed(address) == address


def test_what_is_listed_may_be_inside_and_then_nothing_else_is_told() -> None:
    listed = ("http://127.0.0.1:4567/custom", "https://10.0.0.7")
    assert allowed("http://127.0.0.1:4567/custom/listener", *listed)
    assert allowed("https://10.0.0.7/any/where", *listed)
    assert allowed("https://10.0.0.7:443/", *listed)
    for other in ("http://127.0.0.1:4568/custom/", "http://127.0.0.1:4567/customer", "http://127.0.0.1:4567/",
                  "https://10.0.0.7.example.org/", "https://10.0.0.8/", "https://10.0.0.7:8443/", "http://10.0.0.7/",
                  "https://ehr.example.org/", "http://127.0.0.1:4567/custom/../admin",
                  "http://127.0.0.1:4567/custom/%2e%2e/admin"):  # fmt: skip
        assert refused(other, *listed).status == 422


def test_where_nobody_is_asked_who_he_is_this_machine_may_be_told_and_no_other_inside() -> None:
    assert endpoint.allowed("http://localhost:4567/x", Partner(), anyone=True)
    for other in ("https://10.0.0.1/", "https://169.254.169.254/latest", "http://ehr.example.org/"):
        with pytest.raises(Fault):
            endpoint.allowed(other, Partner(), anyone=True)


@given(
    st.integers(0, 2**32 - 1), st.sampled_from(["dotted", "whole", "hex", "octal", "mapped", "short", "nat64", "6to4"])
)
def test_every_spelling_of_an_address_is_judged_as_the_address(number: int, spelling: str) -> None:
    address = ipaddress.IPv4Address(number)
    parts = address.packed
    said = {
        "dotted": str(address), "whole": str(number), "hex": hex(number),
        "octal": ".".join(f"0{part:o}" for part in parts), "mapped": f"[::ffff:{address}]",
        "short": f"{parts[0]}.{number & 0xFFFFFF}", "nat64": f"[64:ff9b::{address}]",
        "6to4": f"[2002:{parts[0]:02x}{parts[1]:02x}:{parts[2]:02x}{parts[3]:02x}::1]",
    }[spelling]  # fmt: skip
    inside = not address.is_global or address.is_multicast
    try:
        allowed(f"https://{said}/told")
    except Fault:
        assert inside or spelling in ("nat64", "6to4")
    else:
        assert not inside
        assert spelling not in ("nat64", "6to4")


def told(address: str, private: Sequence[str] = ("127.0.0.1",), seconds: float = 5.0, **more: outward.Resolve) -> None:
    endpoint.tell(
        address, b"{}", media="application/fhir+json", headers={"X-One": "1"}, private=private, seconds=seconds, **more
    )


def test_what_is_sent_has_its_headers_and_what_is_answered_is_not_read() -> None:
    with listening() as hook:
        hook.says = 40_000_000
        start = time.perf_counter()
        told(hook.url)
        assert time.perf_counter() - start < 2
        assert hook.came[0].headers["x-one"] == "1"
        assert hook.came[0].headers["content-type"] == "application/fhir+json"


@pytest.mark.parametrize("answer", [300, 301, 302, 307, 308, 400, 401, 404, 500, 503])
def test_only_2xx_is_taken_and_no_redirect_is_followed(answer: int) -> None:
    with listening() as hook, listening() as other:
        hook.answer, hook.to = answer, other.url
        with pytest.raises(endpoint.NotTaken, match="answered"):
            told(hook.url)
        assert (len(hook.came), len(other.came)) == (1, 0)


def test_an_endpoint_that_hangs_is_left_after_its_time() -> None:
    with listening() as hook:
        hook.seconds = 3
        start = time.perf_counter()
        with pytest.raises(endpoint.NotTaken, match=r"within 0\.3 seconds"):
            told(hook.url, seconds=0.3)
        assert time.perf_counter() - start < 2


def test_an_endpoint_that_drips_is_left_after_its_time() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        over = threading.Event()

        def drip() -> None:
            taken, _ = held.accept()
            with taken, suppress(OSError):
                while not over.wait(0.05):
                    taken.send(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        start = time.perf_counter()
        with pytest.raises(endpoint.NotTaken, match=r"within 0\.3 seconds|no HTTP"):
            told(f"http://127.0.0.1:{held.getsockname()[1]}/", seconds=0.3)
        over.set()
        thread.join()
        assert time.perf_counter() - start < 2


def test_nobody_there_is_said_without_what_was_sent() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    with pytest.raises(endpoint.NotTaken, match="could not be reached"):
        told(f"http://127.0.0.1:{port}/")


def answering(*addresses: str) -> tuple[outward.Resolve, list[str]]:
    """A resolver that answers each of these in turn, and what it was asked."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return [addresses[min(len(asked), len(addresses)) - 1]]

    return resolve, asked


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_inside_is_not_asked(inside: str) -> None:
    resolve, asked = answering(inside)
    with pytest.raises(endpoint.NotTaken, match="not public"):
        told("https://ehr.example.org/", private=(), resolve=resolve)
    assert asked == ["ehr.example.org"]


def test_a_name_that_is_public_when_it_is_looked_up_and_inside_a_moment_later_is_looked_up_once() -> None:
    """DNS rebinding: the connection goes to the address that was judged."""
    with listening() as hook:
        port = hook.server_port
        resolve, asked = answering("203.0.113.7", "127.0.0.1")
        with pytest.raises(endpoint.NotTaken):
            told(f"https://rebinding.example.org:{port}/", private=(), resolve=resolve, seconds=0.3)
        assert asked == ["rebinding.example.org"]
        assert hook.came == []


def test_a_host_with_one_address_inside_is_not_asked_at_the_other() -> None:
    async def both(host: str, port: int) -> list[str]:
        del host, port
        return ["8.8.8.8", "192.168.0.1"]

    with pytest.raises(endpoint.NotTaken, match="not public"):
        told("https://ehr.example.org/", private=(), resolve=both)


def test_a_listed_host_is_asked_at_the_first_address_that_takes_it() -> None:
    async def both(host: str, port: int) -> list[str]:
        del host, port
        return ["::1", "127.0.0.1"]

    with listening() as hook:
        told(f"http://localhost:{hook.server_port}/told", private=("localhost",), resolve=both)
        assert len(hook.came) == 1
