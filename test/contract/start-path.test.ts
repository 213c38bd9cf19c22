// Commands start without what only other commands need: what the bundle loads for each is held to lists.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Metafile } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const src = join(root, 'src');
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
  readonly packages: readonly string[];
  /** Below `src/`. */
  readonly files: readonly string[];
}

let outputs: Metafile['outputs'] = {};

beforeAll(async () => {
  const { bundleProgram } = (await import(pathToFileURL(join(root, 'scripts/bundle.mjs')).href)) as {
    bundleProgram: (options: BuildOptions) => Promise<{ readonly metafile: Metafile }>;
  };
  outputs = (await bundleProgram({ absWorkingDir: root, write: false })).metafile.outputs;
}, 120_000);

/** The chunks that are there when a file begins to run that others load when they need it. */
function chunksFor(entry: string): Metafile['outputs'][string][] {
  const chunks = new Map<string, Metafile['outputs'][string]>();
  const open = Object.keys(outputs).filter((each) => outputs[each]?.entryPoint === entry);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const chunk = outputs[name];
    if (chunk === undefined || chunks.has(name)) continue;
    chunks.set(name, chunk);
    open.push(...chunk.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path));
  }
  return [...chunks.values()];
}

function loadedFrom(entry: string): Loaded {
  const inputs = chunksFor(`src/${entry}`).flatMap((chunk) => Object.entries(chunk.inputs));
  const names = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([name]) => name);
  const packages = names.flatMap((name) => /^node_modules\/(.*)/.exec(name)?.[1] ?? []).map(packageOf);
  return {
    packages: [...new Set(packages)].toSorted(),
    files: names.filter((name) => name.startsWith('src/')).map((name) => name.slice('src/'.length)),
  };
}

it.each(['zod', 'undici', 'ws', 'yaml', '@aws-sdk/client-s3', 're2js', 'tar-stream', 'age-encryption'])(
  'a journey over files does not load %s',
  (name) => {
    const { packages, files } = loadedFrom('cli/commands/report.ts');
    expect(files.length).toBeGreaterThan(300);
    expect(packages).not.toContain(name);
  },
);

it.each(['backup', 'restore', 'saved-objects'])(
  '%s loads age-encryption and the S3 client only where a store needs them',
  (command) => {
    const { packages, files } = loadedFrom(`cli/commands/${command}.ts`);
    expect(files.length).toBeGreaterThan(100);
    for (const name of packages) expect(name).not.toMatch(/^@aws-sdk|^@smithy|^age-encryption/);
  },
);

it('a backup loads nothing that restores, clones, compares or tries out', () => {
  const { files } = loadedFrom('cli/commands/backup.ts');
  expect(files).toContain('backup/create/create-backup.ts');
  expect(files).not.toContain('backup/restore/restore-backup.ts');
  for (const file of files) expect(file).not.toMatch(/^backup\/(clone|diff|drill|export|copy)\//);
});

it('the command line itself loads two packages, and of the program nothing that reads or writes', () => {
  const { packages, files } = loadedFrom('cli/process.ts');
  expect(packages).toEqual(['ansis', 'commander']);
  const rooms = new Set(files.map((file) => file.split('/')[0]));
  for (const room of ['api', 'backup', 'sources', 'checks']) expect([...rooms]).not.toContain(room);
  expect(files.length).toBeGreaterThan(30);
});

it('no list of a room is loaded as a whole: it would bring along all that stands in it', () => {
  const entries = Object.values(outputs).flatMap(({ entryPoint = [] }) => entryPoint);
  expect(entries.filter((file) => /^src\/[^/]+\/index\.ts$/.test(file))).toEqual([]);
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
