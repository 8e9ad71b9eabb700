"""Who signs gives her password or passkey again, once for each signature."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.requests import Request

from priorauth.server.service import Service, reading
from priorauth.workbench.signin import accounts, limits, people, sessions
from priorauth.workbench.signin.sessions import Session

PASSWORD: Final = "password"  # noqa: S105 - the name of a field
"""The field in which she types it."""
_WRONG: Final = "The password is wrong. After several wrong ones in a row you have to wait a while."
_NEEDED: Final = "Type your password again, or use your passkey, to sign."


def unproved(request: Request, session: Session, password: str, now: datetime) -> str | None:
    """Use up a fresh proof of who she is, for one signature; return what she is told where there is none.

    The proof is the password that came with the form, else the passkey that she used within the last minutes. Where
    the server is open nobody proves who she is, and nothing is asked.
    """
    service: Service = request.app.state.service
    store = service.stores[session.tenant]
    if service.open:
        return None
    with reading():
        if password:
            with store.reading(session.tenant) as connection:
                of = people.plan(connection, session.tenant)
            whence = None if of is None else limits.address(request, of)
            if not accounts.again(store, session, password, whence, now):
                return _WRONG
        return None if sessions.confirmed(store, session, now) else _NEEDED
