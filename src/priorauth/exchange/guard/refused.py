"""Why a caller is not let in: a status, a code of OAuth, one sentence. Nothing of the token is in it."""

from __future__ import annotations

from typing import Final, Literal

Code = Literal[
    "invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type", "invalid_token",
    "insufficient_scope", "slow_down",
]  # fmt: skip
STATUS: Final[dict[Code, int]] = {
    "invalid_request": 400,
    "invalid_client": 401,
    "invalid_scope": 400,
    "unsupported_grant_type": 400,
    "invalid_token": 401,
    "insufficient_scope": 403,
    "slow_down": 429,
}


class NotAdmitted(Exception):
    """A caller who is not let in; ``scope``: what would have been enough; ``wait``: seconds until it may ask again."""

    def __init__(self, code: Code, why: str, *, scope: str | None = None, wait: float = 0) -> None:
        """Keep what is said."""
        super().__init__(why)
        self.code: Code = code
        self.why, self.scope, self.wait = why, scope, wait

    @property
    def status(self) -> int:
        """The status of the answer."""
        return STATUS[self.code]
