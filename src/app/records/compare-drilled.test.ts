import { expect, it } from 'vitest';
import type { Comparison } from '../../model/index.ts';
import { laterOf } from './compare-drilled.ts';

const [early, late] = ['2026-01-10T12:00:00Z', '2026-01-11T12:00:00Z'];
const at = (time: string, changed: boolean): Comparison => ({ text: 'compared', changed, time });
const unknown: Comparison = { text: 'not known', changed: false };

it.each([
  ['a first look', undefined, at(early, false), 'latest'],
  ['a later look that finds it changed', at(early, false), at(late, true), 'latest'],
  ['a later look that finds it as it was', at(early, true), at(late, false), 'latest'],
  ['the same moment', at(late, false), at(late, true), 'latest'],
  ['an older backup, after a look at the cluster', at(late, true), at(early, false), 'earlier'],
  ['no look at all, where nothing had changed', at(early, false), unknown, 'latest'],
  ['no look at all, where it had changed', at(early, true), unknown, 'earlier'],
  ['a record that tells no time', { text: 'compared', changed: true }, at(early, false), 'latest'],
])('%s', (_what, earlier, latest, counts) => {
  expect(laterOf(earlier, latest)).toBe(counts === 'latest' ? latest : earlier);
});
