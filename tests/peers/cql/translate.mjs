// Every library of a folder from CQL to ELM, by the official translator:  node translate.mjs FOLDER
// Writes NAME.json beside each NAME.cql; prints what the translator says and ends with 1 where a library is at fault.
import {
  CqlCompilerOptions, CqlTranslator, LibraryManager, ModelManager,
  createLibrarySourceProvider, createModelInfoProvider, stringAsSource,
} from '@cqframework/cql/cql-to-elm';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const models = {
  System: join(here, 'system-modelinfo.xml'),
  FHIR: join(dirname(createRequire(import.meta.url).resolve('cql-exec-fhir')), 'modelInfos', 'fhir-modelinfo-4.0.1.xml'),
};

function libraryManager(folder) {
  const manager = new ModelManager();
  manager.modelInfoLoader.registerModelInfoProvider(
    createModelInfoProvider(id => (id in models ? stringAsSource(readFileSync(models[id], 'utf8')) : null)));
  // No annotations, no locators: they triple the ELM and play no part in an answer.
  const libraries = new LibraryManager(manager, new CqlCompilerOptions());
  libraries.librarySourceLoader.registerProvider(createLibrarySourceProvider(
    id => stringAsSource(readFileSync(join(folder, `${id}.cql`), 'utf8'))));
  return libraries;
}

const [folder] = process.argv.slice(2);
const libraries = libraryManager(folder);
let faults = 0;
for (const file of readdirSync(folder).filter(name => name.endsWith('.cql')).sort()) {
  const translated = CqlTranslator.fromText(readFileSync(join(folder, file), 'utf8'), libraries);
  for (const fault of [...translated.exceptions.asJsReadonlyArrayView()]) {
    // Said of every retrieve by code where FHIRHelpers is not included, and of no consequence: the codes are compared all the same.
    if (fault.message.startsWith('Could not resolve membership operator')) continue;
    console.error(`${file}: ${fault.severity?.name}: ${fault.message} ${fault.locator ?? ''}`);
    faults += 1;
  }
  writeFileSync(join(folder, file.replace(/cql$/, 'json')), translated.toJson());
}
process.exit(faults ? 1 : 0);
