// YAML of the large input through our reader, js-yaml and yaml: MB a second. Bundled and run by run.mjs in a process of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll, parseEvents } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import { parseManifests } from '../../src/kube/manifests/parse-manifests.ts';

const folder = process.argv[2];
const texts = readdirSync(folder)
  .slice(0, 200)
  .map((file) => readFileSync(join(folder, file), 'utf8'));
const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
const context = { textIndex: 0, origin: { kind: 'manifest', unit: '' }, namespace: 'default' };

const readers = {
  nowwhat: (text) => parseManifests({ file: 'a.yaml', text, rendered: false }, context),
  'js-yaml events': (text) => parseEvents(text),
  'js-yaml': (text) => loadAll(text),
  yaml: (text) => parseAllDocuments(text).map((document) => document.toJS()),
};

const speeds = {};
for (const [name, read] of Object.entries(readers)) {
  const times = [];
  for (let run = 0; run < 4; run += 1) {
    const started = performance.now();
    for (const text of texts) read(text);
    times.push(performance.now() - started);
  }
  // The first run pays for the compiler.
  speeds[name] = megabytes / (Math.min(...times.slice(1)) / 1000);
}
console.log(JSON.stringify({ megabytes, speeds }));
