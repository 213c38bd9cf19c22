import { expect, it } from 'vitest';
import { widestOf } from './layout.ts';

it('the widest text counts what a person sees, among none, and among as many as a large cluster has objects', () => {
  expect(widestOf([])).toBe(0);
  expect(widestOf(['web', '\u001b[1mdb\u001b[0m', '漢字'])).toBe(4);
  expect(widestOf(['web'].concat(Array.from({ length: 300_000 }, () => 'a')))).toBe(3);
});
