"""Who does not send the head of a request in time is hung up on; who does is answered, however long that takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.server import ServerState

from priorauth.server.connection import Connection
from priorauth.server.limits import Limits

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[float]]


class Quick(Connection):
    """One that waits a moment."""

    seconds: ClassVar[float] = 0.2


async def slow(request: Request) -> Response:
    """Read the body, think, answer."""
    await request.body()
    await asyncio.sleep(0.5)
    return Response(b"ok")


def talked(talk: Talk, seconds: float = 60) -> float:
    """Serve, and let a client talk; return what it says."""

    async def whole() -> float:
        app = Limits(Starlette(routes=[Route("/", slow, methods=["GET", "POST"])]), open_to_all=False, seconds=seconds)
        config = uvicorn.Config(app, http=Quick, lifespan="off", log_config=None)
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(lambda: Quick(config, state, {}), "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            found = await talk(reader, writer)
            writer.close()
            await writer.wait_closed()
        return found

    return asyncio.run(whole())


async def closed(reader: asyncio.StreamReader, begun: float) -> float:
    """Read to the end; return how long that took."""
    await asyncio.wait_for(reader.read(), 10)
    return time.perf_counter() - begun


def test_a_connection_on_which_nothing_comes_is_closed() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> float:
        del writer
        return await closed(reader, time.perf_counter())

    assert 0.15 < talked(talk) < 5


def test_a_head_that_drips_is_not_waited_for() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> float:
        begun, read = time.perf_counter(), asyncio.create_task(reader.read())
        writer.write(b"GET / HTTP/1.1\r\n")
        while not read.done() and time.perf_counter() - begun < 10:
            writer.write(b"X-Drip: a\r\n")
            await asyncio.sleep(0.05)
        assert await read == b""
        return time.perf_counter() - begun

    assert 0.15 < talked(talk) < 5


def test_what_is_answered_is_not_hurried_and_the_next_head_is_awaited_anew() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> float:
        for _ in range(2):
            writer.write(HEAD)
            assert (await asyncio.wait_for(reader.readuntil(b"ok"), 10)).startswith(b"HTTP/1.1 200")
        begun = time.perf_counter()
        writer.write(HEAD[:20])
        return await closed(reader, begun)

    assert 0.15 < talked(talk) < 5


def test_a_request_whose_body_drips_is_answered_408_and_hung_up_on() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> float:
        begun, read = time.perf_counter(), asyncio.create_task(reader.readline())
        writer.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")
        while not read.done() and time.perf_counter() - begun < 10:
            writer.write(b"x")
            await asyncio.sleep(0.05)
        assert (await read).startswith(b"HTTP/1.1 408")
        return time.perf_counter() - begun

    assert 0.25 < talked(talk, seconds=0.3) < 5
