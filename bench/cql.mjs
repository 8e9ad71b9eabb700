// Times cql-execution over cases:  node cql.mjs PEERS FOLDER CASES SECONDS
// PEERS holds node_modules, FOLDER the translated libraries, CASES is JSON: {library, definitions, cases: [parameters]}.
// Loading, parsing and a first run over some cases to warm up are not counted. Ends after SECONDS with what is done.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [peers, folder, path, seconds] = process.argv.slice(2);
const cql = createRequire(resolve(peers, 'package.json'))('cql-execution');
const elm = name => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const { library: name, definitions, cases } = JSON.parse(readFileSync(path, 'utf8'));
const library = new cql.Library(elm(name), new cql.Repository({ PriorAuth: elm('PriorAuth') }));
const patient = { getId: () => 'case', findRecords: () => [{ id: 'case' }] };
const codes = new cql.CodeService({});
const noon = cql.DateTime.parse('2000-01-01T12:00:00.000+00:00');

async function answer(parameters) {
  const context = new cql.PatientContext(library, patient, codes, parameters, noon);
  const found = {};
  for (const one of definitions) {
    const value = await library.expressions[one].execute(context);
    found[one] = value?.status ?? value;
  }
  return found;
}

for (const one of cases.slice(0, 5)) await answer(one);
const began = performance.now(), worked = process.cpuUsage();
const answers = [];
for (const one of cases) {
  answers.push(await answer(one));
  if (performance.now() - began > 1000 * seconds) break;
}
const clock = (performance.now() - began) / 1000, used = process.cpuUsage(worked);
const peak = readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s*(\d+)/)?.[1] / 1024;
process.stdout.write(JSON.stringify({
  members: answers.length, clock, processor: (used.user + used.system) / 1e6, peak,
  version: createRequire(resolve(peers, 'package.json'))('cql-execution/package.json').version, node: process.version, answers,
}));
