// How the runs of tests differ on properties: where fast-check comes from, which seed a gate has, and which files a search looks through.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const ours = join(import.meta.dirname, 'fast-check.ts');

/** Gives tests our fast-check in the place of the package. */
export const properties = {
  name: 'nowwhat:properties',
  enforce: 'pre',
  resolveId: (source: string, importer: string | undefined): string | undefined =>
    source === 'fast-check' && importer !== ours ? ours : undefined,
} as const;

/** For a run that decides: the same tree gives the same answer, each test has its own seed, unless one is asked for. */
export const fixedSeed = { NOWWHAT_PROPERTY_SEED: process.env['NOWWHAT_PROPERTY_SEED'] ?? 'by-test' };

/** The test files that have properties, from the root of the repository. */
export function findPropertyTests(): string[] {
  return ['src', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
    )
    .filter((file) => file.endsWith('.test.ts') && /^import .* from 'fast-check';$/m.test(readFileSync(file, 'utf8')))
    .map((file) => relative(root, file));
}
