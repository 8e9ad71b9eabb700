"""Writes docs/exchange-clients.md: sessions of clients of the field with our server, as they went.

python tools/clients.py           # needs Java, Maven, node and npm: see tests/exchange/clients
python tools/clients.py --check   # exit 1 where the page is stale
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from priorauth.ledger.schema import open_store  # noqa: E402 - the tests stand beside this folder, not in a package
from tests.exchange.clients import asking  # noqa: E402 - the same

PAGE: Final = ROOT / "docs" / "exchange-clients.md"
HEAD: Final = """# Clients of the field

What clients that others wrote were answered, each in a session of its own with a closed server of ours: what it serves,
a request, an inquiry, the package of a form, and a request that is refused. Each answer stands as one line. The same
holds of an open server. Written by `python tools/clients.py`; tests/exchange/clients holds it, on every run of `.ci/run`.
"""
STRICT: Final = (
    "Its client puts each resource into a Parameters, and its parser is strict here: an answer that lacks a required "
    "element, or has one that R4 does not know, ends the session. The last two lines are java.net.http, which asks for "
    "HTTP/2 (`Upgrade: h2c`) over plain HTTP."
)
BARE: Final = "It sends the resource as it is."
CLIENTS: Final = (
    (asking.hapi, "HAPI FHIR 8.4.0, Java", STRICT),
    (asking.fhir_kit, "fhir-kit-client 2.0.3, JavaScript", BARE),
    (asking.fhirpy, "fhirpy 2.3, Python", BARE),
)


def page() -> Iterator[str]:
    """Yield the page, part by part."""
    yield HEAD
    for client, title, says in CLIENTS:
        yield f"\n## {title}\n\n{says}\n"
        for version in ("2.2", "2.0"):
            with tempfile.TemporaryDirectory() as name:
                store = open_store(f"sqlite:///{name}/ledger.db")
                with asking.closed(store, version) as door:
                    said = asking.transcript(client(door, Path(name)))
                store.close()
            yield f"\nVersion {version}:\n\n<!-- session: {client.__name__} {version} -->\n\n```text\n{said}```\n"


def main() -> int:
    """Write the page, or say whether it is stale."""
    made = "".join(page())
    if "--check" in sys.argv:
        return int(PAGE.read_text("utf-8") != made)
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
