"""That a form was sent by a page of ours: a token bound to the session, and what the browser says of where it is from.

The token is the HMAC of a secret that only the browser's cookie holds, so nothing of it is kept here. Before anybody
has signed in, the secret is that of a cookie made for the form.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from starlette.requests import Request

from priorauth.server.limits import OWN_SITE, from_own_page

FIELD: Final = "csrf"
"""The name of the field that bears the token in every form."""
HEADER: Final = "X-Csrf"
"""The header that bears it where a script asks."""


def of(secret: str) -> str:
    """Return the token of a secret."""
    return hmac.new(secret.encode(), b"priorauth csrf", hashlib.sha256).hexdigest()


def same(found: object, expected: str) -> bool:
    """Whether a value is the token that was expected."""
    return isinstance(found, str) and hmac.compare_digest(found.encode(), expected.encode())


def from_here(request: Request) -> bool:
    """Whether a browser that says where a request is from says that it is from a page of ours.

    A program that says neither is not a browser, and has no cookie that a page could misuse.
    """
    return request.headers.get("sec-fetch-site", OWN_SITE[0]) in OWN_SITE and from_own_page(request.headers)
