"""Another provider, as real as a test needs it: it listens on this machine, has keys, and can be made to lie."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.servers import free_port

CLIENT = "priorauth"
SECRET = "a secret: of both"  # noqa: S105 - a test's


@dataclass
class Provider:
    """A provider. ``claims`` stand in every token beside those that have to; ``lies`` is laid over what it says."""

    now: datetime
    port: int = field(default_factory=free_port)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1", "alg": "ES256", "use": "sig"}))
    other: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1", "alg": "ES256"}))
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "subject-1"})
    lies: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._says),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _says(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        said = {name: f"{self.issuer}/{at}" for name, at in (
            ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "keys"),
        )}  # fmt: skip
        return JSONResponse({"issuer": self.issuer, **said, **self.lies.get("says", {})})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 303)

    async def _token(self, request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        user = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        asked = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        wanted = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or user != "priorauth:a%20secret%3A%20of%20both"
            or (wanted, sent["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"])
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(self.now.timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        claims |= self.claims | self.lies.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        signer = self.other if self.lies.get("key") else self.key
        token = jwt.encode({"alg": "ES256", "kid": "1"}, claims, signer)
        if self.lies.get("none"):
            unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            token = ".".join((unsigned, token.split(".")[1], ""))
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})

    async def _keys(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return JSONResponse(KeySet([self.key]).as_dict(private=False))


@contextmanager
def listening(found: Provider) -> Iterator[Provider]:
    """Let a provider listen."""
    config = uvicorn.Config(found.app(), port=found.port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield found
    finally:
        server.should_exit = True
        thread.join(10)
