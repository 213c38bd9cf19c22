// The table of faults tells of nothing that no test tries.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultRows } from '../../test/backup/fault-table.ts';

const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && file !== 'fault-table.test.ts')
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
  .filter((text) => text.includes('fault-table.ts'));

it.each([...faultRows.keys()])('%s is tried by a test', (name) => {
  // By its name, or as an act of those that are tried one after the other.
  const call = new RegExp(`expect(?:Tried|Told)\\('${name}'|^  ${name}(?:,|: )`, 'm');
  expect(tests.some((text) => call.test(text))).toBe(true);
});

it('has a row for everything', () => {
  expect(faultRows.size).toBe(15);
});
