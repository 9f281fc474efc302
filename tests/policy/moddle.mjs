// Reads exported files with the libraries behind dmn-js and bpmn-js: `node moddle.mjs FILE…`.
// Prints, for each file, what they warn about and what they found, as one JSON object.
import { readFile } from 'node:fs/promises';

import { BpmnModdle } from 'bpmn-moddle';
import { DmnModdle } from 'dmn-moddle';

async function read(file) {
  const text = await readFile(file, 'utf8');
  const { rootElement, warnings, references } = file.endsWith('.dmn')
    ? await new DmnModdle().fromXML(text, 'dmn:Definitions')
    : await new BpmnModdle().fromXML(text, 'bpmn:Definitions');
  const types = {};
  const parts = rootElement.drgElement ?? rootElement.rootElements.flatMap(part => part.flowElements ?? []);
  for (const { $type } of parts) {
    types[$type] = (types[$type] ?? 0) + 1;
  }
  return { type: rootElement.$type, warnings: warnings.map(warning => warning.message), references: references.length, types };
}

const found = {};
for (const file of process.argv.slice(2)) {
  found[file] = await read(file);
}
console.log(JSON.stringify(found));
