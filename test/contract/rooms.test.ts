// Holds the code to rooms.json: a file may import its own room and what the table allows, packages and Node modules included.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Room {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly node: readonly string[];
}

const src = resolve(import.meta.dirname, '../../src');
const rooms: Record<string, Room> = JSON.parse(readFileSync(resolve(src, '../rooms.json'), 'utf8')).rooms;
const pureRooms = [
  'isolation',
  'model',
  'kube',
  'inventory',
  'reachability',
  'traffic',
  'inference',
  'checks',
  'journey',
];
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Why `specifier` may not be imported from a file of `room`; nothing where it may. */
function crossing(room: string, file: string, specifier: string): string | undefined {
  const table = rooms[room];
  if (table === undefined) return `room "${room}" is missing in rooms.json`;
  if (specifier.startsWith('.')) {
    const target = relative(src, resolve(dirname(file), specifier)).split('/')[0] ?? '';
    return target === room || table.rooms.includes(target) ? undefined : `${room} may not import room ${target}`;
  }
  if (specifier.startsWith('node:'))
    return table.node.includes(specifier) ? undefined : `${room} may not touch ${specifier}`;
  return table.packages.includes(packageOf(specifier)) ? undefined : `${room} may not import package ${specifier}`;
}

function crossingsIn(file: string, text: string): string[] {
  const room = relative(src, file).split('/')[0] ?? '';
  return importsOf(text).flatMap((specifier) => {
    const problem = crossing(room, file, specifier);
    return problem === undefined ? [] : [`${relative(src, file)}: ${problem}`];
  });
}

type Imports = ReadonlyMap<string, readonly string[]>;

/** One circle for each file by which a walk along imports comes back to where it is already. */
function circlesIn(imports: Imports): string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): string[] => {
    if (trail.includes(file)) return [[...trail.slice(trail.indexOf(file)), file].join(' > ')];
    if (done.has(file)) return [];
    trail.push(file);
    const found = (imports.get(file) ?? []).flatMap(visit);
    trail.pop();
    done.add(file);
    return found;
  };
  return [...imports.keys()].flatMap(visit);
}

/** Imports of files of ours, those of types and those that wait until they are needed included. */
function graphOf(files: readonly string[]): Imports {
  const own = (file: string): string[] =>
    importsOf(readFileSync(file, 'utf8')).flatMap((specifier) =>
      specifier.startsWith('.') ? [relative(src, resolve(dirname(file), specifier))] : [],
    );
  return new Map(files.map((file) => [relative(src, file), own(file)]));
}

describe('the borders of rooms.json', () => {
  const files = filesBelow(src);

  it('are kept by every file', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap((file) => crossingsIn(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('stop a forbidden room, package and Node module', () => {
    const file = join(src, 'kube/example.ts');
    const text =
      "import { a } from '../cli/run.ts';\nimport fs from 'node:fs';\nconst b = await import('hono');\nexport * from './scope.ts';\n";
    expect(crossingsIn(file, text)).toEqual([
      'kube/example.ts: kube may not import room cli',
      'kube/example.ts: kube may not touch node:fs',
      'kube/example.ts: kube may not import package hono',
    ]);
  });

  it('have no cycle between rooms', () => {
    const visit = (room: string, trail: readonly string[]): string[] =>
      trail.includes(room)
        ? [[...trail, room].join(' > ')]
        : (rooms[room]?.rooms ?? []).flatMap((next) => visit(next, [...trail, room]));
    expect(Object.keys(rooms).flatMap((room) => visit(room, []))).toEqual([]);
  });

  it('have no circle of files within a room', () => {
    const imports = graphOf(files);
    expect([...imports.values()].flat().length).toBeGreaterThan(1000);
    expect(circlesIn(imports)).toEqual([]);
  });

  it('show a circle of files, however long', () => {
    const imports = new Map([
      ['a.ts', ['b.ts', 'd.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['d.ts', 'b.ts']],
      ['d.ts', ['elsewhere.ts']],
      ['e.ts', ['e.ts']],
    ]);
    expect(circlesIn(imports)).toEqual(['b.ts > c.ts > b.ts', 'e.ts > e.ts']);
  });

  it('leave pure rooms without Node modules, clock, randomness and environment', () => {
    for (const room of pureRooms) expect(rooms[room]?.node).toEqual([]);
    const impure =
      /\b(?:Date\.now|new Date\(\)|Math\.random|process\.env|crypto\.|performance\.now|setTimeout|fetch\()/;
    const offenders = files.filter(
      (file) =>
        pureRooms.includes(relative(src, file).split('/')[0] ?? '') &&
        impure.test(readFileSync(file, 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '')),
    );
    expect(offenders.map((file) => relative(src, file))).toEqual([]);
  });
});
