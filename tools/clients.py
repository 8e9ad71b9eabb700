"""Writes docs/exchange-clients.md and docs/exchange-checks.md: what clients of the field, and our own, find here.

python tools/clients.py           # needs Java, Maven, node and npm: see tests/exchange/clients
python tools/clients.py --check   # exit 1 where a page is stale
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from priorauth.exchange.trying import report  # noqa: E402 - the same
from priorauth.exchange.trying.found import Result  # noqa: E402 - the same
from priorauth.exchange.trying.run import run  # noqa: E402 - the same
from priorauth.ledger.schema import open_store  # noqa: E402 - the tests stand beside this folder, not in a package
from tests.exchange.clients import asking  # noqa: E402 - the same
from tests.exchange.trying import served  # noqa: E402 - the same

PAGE: Final = ROOT / "docs" / "exchange-clients.md"
CHECKS: Final = ROOT / "docs" / "exchange-checks.md"
HEAD: Final = """# Clients of the field

What clients that others wrote were answered, each in a session of its own with a closed server of ours: what it serves,
a request, an inquiry, the package of a form, and a request that is refused. Each answer stands as one line. The same
holds of an open server. Written by `python tools/clients.py`; tests/exchange/clients holds it.
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


def checks() -> Iterator[str]:
    """Yield the page of our own checks, part by part."""
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"sqlite:///{name}/ledger.db")
        with served.tried(store) as good:
            found = {version: list(run(good.session(version))) for version in ("2.2", "2.0")}
        store.close()
    counts = ", ".join(f"version {version}: {report.summary(some)}" for version, some in found.items())
    yield (
        "# What `priorauth exchange try` looks at\n\n"
        "Each check is one of a client of a payer's server, theirs or ours; `--only NAME` asks for one, or for a group "
        "(what stands before the dot). Beside it stands what it says of our server, closed, with a key and an address "
        f"to listen at: {counts}. Written by `python tools/clients.py`; tests/exchange/trying holds that each finds "
        "what it is for, with one thing spoiled in the answers of a good server.\n\n"
        "| check | expects | 2.2 | 2.0 |\n|---|---|---|---|\n"
    )
    for one, other in zip(found["2.2"], found["2.0"], strict=True):
        yield f"| `{one.name}` | {one.expected} | {_stand(one)} | {_stand(other)} |\n".replace("$", "\\$")


def _stand(one: Result) -> str:
    return one.stand if one.stand == "passed" else f"{one.stand}: {one.found}"


def main() -> int:
    """Write the pages, or say whether one is stale."""
    made = {PAGE: "".join(page()), CHECKS: "".join(checks())}
    if "--check" in sys.argv:
        return int(any(file.read_text("utf-8") != text for file, text in made.items()))
    for file, text in made.items():
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
