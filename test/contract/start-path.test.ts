// A journey over files starts without what only other commands need: what is imported statically on its way is held to a list.

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const src = resolve(import.meta.dirname, '../../src');
/** Imports and re-exports that are there at run time; `import()` and types are not meant. */
const staticImport = /^(?:import|export)\s+(?!type\s)(\{[^}]*\}|[^'"{]*?)\s*from\s*'([^']+)'/gm;

function isTypesOnly(names: string): boolean {
  const words = names
    .replace(/[{}]/g, '')
    .split(',')
    .map((each) => each.trim());
  return names.startsWith('{') && words.every((each) => each === '' || each.startsWith('type '));
}

function packagesFrom(entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, names = '', specifier = ''] of readFileSync(file, 'utf8').matchAll(staticImport)) {
      if (isTypesOnly(names) || specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) open.push(resolve(dirname(file), specifier));
      else packages.set(specifier, file);
    }
  }
  expect(seen.size).toBeGreaterThan(300);
  return packages;
}

it.each(['zod', 'undici', 'ws', 'yaml', '@aws-sdk/client-s3', 're2js', 'tar-stream', 'age-encryption'])(
  'a journey over files does not load %s',
  (name) => {
    expect(packagesFrom(join(src, 'cli/commands/report.ts')).get(name)).toBeUndefined();
  },
);

it('a backup without sealed Secrets does not load age-encryption', () => {
  for (const command of ['backup', 'restore', 'saved-objects'])
    expect(packagesFrom(join(src, `cli/commands/${command}.ts`)).get('age-encryption')).toBeUndefined();
});
