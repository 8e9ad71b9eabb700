// One session of fhir-kit-client: what a clinic asks a payer, each answer as one line of JSON.
//
//   node session.mjs FOLDER      the folder holds asked.json: fhir (the base), headers, and the bodies by name
import { readFileSync } from 'node:fs';
import { Client } from 'fhir-kit-client';

const asked = JSON.parse(readFileSync(`${process.argv[2]}/asked.json`, 'utf8'));
const client = new Client({ baseUrl: asked.fhir, customHeaders: asked.headers });

function say(name, answer) {
  console.log(JSON.stringify({ name, answer }));
}

say('metadata', await client.capabilityStatement());
say('$submit', await client.operation({ name: 'submit', resourceType: 'Claim', input: asked.submit }));
say('$inquire', await client.operation({ name: 'inquire', resourceType: 'Claim', input: asked.inquire }));
say('$questionnaire-package', await client.operation({
  name: 'questionnaire-package', resourceType: 'Questionnaire', input: asked.package,
}));
try {
  await client.operation({ name: 'submit', resourceType: 'Claim', input: { resourceType: 'Bundle', type: 'collection' } });
  say('refused', {});
} catch (fault) {
  say('refused', { status: fault.response?.status, ...fault.response?.data });
}
