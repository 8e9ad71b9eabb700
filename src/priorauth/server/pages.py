"""The plain pages: what runs here, and the description of the interface. They ask nothing of another host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import priorauth

_HERE: Final = Path(__file__).with_name("pages")
_PAGES: Final = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def style() -> bytes:
    """Return the style sheet."""
    return (_HERE / "plain.css").read_bytes()


def first(*, anybody: bool, tenants: Mapping[str, str]) -> str:
    """Return the first page; ``anybody``: nobody is asked for a token, and ``tenants`` are named."""
    return _PAGES.get_template("first.html").render(
        version=priorauth.__version__, anybody=anybody, tenants=tenants if anybody else {}
    )


def wanted(headers: Mapping[str, str]) -> bool:
    """Whether a person asks, with a browser: it says that it takes pages."""
    return "text/html" in headers.get("accept", "")


def trouble(title: str, detail: str) -> str:
    """Return the page that says to a person what is not done, where no page of a group of them does."""
    return _PAGES.get_template("trouble.html").render(title=title, detail=detail)


def described(api: Mapping[str, Any]) -> str:
    """Return the page that shows the description of the interface."""
    return _PAGES.get_template("api.html").render(
        info=api["info"], groups=_groups(api), schemas=dict(_schemas(api)), base=api["servers"][0]["url"]
    )


def _groups(api: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in api["paths"].items():
        for method, said in methods.items():
            body = said.get("requestBody", {}).get("content", {})
            row = {
                "method": method.upper(),
                "path": path,
                "id": said["operationId"],
                "says": said["summary"],
                "parameters": said.get("parameters", ()),
                "body": [(media, kind_of(one["schema"])) for media, one in body.items()],
                "answers": sorted(said["responses"]),
            }
            found.setdefault(said["tags"][0], []).append(row)
    return found


def _schemas(api: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in sorted(api["components"]["schemas"].items()):
        needed = schema.get("required", ())
        fields = [
            (field, kind_of(one), field in needed, one.get("description", ""))
            for field, one in schema.get("properties", {}).items()
        ]
        yield name, {"says": schema.get("description", ""), "fields": fields}


def kind_of(schema: Mapping[str, Any]) -> str:
    """Return the type of a value in a few words; a name that begins with # is of a schema on the page."""
    match schema:
        case {"$ref": str(name)}:
            return f"#{name.rpartition('/')[2]}"
        case {"anyOf": list(parts)}:
            return " or ".join(map(kind_of, parts))
        case {"enum": list(words)}:
            return " | ".join(map(str, words))
        case {"type": "array", "items": one}:
            return f"list of {kind_of(one)}"
        case {"type": str(kind)}:
            return str(schema.get("format") or schema.get("contentEncoding") or kind)
        case {"type": list(kinds)}:
            return " or ".join(kinds)
        case _:
            return "anything"
