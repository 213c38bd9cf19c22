// The table of faults in docs/backups.md: what it says was tried is held to what tests try.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/backups.md'), 'utf8');

/** Cells of each row of the section whose first cell is a name in backticks, by that name. */
export const faultRows: ReadonlyMap<string, readonly string[]> = new Map(
  (/^## Bad days\n[\s\S]*?(?=^## |(?![\s\S]))/m.exec(page)?.[0] ?? '').split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const name = /^`([^`]+)`$/.exec(cells[1] ?? '')?.[1];
    return name === undefined ? [] : [[name, cells.slice(2)] as const];
  }),
);

/** The number in the second cell of its row. */
export function expectTried(name: string, times: number): void {
  expect(faultRows.get(name)?.[0], `docs/backups.md, Bad days, \`${name}\``).toBe(String(times));
}

/** What has no number of its own stands in the table all the same. */
export function expectTold(name: string): void {
  expect([...faultRows.keys()], 'docs/backups.md, Bad days').toContain(name);
}
