"""What is asked of addresses that partners name: over TLS, of public ones, whole, small and soon, or not at all."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from priorauth.exchange import outward
from priorauth.exchange.outward import Unreachable

HERE = ("localhost", "127.0.0.1")
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def there(
    answer: Callable[[socket.socket], object] | bytes,
    tls: ssl.SSLContext | None = None,
    came: list[bytes] | None = None,
) -> Iterator[int]:
    """Let something listen on this machine and answer each connection; yield its port. ``came``: what it was sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def one() -> None:
            while True:
                try:
                    plain, _ = server.accept()
                except OSError:
                    return
                with suppress(OSError), tls.wrap_socket(plain, server_side=True) if tls else plain as found:
                    said = found.recv(65_536)
                    if came is not None:
                        came.append(said)
                    if isinstance(answer, bytes):
                        found.sendall(answer)
                    else:
                        answer(found)

        thread = threading.Thread(target=one, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def asked(address: str, private: tuple[str, ...] = HERE, **more: float) -> outward.Answer:
    return asyncio.run(outward.ask("GET", address, private=private, **more))  # type: ignore[arg-type] # seconds and bytes


def test_a_listed_host_of_this_machine_may_be_asked_without_tls() -> None:
    with there(OK) as port:
        found = asked(f"http://127.0.0.1:{port}/jwks?a=b")
        assert (found.status, found.body, found.headers["content-type"]) == (200, b"{}", "application/json")


def test_a_body_and_headers_are_sent_as_they_are() -> None:
    came: list[bytes] = []
    with there(OK, came=came) as port:
        headers = {"Authorization": "Bearer abc", "Content-Type": "application/fhir+json"}
        sent = outward.ask("POST", f"http://127.0.0.1:{port}/a?b", headers=headers, body=b"hello", private=HERE)
        assert asyncio.run(sent).status == 200
    (said,) = came
    assert said.startswith(b"POST /a?b HTTP/1.1\r\n")
    assert b"Authorization: Bearer abc\r\n" in said
    assert said.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize(
    "address",
    [
        None, 7, "", "jwks", "http://ehr.example/jwks", "ftp://ehr.example/a", "file:///etc/passwd", "https:///a",
        "https://me:secret@ehr.example/a", "https://ehr.example/#a", "https://ehr.example/a b", "https://[ehr/a",
        "https://ehr.example:99999/", "https://ehr.example/\n", "https://é.example/",
        f"https://ehr.example/{'a' * 2048}",
        "http://localhost/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_over_tls_or_names_more_than_a_place_is_not_asked(address: object) -> None:
    with pytest.raises(Unreachable, match="https"):
        outward.checked(address)
    with pytest.raises(Unreachable, match="https"):
        outward.checked("http://ehr.example/", private=("ehr.example",))
    assert outward.checked("https://ehr.example:8443/a?b=c").hostname == "ehr.example"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - an address, not what is listened at
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_internet_is_not_public(address: str) -> None:
    assert not outward.is_public(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Unreachable, match="not public"):
        asked(f"https://{host}/", private=())


def test_an_address_of_the_internet_is_public() -> None:
    for address in ("8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"):
        assert outward.is_public(ipaddress.ip_address(address))


def test_a_host_with_one_address_within_the_house_is_not_asked_at_its_others() -> None:
    for addresses in (["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"]):
        with pytest.raises(Unreachable, match="not public"):
            outward.allowed("ehr.example", addresses, ())
        assert outward.allowed("ehr.example", addresses, ("ehr.example",)) == list(dict.fromkeys(addresses))
    assert outward.allowed("ehr.example", ["8.8.8.8", "9.9.9.9"], ()) == ["8.8.8.8", "9.9.9.9"]


def test_a_name_that_leads_to_this_machine_is_not_public() -> None:
    with pytest.raises(Unreachable, match="not public"):
        asked("https://localhost/", private=())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "no HTTP"),
        (b"hello\r\n\r\n", "no HTTP"),
        (b"", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (outward.MOST + 1), "more than 262,144 bytes"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "no HTTP"),
    ],
)
def test_what_is_no_answer_or_too_long_is_refused(answer: bytes, said: str) -> None:
    with there(answer) as port, pytest.raises(Unreachable, match=said):
        asked(f"http://127.0.0.1:{port}/")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asks: list[int] = []

    def answer(found: socket.socket) -> None:
        asks.append(1)
        found.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")

    with there(answer) as port:
        assert asked(f"http://127.0.0.1:{port}/").status == 302
    assert len(asks) == 1


def test_who_answers_slowly_is_left_at_the_end_of_the_time() -> None:
    def drip(found: socket.socket) -> None:
        for _ in range(100):
            found.sendall(b"H")
            threading.Event().wait(0.05)

    begun = perf_counter()
    with there(drip) as port, pytest.raises(Unreachable, match=r"within 0\.3 seconds"):
        asked(f"http://127.0.0.1:{port}/", seconds=0.3)
    assert perf_counter() - begun < 3


def test_who_is_not_there_is_said_not_to_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable, match="could not be reached"):
        asked(f"http://127.0.0.1:{port}/")
    with pytest.raises(Unreachable, match="could not be reached"):
        asked("https://not-there.invalid/")


def test_a_header_of_two_lines_is_not_sent() -> None:
    with there(OK) as port, pytest.raises(Unreachable, match="headers"):
        asyncio.run(outward.ask("GET", f"http://127.0.0.1:{port}/", headers={"A": "b\r\nC: d"}, private=HERE))


def _tls(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Return what serves TLS with a certificate for a name, and the file of that certificate."""
    own = ec.generate_private_key(ec.SECP256R1())
    called, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)  # noqa: TID251 - TLS looks at the clock
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(own, hashes.SHA256())
    )
    file, secret = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


def test_a_certificate_has_to_be_of_the_host_and_of_a_trusted_signer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, signer = _tls(tmp_path, "localhost")
    other, second = _tls(tmp_path, "elsewhere.example")
    with there(OK, good) as port:
        with pytest.raises(Unreachable, match="no certificate that holds"):
            asked(f"https://localhost:{port}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(signer))
        assert asked(f"https://localhost:{port}/").body == b"{}"
    with there(OK, other) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(second))
        with pytest.raises(Unreachable, match="no certificate that holds"):
            asked(f"https://localhost:{port}/")
