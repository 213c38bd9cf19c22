import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../model/index.ts';
import { runOnText } from '../run-on-text.ts';
import { notPackaged } from './not-packaged.ts';

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {containers: [{name: web, image: "registry.example.com/web:1.2.3"}]}
`;
const two = `${pod('api')}---\n${pod('web')}`;

/** The snapshot with its first objects rendered by a chart. */
function withCharted(count: number) {
  return (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    objects: snapshot.objects.map((object, index) =>
      index < count
        ? { ...object, source: { ...object.source, origin: { ...object.source.origin, kind: 'helm' as const } } }
        : object,
    ),
  });
}

function withUnits(...units: NonNullable<Snapshot['facts']['units']>) {
  return (snapshot: Snapshot): Snapshot => ({ ...snapshot, facts: { ...snapshot.facts, units } });
}

describe('an app in plain manifests', () => {
  it('is not packaged, and a chart for a part of it does not change that', () => {
    const message = (charted: number) =>
      runOnText(notPackaged, two, { snapshot: withCharted(charted) }).findings.map((finding) => finding.message);
    expect(message(0)).toEqual([expect.stringContaining('2 of 2 workloads')]);
    expect(message(1)).toEqual([expect.stringContaining('1 of 2 workloads')]);
    expect(message(2)).toEqual([]);
  });

  it('is packaged by a chart that was left out for them', () => {
    const leftOut = withUnits({ kind: 'helm', unit: 'chart', objects: 0, leftOut: 'the manifests are the same app' });
    expect(runOnText(notPackaged, two, { snapshot: leftOut }).outcome).toBe('not-applicable');
  });

  it.each([
    ['manifests that were left out', { kind: 'manifest', unit: 'old', objects: 0, leftOut: 'a copy' }],
    ['a chart of another part', { kind: 'helm', unit: 'chart', objects: 3 }],
  ] as const)('is not packaged by %s', (_, unit) => {
    expect(runOnText(notPackaged, two, { snapshot: withUnits(unit) }).outcome).toBe('fail');
  });

  it('needs a workload to be asked', () => {
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';
    expect(runOnText(notPackaged, settings).outcome).toBe('not-applicable');
  });
});
