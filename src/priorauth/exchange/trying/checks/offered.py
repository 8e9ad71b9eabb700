"""What CRD offers: the services that are listed, and what is prefetched for them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.session import HOOKS, NotApplicable, Session
from priorauth.exchange.trying.shapes import Json, objects, text

KNOWN: Final = frozenset({*HOOKS, "encounter-discharge"})
_TEMPLATE: Final = re.compile(r"\{\{[^{}]+\}\}|[A-Z][A-Za-z]+(/\{\{[^{}]+\}\}|\?\S.*)", re.DOTALL)
_TOKEN: Final = re.compile(r"\{\{([^{}]*)\}\}")
_ROOT: Final = re.compile(r"(%?context|user[A-Za-z]*|%[a-z]\w*)\b.*", re.DOTALL)
_VERSION: Final = "davinci-crd.version"
_OPTIONS: Final = "davinci-crd.configuration-options"
_PARTS: Final = ("code", "type", "name", "description", "default")


def _listed(s: Session) -> list[Json]:
    if not s.services:
        raise NotApplicable("no service is listed")
    return s.services


@check("discovery.answers")
def _answers(s: Session) -> str | None:
    found = s.discovery
    return None if found.status == 200 and s.services else found.said()  # noqa: PLR2004 - CDS Hooks


@check("discovery.services")
def _services(s: Session) -> str | None:
    listed = _listed(s)
    wrong = [f"{name} stands twice" for name, times in Counter(text(one, "id") for one in listed).items() if times > 1]
    for one in listed:
        named = text(one, "id") or "a service without id"
        if not text(one, "id") or not text(one, "description"):
            wrong.append(f"{named} lacks id or description")
        if text(one, "hook") not in KNOWN:
            wrong.append(f"{named} is of hook {text(one, 'hook')[:40]!r}")
    return "; ".join(wrong)


@check("discovery.primary")
def _primary(s: Session) -> str | None:
    hooks = [text(one, "hook") for one in _listed(s)]
    return None if "order-sign" in hooks else f"services of {', '.join(hooks)}"


@check("discovery.prefetch")
def _prefetch(s: Session) -> str | None:
    wrong = []
    for one in _listed(s):
        said = one.get("prefetch", {})
        if not isinstance(said, dict):
            wrong.append(f"{text(one, 'id')}: prefetch is no object")
            continue
        for key, template in said.items():
            tokens = _TOKEN.findall(template) if isinstance(template, str) else []
            whole = isinstance(template, str) and _TEMPLATE.fullmatch(template)
            if not whole or not all(_ROOT.fullmatch(token.strip()) for token in tokens):
                wrong.append(f"{text(one, 'id')}: {key}: {str(template)[:100]}")
    return "; ".join(wrong)


def _extension(service: Json, name: str) -> object:
    held = service.get("extension")
    return held.get(name) if isinstance(held, dict) else None


@check("discovery.version")
def _version(s: Session) -> str | None:
    wrong = []
    for one in _listed(s):
        said = _extension(one, _VERSION)
        if not (isinstance(said, list) and s.version in said) and said != s.version:
            wrong.append(f"{text(one, 'id')}: {said}")
    return "; ".join(wrong)


@check("discovery.options")
def _options(s: Session) -> str | None:
    wrong = []
    for one in _listed(s):
        said = _extension(one, _OPTIONS)
        if not isinstance(said, list) or not said:
            wrong.append(f"{text(one, 'id')}: no options")
            continue
        for option in objects({"each": said}, "each"):
            lacking = [name for name in _PARTS if name not in option]
            if lacking or option["type"] not in ("boolean", "integer"):
                wrong.append(f"{text(one, 'id')}: {option.get('code')}: lacks {', '.join(lacking) or 'a type'}")
    return "; ".join(wrong)
