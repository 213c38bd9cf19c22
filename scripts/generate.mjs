// Runs every generator of files that are committed; with --check it only says which are stale.
// A generator module exports `generate(): Map<path, content>`.
import { existsSync, mkdirSync, readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';

const checking = process.argv.includes('--check');
const stale = [];
const folder = new URL('./generators/', import.meta.url);
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.mjs'))
      .sort()
  : [];
for (const name of names) {
  const { generate } = await import(new URL(name, folder).href);
  for (const [path, content] of await generate()) {
    const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    if (current === content) continue;
    stale.push(path);
    if (checking) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
for (const path of stale) console.log(`${checking ? 'stale' : 'wrote'} ${path}`);
if (checking && stale.length > 0) {
  console.log('Run: npm run generate');
  process.exit(1);
}
