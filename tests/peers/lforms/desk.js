// A desk at which a form of a plan is filled in with LHC-Forms, as an app of DTR does it: the package is fetched, its
// ValueSets are laid beside the form, what is answered is sent on, until the form is complete.
"use strict";

const ORIGIN = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin";
const desk = { bundle: null, response: null, base: "" };

async function sent(path, body) {
  const answer = await fetch(`${desk.base}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/fhir+json", "X-Client": "clinic-ehr" },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(found.issue));
  return found;
}

function resources(kind) {
  return desk.bundle.entry.map((entry) => entry.resource).filter((one) => one.resourceType === kind);
}

// A form with the ValueSets of its package, which a renderer looks for inside of it.
function whole(form) {
  const made = structuredClone(form);
  const sets = new Map(resources("ValueSet").map((one) => [one.url, one]));
  const used = new Map();
  const walk = (items) => {
    for (const item of items ?? []) {
      const found = item.answerValueSet && sets.get(item.answerValueSet.split("|")[0]);
      if (found) {
        used.set(found.id, found);
        item.answerValueSet = `#${found.id}`;
      }
      walk(item.item);
    }
  };
  walk(made.item);
  made.contained = [...(made.contained ?? []), ...used.values()];
  return made;
}

function form() {
  const named = desk.response.questionnaire;
  if (!named.startsWith("#")) return resources("Questionnaire")[0];
  return desk.response.contained.find((one) => `#${one.id}` === named);
}

async function shown() {
  document.getElementById("form").replaceChildren();
  const given = { resourceType: "QuestionnaireResponse", status: "in-progress", item: desk.response.item ?? [] };
  const options = given.item.length ? { fhirVersion: "R4", questionnaireResponse: given } : { fhirVersion: "R4" };
  await LForms.Util.addFormToPage(whole(form()), "form", options);
  document.getElementById("next").hidden = desk.response.status === "completed";
}

// Who answers says so at each answer that has no origin yet.
function marked(items) {
  for (const item of items ?? []) {
    for (const answer of item.answer ?? []) {
      const origin = { url: ORIGIN, extension: [{ url: "source", valueCode: "manual" }] };
      answer.extension ??= [origin];
      marked(answer.item);
    }
    marked(item.item);
  }
  return items;
}

window.opened = async (base, parameters) => {
  desk.base = base;
  const found = await sent("/fhir/Questionnaire/$questionnaire-package", parameters);
  desk.bundle = found.parameter.map((one) => one.resource).find((one) => one?.resourceType === "Bundle");
  desk.response = resources("QuestionnaireResponse")[0];
  if (desk.response.questionnaire.startsWith("#")) desk.response = await sent("/fhir/Questionnaire/$next-question", desk.response);
  await shown();
};

window.response = () => {
  const made = LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4");
  return { ...desk.response, authored: made.authored, item: marked(made.item ?? []) };
};

window.next = async () => {
  const said = document.getElementById("said");
  said.textContent = "";
  try {
    desk.response = window.response();
    if (!desk.response.questionnaire.startsWith("#")) desk.response.status = "completed";
    else desk.response = await sent("/fhir/Questionnaire/$next-question", desk.response);
    await shown();
    said.textContent = desk.response.status;
  } catch (fault) {
    said.textContent = String(fault);
  }
  return desk.response;
};

document.getElementById("next").addEventListener("click", window.next);
