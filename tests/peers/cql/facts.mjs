// What the library CodedFacts retrieves from one Bundle, by cql-execution over cql-exec-fhir:
//   node facts.mjs FOLDER DAY < bundle.json      DAY: the day of the request, 1 = 0001-01-01
// Prints the rows by the name of the parameter that takes them.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const cql = require('cql-execution');
const fhir = require('cql-exec-fhir');
const [folder, day] = process.argv.slice(2);
const elm = name => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

const library = new cql.Library(elm('CodedFacts'), new cql.Repository({ PriorAuth: elm('PriorAuth') }));
const record = fhir.PatientSource.FHIRv401();
record.loadBundles([JSON.parse(readFileSync(0, 'utf8'))]);
const noon = cql.DateTime.parse('2000-01-01T12:00:00.000+00:00');
const executor = new cql.Executor(library, new cql.CodeService({}), { 'as of': Number(day) });
const [found] = Object.values((await executor.exec(record, noon)).patientResults);
console.log(JSON.stringify({ 'hba1c rows': found['hba1c rows'], 'diabetes rows': found['diabetes rows'] }));
