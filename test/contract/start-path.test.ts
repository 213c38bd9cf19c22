// Commands start without what only other commands need: what is imported statically on their way is held to lists.

import { readdirSync, readFileSync } from 'node:fs';
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

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Loaded {
  /** Where each package is imported. */
  readonly packages: ReadonlyMap<string, string>;
  readonly files: ReadonlySet<string>;
}

function loadedFrom(entry: string): Loaded {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, names = '', specifier = ''] of readFileSync(file, 'utf8').matchAll(staticImport)) {
      if (isTypesOnly(names) || specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) open.push(resolve(dirname(file), specifier));
      else packages.set(packageOf(specifier), file);
    }
  }
  return { packages, files: seen };
}

it.each(['zod', 'undici', 'ws', 'yaml', '@aws-sdk/client-s3', 're2js', 'tar-stream', 'age-encryption'])(
  'a journey over files does not load %s',
  (name) => {
    const { packages, files } = loadedFrom(join(src, 'cli/commands/report.ts'));
    expect(files.size).toBeGreaterThan(300);
    expect(packages.get(name)).toBeUndefined();
  },
);

it('a backup without sealed Secrets does not load age-encryption', () => {
  for (const command of ['backup', 'restore', 'saved-objects'])
    expect(loadedFrom(join(src, `cli/commands/${command}.ts`)).packages.get('age-encryption')).toBeUndefined();
});

it('the command line itself loads two packages, and of the program nothing that reads or writes', () => {
  const { packages, files } = loadedFrom(join(src, 'cli/process.ts'));
  expect([...packages.keys()].toSorted()).toEqual(['ansis', 'commander']);
  const rooms = new Set([...files].map((file) => file.slice(src.length + 1).split('/')[0]));
  for (const room of ['api', 'backup', 'sources', 'checks']) expect([...rooms]).not.toContain(room);
  expect(files.size).toBeGreaterThan(30);
});

/** The files of the program that import a package at run time, each with what it imports. */
function importsOf(name: string): [string, string][] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file));
  return files.flatMap((file) =>
    [...readFileSync(join(src, file), 'utf8').matchAll(staticImport)]
      .filter(([, names = '', specifier = '']) => packageOf(specifier) === name && !isTypesOnly(names))
      .map(([, names = '', specifier = '']): [string, string] => [file, `${names} ${specifier}`]),
  );
}

it('zod is imported in the one way that leaves behind what is not used, its fifty languages first', () => {
  const imports = importsOf('zod');
  expect(imports.length).toBeGreaterThan(15);
  expect(imports.filter(([, what]) => what !== '* as z zod')).toEqual([]);
});

it('undici is imported by its parts, in one file', () => {
  const imports = importsOf('undici');
  expect(new Set(imports.map(([file]) => file))).toEqual(new Set(['api/http/undici.ts']));
  expect(imports.every(([, what]) => what.includes('undici/lib/'))).toBe(true);
});
