"""One run against a server: who asks, where, with which case; each thing is asked once, and its answer kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from priorauth.exchange.trying import line
from priorauth.exchange.trying.case import Case
from priorauth.exchange.trying.line import FHIR, JSON, Answer
from priorauth.exchange.trying.listener import Listener
from priorauth.exchange.trying.shapes import COVERAGE, Json, extensions, objects, parts, resources, text
from priorauth.exchange.trying.signed import Client

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM: Final = "application/x-www-form-urlencoded"
SCOPES: Final = "system/Claim.cruds system/Questionnaire.rs system/ValueSet.rs system/Subscription.cruds"
OLD_SCOPES: Final = "system/*.read system/*.write"
HOOKS: Final = ("order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start")
PRIMARY: Final = frozenset({"order-sign", "order-dispatch", "appointment-book"})
_EARLY_SECONDS: Final = 30.0


class NotApplicable(Exception):
    """Why a check is not asked of this server."""


@dataclass(slots=True)
class Session:
    """A run. ``cds`` and ``fhir`` are addresses without a slash at the end; ``now`` gives seconds since 1970."""

    cds: str
    fhir: str
    version: str
    case: Case
    now: Callable[[], int]
    client: Client | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    listener: Listener | None = None
    wait: float = 0.0
    """How many seconds to wait for a notification, while somebody at the payer's decides the request."""
    tick: Callable[[], float] = perf_counter
    kept: dict[str, Any] = field(default_factory=dict)

    # ---- asking

    def once(self, name: str, made: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is kept
        """Return what is kept under a name; it is made the first time."""
        if name not in self.kept:
            self.kept[name] = made()
        return self.kept[name]

    def get(self, address: str, *, token: bool = True) -> Answer:
        """Ask for an address."""
        return line.ask("GET", address, headers={**self.headers, **(self.bearer() if token else {})})

    def delete(self, address: str) -> Answer:
        """Take away what is at an address."""
        return line.ask("DELETE", address, headers={**self.headers, **self.bearer()})

    def post(  # noqa: PLR0913 - a request has these parts
        self,
        address: str,
        body: object,
        *,
        media: str = FHIR,
        headers: Mapping[str, str] | None = None,
        token: bool = True,
        method: str = "POST",
    ) -> Answer:
        """Send JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {"Content-Type": media, **self.headers, **(self.bearer() if token else {}), **(headers or {})}
        return line.ask(method, address, headers=said, body=data)

    def operation(self, name: str, body: object, **more: Any) -> Answer:  # noqa: ANN401 - as post takes it
        """Call an operation of the FHIR server."""
        return self.post(f"{self.fhir}/{name}", body, **more)

    # ---- tokens

    @property
    def smart(self) -> Answer:
        """What the server says of how tokens are had."""
        found: Answer = self.once(
            "smart", lambda: self.get(f"{self.fhir}/.well-known/smart-configuration", token=False)
        )
        return found

    @property
    def signing(self) -> Client:
        """The client that signs; not applicable where no key was given."""
        if self.client is None:
            raise NotApplicable("no client and key were given")
        return self.client

    def asked(self, assertion: str, scope: str = SCOPES, **other: str) -> Answer:
        """Ask for a token with an assertion."""
        at = text(self.smart.resource, "token_endpoint")
        if not at:
            raise NotApplicable("the server names no token endpoint")
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "scope": scope}
        said = urlencode({**form, "client_assertion": assertion, **other}).encode()
        return line.ask("POST", at, headers={"Content-Type": FORM, **self.headers}, body=said)

    @property
    def granted(self) -> Answer:
        """The answer to the first question for a token."""
        at = text(self.smart.resource, "token_endpoint")
        found: Answer = self.once("granted", lambda: self.asked(self.signing.assertion(at, self.now())))
        return found

    def bearer(self) -> dict[str, str]:
        """Return the header that bears an access token; none where no key was given."""
        if self.client is None:
            return {}
        kept = self.kept.get("token")
        if kept is None or self.tick() > kept[1]:
            try:
                at = text(self.smart.resource, "token_endpoint")
                found = self.granted if kept is None else self.asked(self.client.assertion(at, self.now()))
            except NotApplicable:
                return {}
            lasts = found.resource.get("expires_in")
            seconds = float(lasts) if isinstance(lasts, int | float) else _EARLY_SECONDS
            kept = (text(found.resource, "access_token"), self.tick() + max(seconds - _EARLY_SECONDS, 1.0))
            self.kept["token"] = kept
        return {"Authorization": f"Bearer {kept[0]}"} if kept[0] else {}

    # ---- hooks

    @property
    def discovery(self) -> Answer:
        """The services of CDS Hooks."""
        found: Answer = self.once("discovery", lambda: self.get(self.cds, token=False))
        return found

    @property
    def services(self) -> list[Json]:
        """The services that are listed."""
        return objects(self.discovery.json, "services")

    def service(self, hook: str) -> Json:
        """Return the service of a hook; not applicable where none is listed."""
        for one in self.services:
            if one.get("hook") == hook and text(one, "id"):
                return one
        raise NotApplicable(f"no service of {hook} is listed")

    def call(self, hook: str) -> Json:
        """Return a whole call of a hook."""
        said = self.service(hook).get("prefetch")
        prefetch = (
            {key: value for key, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}
        )
        made = self.case.hook(hook, prefetch, str(uuid4()))
        assert made is not None  # noqa: S101 - hooks that are tried have a call
        return {**made, **self._chart()}

    def _chart(self) -> Json:
        """Return what says where the chart may be asked, with which token."""
        if self.listener is None:
            return {}
        self.listener.chart = self.case.fetched
        token = {"access_token": self.listener.token, "token_type": "Bearer", "expires_in": 300}
        said = {**token, "scope": "patient/*.read", "subject": "payer"}
        return {"fhirServer": self.listener.fhir, "fhirAuthorization": said}

    def send(self, hook: str, body: object, path: str = "") -> Answer:
        """Send a body to the service of a hook, with a token of its own where there is a key."""
        at = f"{self.cds}/{text(self.service(hook), 'id')}{path}"
        token = {} if self.client is None else {"Authorization": f"Bearer {self.client.hook(at, self.now())}"}
        return self.post(at, body, media=JSON, headers=token, token=False)

    def hooked(self, hook: str) -> Answer:
        """Return the answer to a whole call of a hook."""
        self.service(hook)
        found: Answer = self.once(f"hook {hook}", lambda: self.send(hook, self.sent(hook)))
        return found

    def sent(self, hook: str) -> Json:
        """Return the call that was made of a hook."""
        found: Json = self.once(f"sent {hook}", lambda: self.call(hook))
        return found

    def answered(self) -> list[tuple[str, Json]]:
        """Return hook and answer of every service that is listed and answered as it should."""
        found = []
        for hook in HOOKS:
            try:
                answer = self.hooked(hook)
            except NotApplicable:
                continue
            if answer.ok and answer.resource:
                found.append((hook, answer.resource))
        if not found:
            raise NotApplicable("no hook has answered")
        return found

    def actions(self) -> list[tuple[str, Json]]:
        """Return hook and action of every change of a system that is answered."""
        return [(hook, one) for hook, body in self.answered() for one in objects(body, "systemActions")]

    def coverages(self) -> list[tuple[str, Json]]:
        """Return hook and coverage-information of every action; not applicable where there is none."""
        found = [(hook, one) for hook, action in self.actions() for one in extensions(action.get("resource"), COVERAGE)]
        if not found:
            raise NotApplicable("no answer has a coverage-information")
        return found

    @property
    def assertion(self) -> str:
        """The id of a coverage-information, which is the context of a form."""
        for _, one in self.coverages():
            for value in parts(one, "coverage-assertion-id"):
                if isinstance(value, str):
                    return value
        raise NotApplicable("no coverage-information has an id")

    # ---- forms

    def package(self, **by: Any) -> Answer:  # noqa: ANN401 - as the case takes it
        """Return the answer to a question for a package."""
        name = "package " + json.dumps(by, sort_keys=True)
        found: Answer = self.once(
            name, lambda: self.operation("Questionnaire/$questionnaire-package", self.case.package(**by))
        )
        return found

    @property
    def packaged(self) -> list[Json]:
        """The Bundles of the package of the order; not applicable where none came."""
        found = bundles(self.package(order=True))
        if not found:
            raise NotApplicable("no package came for the order")
        return found

    @property
    def in_context(self) -> list[Json]:
        """The Bundles of the package of a hook's answer that names a form; none where no answer does."""
        try:
            found = self.coverages()
        except NotApplicable:
            return []
        for _, one in found:
            ids = [value for value in parts(one, "coverage-assertion-id") if isinstance(value, str)]
            if ids and parts(one, "questionnaire"):
                return bundles(self.package(context=ids[0]))
        return []

    def forms(self) -> list[Json]:
        """Return the Questionnaires of the packages."""
        return [one for bundle in self.packaged for one in resources(bundle, "Questionnaire")]

    # ---- requests

    @property
    def request(self) -> Json:
        """The request that is sent."""
        found: Json = self.once("request", self.case.request)
        return found

    @property
    def submitted(self) -> Answer:
        """The answer to the request."""
        found: Answer = self.once("submitted", lambda: self.operation("Claim/$submit", self.request))
        return found

    @property
    def response(self) -> Json:
        """The first ClaimResponse of the answer; not applicable where there is none."""
        found = resources(self.submitted.json, "ClaimResponse")
        if not self.submitted.ok or not found:
            raise NotApplicable("the request was not answered with a ClaimResponse")
        return found[0]

    @property
    def inquired(self) -> Answer:
        """The answer to an inquiry after the request."""
        if not self.submitted.ok:
            raise NotApplicable("the request was not answered")
        found: Answer = self.once("inquired", lambda: self.operation("Claim/$inquire", self.case.inquiry(str(uuid4()))))
        return found

    @property
    def listening(self) -> Listener:
        """Our own endpoint; not applicable where none was opened."""
        if self.listener is None:
            raise NotApplicable("no address to listen at was given")
        return self.listener


def bundles(answer: Answer) -> list[Json]:
    """Return the response Bundles of an answer: itself, or those that its Parameters hold."""
    body = answer.resource
    if body.get("resourceType") == "Bundle":
        return [body]
    held = [one.get("resource") for one in objects(body, "parameter")]
    return [one for one in held if isinstance(one, dict) and one.get("resourceType") == "Bundle"]
