"""Limits: how large, how slow, for which host, how often."""

from __future__ import annotations

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from priorauth.server.limits import MOST_BODY, Buckets, Limits
from tests.server.running import FHIR, Running


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(served: Running) -> None:
    headers = {**FHIR, "Content-Length": str(MOST_BODY + 1)}
    found = served.client.post("/api/v1/cases", content=b"{}", headers=headers)
    assert found.status_code == 413
    assert found.headers["Content-Type"] == "application/problem+json"


def test_a_person_reads_a_page_where_what_she_sends_is_too_large(served: Running) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Content-Length": str(MOST_BODY + 1)}
    found = served.client.post("/c/26-0001/documents", content=b"", headers=headers)
    assert (found.status_code, found.headers["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "<h1>The request is too large</h1>" in found.text
    assert "Expected at most 26,214,400 bytes." in found.text


def test_a_body_that_does_not_say_how_large_it_is_is_cut_at_the_limit(served: Running) -> None:
    part = b"x" * 1_000_000

    def endless() -> object:
        for _ in range(MOST_BODY // len(part) + 2):
            yield part

    found = served.client.post("/api/v1/cases", content=endless(), headers=FHIR)  # type: ignore[arg-type]
    assert found.status_code == 413


def test_a_body_that_never_comes_is_given_up() -> None:
    async def silent() -> Message:
        await asyncio.sleep(60)
        return {}

    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, send
        await receive()

    async def asked() -> None:
        limits = Limits(reads, open_to_all=False, seconds=0.01)

        async def send(message: Message) -> None:
            del message

        await limits({"type": "http", "headers": []}, silent, send)

    with pytest.raises(HTTPException) as fault:
        asyncio.run(asked())
    assert fault.value.status_code == 408


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1"])
def test_an_open_server_answers_to_the_names_of_this_machine_alone(served: Running, host: str) -> None:
    assert served.client.get("/healthz", headers={"Host": host}).status_code == 421


def test_an_open_server_answers_no_page_of_another_site(served: Running) -> None:
    elsewhere = {"Origin": "https://evil.example"}
    assert served.client.get("/api/v1/cases", headers=elsewhere).status_code == 421
    assert served.client.get("/api/v1/cases", headers={"Origin": "http://localhost"}).status_code == 200
    for site, status in (("same-origin", 200), ("cross-site", 421), ("same-site", 421)):
        hidden = {"Origin": "null", "Sec-Fetch-Site": site}  # of a page that sends no referrer, as ours
        assert served.client.get("/api/v1/cases", headers=hidden).status_code == status
    assert served.client.get("/api/v1/cases", headers={"Origin": "null"}).status_code == 421


def test_a_closed_server_may_have_any_name(closed: Running) -> None:
    assert closed.client.get("/healthz", headers={"Host": "plan.example"}).status_code == 200


def test_a_bucket_gives_so_many_at_once_and_then_so_many_a_second() -> None:
    now = [0.0]
    buckets = Buckets(rate=2, burst=3, tick=lambda: now[0])
    assert [buckets.take("one") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("another") == 0
    now[0] = 0.5
    assert buckets.take("one") == 0
    assert buckets.take("one") > 0
    now[0] = 86_400.0  # a day of silence fills a bucket once, and no more
    assert [buckets.take("one") for _ in range(4)] == [0, 0, 0, 0.5]


def test_buckets_do_not_grow_without_end() -> None:
    buckets = Buckets(rate=1, burst=1, tick=lambda: 0.0)
    for number in range(20_000):
        buckets.take(str(number))
    assert len(buckets.left) == 10_000


def test_who_asks_too_often_is_told_when_to_come_back(served: Running) -> None:
    served.service.buckets = Buckets(rate=0.5, burst=1, tick=lambda: 0.0)  # a clock that a busy machine does not move
    assert served.get("/api/v1/cases").status_code == 200
    found = served.get("/api/v1/cases")
    assert found.status_code == 429
    assert found.headers["Retry-After"] == "2"
