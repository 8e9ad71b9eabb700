// What the libraries of forms take from charts, by cql-execution over cql-exec-fhir:
//   node forms.mjs FOLDER < charts.ndjson > found.ndjson
// A chart is {bundle, now, wanted}: a Bundle, the moment as YYYY-MM-DDThh:mm:ss.mmm+hh:mm, and what is wanted by library: names.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const cql = require('cql-execution');
const fhir = require('cql-exec-fhir');
const [folder] = process.argv.slice(2);
const elm = {};
for (const file of readdirSync(folder).filter(name => name.endsWith('.json'))) {
  const library = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  elm[library.library.identifier.id] = library;
}
const repository = new cql.Repository(elm);
const loaded = Object.fromEntries(Object.keys(elm).map(name => [name, new cql.Library(elm[name], repository)]));
const codes = new cql.CodeService({});

function plain(value) {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (value.isDate || value.isDateTime) return value.toString();
  if (value.isQuantity) return { value: value.value, unit: value.unit };
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
  return value;
}

async function answer({ bundle, now, wanted }) {
  const source = fhir.PatientSource.FHIRv401();
  source.loadBundles([bundle]);
  const patient = source.currentPatient();
  const found = {};
  for (const [name, definitions] of Object.entries(wanted)) {
    const context = new cql.PatientContext(loaded[name], patient, codes, {}, cql.DateTime.parse(now));
    found[name] = {};
    for (const one of definitions) found[name][one] = plain(await loaded[name].expressions[one].execute(context));
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
}
