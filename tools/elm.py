"""Build the libraries that fill in forms: their CQL from the vocabulary, and the ELM of it by the official translator.

    python tools/elm.py            write src/priorauth/export/elm/*.cql and *.json anew (needs node and tests/peers/cql)
    python tools/elm.py --check    say which are stale, and change nothing; needs no node

Each file of ELM bears the hash of its CQL, so that one made from other CQL is found.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from priorauth.export import prefill
from priorauth.policy.catalog import open_catalog

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "src" / "priorauth" / "export" / "elm"
PEER = ROOT / "tests" / "peers" / "cql"
HASH = "cql-sha256"
EMPTY = frozenset(
    {"annotation", "signature", "include", "codeFilter", "dateFilter", "otherFilter", "let", "relationship"}
)


def digest(text: str) -> str:
    """Return the hash of a library's CQL."""
    return hashlib.sha256(text.encode()).hexdigest()


def marked(elm: dict[str, object], text: str) -> dict[str, object]:
    """Return ELM with the hash of its CQL in the place of the translator's own notes."""
    library = _bare(elm["library"])
    library["annotation"] = [{"type": "Annotation", "t": [{"name": HASH, "value": digest(text)}]}]
    return {"library": library}


def _bare(part: object) -> Any:
    """Return ELM without the empty lists that say nothing, a third of its size."""
    if isinstance(part, list):
        return [_bare(one) for one in part]
    if isinstance(part, dict):
        return {name: _bare(one) for name, one in part.items() if not (one == [] and name in EMPTY)}
    return part


def hash_of(path: Path) -> str | None:
    """Return the hash of the CQL from which a file of ELM was made; None where it says none."""
    try:
        notes = json.loads(path.read_text("utf-8"))["library"]["annotation"]
        return next(str(tag["value"]) for note in notes for tag in note.get("t", ()) if tag["name"] == HASH)
    except (OSError, KeyError, ValueError, StopIteration):
        return None


def stale(texts: dict[str, str]) -> list[str]:
    """Name the files that are not what the vocabulary makes, with those that nothing makes."""
    found = []
    for name, text in texts.items():
        cql = FOLDER / f"{name}.cql"
        if not cql.is_file() or cql.read_text("utf-8") != text:
            found.append(cql.name)
        if hash_of(FOLDER / f"{name}.json") != digest(text):
            found.append(f"{name}.json")
    known = {f"{name}.{end}" for name in texts for end in ("cql", "json")}
    return found + sorted(path.name for path in FOLDER.glob("*.*") if path.name not in known)


def build(texts: dict[str, str]) -> None:
    """Write every library and its ELM."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / f"{name}.cql").write_text(text, "utf-8")
        subprocess.run(["node", str(PEER / "translate.mjs"), folder], check=True)
        FOLDER.mkdir(exist_ok=True)
        for path in FOLDER.glob("*.*"):
            path.unlink()
        for name, text in texts.items():
            elm = marked(json.loads((Path(folder) / f"{name}.json").read_text("utf-8")), text)
            (FOLDER / f"{name}.cql").write_text(text, "utf-8")
            (FOLDER / f"{name}.json").write_text(json.dumps(elm, separators=(",", ":")) + "\n", "utf-8")


def main(arguments: list[str]) -> int:
    """Build, or check."""
    texts = prefill.texts(open_catalog())
    if "--check" in arguments:
        found = stale(texts)
        for name in found:
            print(f"{name} is stale: run python tools/elm.py")
        return 1 if found else 0
    build(texts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
