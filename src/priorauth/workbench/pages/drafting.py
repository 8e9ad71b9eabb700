"""A request as a task list, section by section, by whoever of the practice has time; and sending it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, structs
from starlette.responses import Response

from priorauth.errors import InputRefused
from priorauth.ledger import compose, runs
from priorauth.ledger.acts.again import Reauthorize
from priorauth.ledger.acts.files import FileDocument
from priorauth.ledger.acts.intake import Receive
from priorauth.server.api.shapes import own_key
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.drafts import again, answers, bundle, check, draft, fields, letters, near
from priorauth.workbench.drafts.check import Checked
from priorauth.workbench.drafts.draft import Draft, FileKind, Stale
from priorauth.workbench.forms import Form
from priorauth.workbench.pages.check import at, offered, paper, with_files, with_offers
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit, form, page

FILES: Final[dict[str, tuple[str, tuple[FileKind, ...], str]]] = {
    "record": ("Record", ("request", "resources"), "FHIR resources of the chart: results, conditions, orders, visits."),
    "logs": ("Meter and sensor logs", ("glucose-log",), "Files of a meter or sensor, as they were downloaded."),
    "papers": (
        "Papers",
        ("paper",),
        "Prescription, letter, notes: PDF or pictures. What they state is offered as answers.",
    ),
}
"""The sections of files: title, what they hold, what to attach."""
QUESTIONS, SEND = "questions", "send"


class Task(Struct, frozen=True):
    """A line of the task list: its address, its title, how it stands, and what is said of it."""

    name: str
    title: str
    state: str
    says: str
    open: bool = True


@page("clinic-new")
def new(visit: Visit) -> Response:
    """Ask how to begin."""
    return render.page(visit, "draft-new.html")


@form("clinic-begin")
def begin(visit: Visit, form: Form) -> Response:
    """Begin a draft, with the files that were chosen."""
    key = visit.key(form) or visit.fresh_key
    made = with_files(form, Draft(id=draft.id_of(key), last=form.said("key")))
    made = _filled(made)
    draft.keep(visit.store, visit.who, made, fields.title(made), visit.now)
    return visit.see(f"/clinic/d/{made.id}")


@page("clinic-draft")
def tasks(visit: Visit) -> Response:
    """Show the task list of a draft."""
    one = found(visit)
    if one.sent:
        return visit.see(f"/c/{one.sent}")
    checked = check.checked(one, at(visit), again.approvals(visit, one))
    return render.page(
        visit,
        "draft.html",
        draft=one,
        title=fields.title(one),
        tasks=_tasks(visit, one, checked),
        checked=checked,
        people=cases.names(visit, (one.by,)),
    )


def found(visit: Visit) -> Draft:
    """Return the draft of the address; raises Problem where the practice has none of that id."""
    one = draft.found(visit.store, visit.who, visit.path("draft"))
    if one is None or one.kind == "answer":
        raise Problem("not-found", "your practice has no such draft; it was sent or thrown away")
    return one


def _tasks(visit: Visit, one: Draft, checked: Checked) -> list[Task]:
    listed = []
    lacking = 0
    for section in fields.sections(visit.plan["settings"]):
        missing = fields.missing(section, one)
        lacking += len(missing)
        state = "to do" if missing else "done"
        says = "as in the FHIR Bundle" if one.request is not None else f"{len(missing)} to write" if missing else ""
        listed.append(Task(section.name, section.title, state, says))
    for name, (title, kinds, _) in FILES.items():
        count = len(one.of(*kinds))
        files = f"{count} {'file' if count == 1 else 'files'}" if count else "nothing attached"
        listed.append(Task(name, title, "done" if count else "if you have it", files))
    if checked.faults:
        listed.append(Task(QUESTIONS, "Questions", "cannot start yet", _first(checked), open=False))
    elif checked.things:
        says = f"{len(checked.things)} {'thing is' if len(checked.things) == 1 else 'things are'} missing"
        listed.append(Task(QUESTIONS, "Questions", "to do", says))
    else:
        listed.append(Task(QUESTIONS, "Questions", "done", "the policy asks nothing more"))
    says = "fill in the sections above first" if lacking else ""
    listed.append(Task(SEND, "Check and send", "cannot start yet" if lacking else "to do", says, open=not lacking))
    return listed


def _first(checked: Checked) -> str:
    return checked.faults[0] if checked.faults else ""


@page("clinic-section")
def section(visit: Visit) -> Response:
    """Show a section of a draft."""
    return _shown(visit, found(visit), render.NO_FORM)


@form("clinic-section-keep")
def keep(visit: Visit, form: Form) -> Response:
    """Keep a section of a draft; from the last one, send it."""
    one, name = found(visit), visit.path("section")
    if one.sent:  # by this form before, or by a colleague
        return visit.see(f"/c/{one.sent}", "sent")
    made = _changed(visit, one, form)
    if form.wrong:
        return _shown(visit, structs.replace(made, version=one.version), form, 422)
    asked = form.said("do")
    if name == SEND:
        return _end(visit, one, form, asked)
    version = one.version if name in FILES else visit.version(form)  # a file beside hers contradicts nothing
    made = structs.replace(made, version=version, last=form.said("key"))
    try:
        draft.keep(visit.store, visit.who, made, fields.title(made), visit.now)
    except Stale:
        return _stale(visit, made, form)
    if (name in FILES and form.files) or asked == "again":
        return visit.see(f"/clinic/d/{one.id}/{name}")
    return visit.see(f"/clinic/d/{one.id}")


def _changed(visit: Visit, one: Draft, form: Form) -> Draft:
    """Return a draft with what was typed and chosen in a section."""
    name = visit.path("section")
    typed = next((each for each in fields.sections(visit.plan["settings"]) if each.name == name), None)
    if typed is not None:
        return structs.replace(one, fields={**one.fields, **fields.read(typed, form)})
    if name in FILES:
        return with_offers(visit, form, _filled(with_files(form, one)))
    if name == QUESTIONS:
        vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
        return with_offers(visit, form, structs.replace(one, answers=answers.typed(form, vocabulary, one.answers)))
    if name != SEND:
        raise Problem("not-found", "a draft has no such section")
    return one


def _filled(one: Draft) -> Draft:
    """Return a draft whose empty fields are filled from the chart that was attached."""
    known: dict[str, str] = {}
    for each in one.of("resources"):
        known |= fields.patient_of(compose.read(each.content, each.name))
    return structs.replace(one, fields={**known, **{name: value for name, value in one.fields.items() if value}})


def _shown(
    visit: Visit, one: Draft, form: Form, status: int = 200, theirs: tuple[tuple[str, str], ...] = ()
) -> Response:
    """Return the page of a section. ``theirs``: what a colleague has written since it was opened."""
    name = visit.path("section")
    common = {"draft": one, "form": form, "title": fields.title(one), "name": name, "theirs": theirs}
    common["people"] = cases.names(visit, (one.by,))
    typed = next((each for each in fields.sections(visit.plan["settings"]) if each.name == name), None)
    if typed is not None:
        nearly = near.near(visit.store, visit.who, one.fields) if name == "patient" and one.request is None else ()
        request = fields.of_request(one).get(name, ())
        return render.page(visit, "draft-fields.html", status, section=typed, near=nearly, request=request, **common)
    if name in FILES:
        title, kinds, says = FILES[name]
        files, papers = one.of(*kinds), tuple(bundle.kinds().items())
        return render.page(
            visit,
            "draft-files.html",
            status,
            heading=title,
            says=says,
            files=files,
            papers=papers,
            **(offered(visit, one, ()) if "paper" in kinds else {}),
            **common,
        )
    if name not in (QUESTIONS, SEND):
        raise Problem("not-found", "a draft has no such section")
    checked = check.checked(one, at(visit), again.approvals(visit, one))
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    asked = {fact for thing in checked.things for fact in thing.facts}
    given = answers.only(one.answers, answers.answered(one.answers) - asked)
    template = "draft-questions.html" if name == QUESTIONS else "draft-send.html"
    spoken = answers.spoken(given if name == QUESTIONS else one.answers, vocabulary)
    common |= offered(visit, one, checked.things) if name == QUESTIONS else {}
    return render.page(visit, template, status, checked=checked, answered=spoken, **common)


def _stale(visit: Visit, made: Draft, form: Form) -> Response:
    """Return the section again: a colleague has changed the draft; what was typed stands, beside what she wrote."""
    now = draft.found(visit.store, visit.who, made.id)
    if now is None:
        raise Problem("not-found", "the draft was thrown away while you wrote")
    labels = {one.name: one.label for each in fields.sections(visit.plan["settings"]) for one in each.fields}
    mine = {name: value for name, value in made.fields.items() if name in form.fields and value}
    theirs = tuple(
        (labels.get(name, name), value)
        for name, value in now.fields.items()
        if name in mine and value and value != mine[name]
    )
    both = {**now.fields, **mine}  # what was left empty here takes what she wrote
    if visit.path("section") == QUESTIONS:
        vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
        theirs = tuple((one.ask, one.says) for one in answers.differing(now.answers, made.answers, vocabulary))
    shown = structs.replace(made, version=now.version, by=now.by, at=now.at, files=now.files, fields=both)
    return _shown(visit, shown, form, 409, theirs or (("Nothing that you typed", "differs from it"),))


def _end(visit: Visit, one: Draft, form: Form, asked: str) -> Response:
    """Print a paper of a draft, throw it away, or send it."""
    checked = check.checked(one, at(visit), again.approvals(visit, one))
    if asked in letters.TITLES:
        return paper(visit, asked, one, checked)
    if visit.version(form) != one.version:
        return _stale(visit, one, form)
    if asked == "drop":
        draft.drop(visit.store, visit.who, one.id, one.version)
        return visit.see("/clinic", "draft-gone")
    settings, here = visit.plan["settings"], at(visit)
    try:
        made = bundle.composed(one, visit.who, runs.catalog(settings), here.today, one.at or here.now)
    except InputRefused as fault:
        form.wrong["send"] = f"It cannot be sent yet: {'; '.join(each.message for each in fault.faults)}."
        return _shown(visit, one, form, 422)
    case = _send(visit, one, made)
    draft.sent(visit.store, visit.who, one.id, case, visit.now)
    return visit.see(f"/c/{case}", "sent")


def _send(visit: Visit, one: Draft, made: bytes) -> str:
    key = own_key(visit.who, f"send-{one.id}-{one.version}")  # so that one version is sent once, by whatever form
    if one.kind != "again":
        return str(visit.do(Receive(bundle=made, channel="portal", files=bundle.files(one), key=key)).case)
    case = str(visit.do(Reauthorize(case=one.case, bundle=made, channel="portal", key=key)).case)
    for place, file in enumerate(bundle.files(one), 1):
        visit.do(FileDocument(case=case, file=file, key=own_key(visit.who, f"{key}-{place}")))
    return case
