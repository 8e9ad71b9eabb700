// Cases over translated libraries, by cql-execution:  node run.mjs FOLDER < cases.ndjson > answers.ndjson
// A case is {library, parameters, only}: the name of a translated file, the rows, and one definition where not all are wanted.
// An answer is the status of every criterion by the name of its definition, and what other definitions give as text.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const cql = createRequire(import.meta.url)('cql-execution');
const [folder] = process.argv.slice(2);
const elm = name => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const shared = new cql.Repository({ PriorAuth: elm('PriorAuth') });
const loaded = new Map();
function load(name) {
  if (!loaded.has(name)) {
    const json = elm(name);
    const named = json.library.statements.def.filter(one => one.type !== 'FunctionDef').map(one => one.name);
    loaded.set(name, { library: new cql.Library(json, shared), named });
  }
  return loaded.get(name);
}

// Rows come as parameters, so the patient has nothing but an id. Nothing reads the clock; the engine wants one all the same.
const patient = { getId: () => 'case', findRecords: () => [{ id: 'case' }] };
const codes = new cql.CodeService({});
const noon = cql.DateTime.parse('2000-01-01T12:00:00.000+00:00');

async function answer({ library: name, parameters, only }) {
  const { library, named } = load(name);
  const context = new cql.PatientContext(library, patient, codes, parameters, noon);
  const found = {};
  // In the order of the library, where each definition stands below those it needs: the engine's own loop takes names that are
  // numbers first (outline ids "1", "2") and then works the same definitions out more than once.
  for (const one of only ? [only] : named) {
    const value = await library.expressions[one].execute(context);
    if (value?.status !== undefined) found[one] = value.status;
    else if (typeof value === 'string') found[one] = value;
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
}
