import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { parseSchedule } from './parse-schedule.ts';

function parse(spec: JsonObject, metadata: JsonObject = { name: 'nightly', namespace: 'velero' }) {
  return parseSchedule({ apiVersion: 'velero.io/v1', kind: 'Schedule', metadata, spec }, 'schedule.yaml');
}

describe("Velero's Schedule", () => {
  it('is kept with its template', () => {
    const template = {
      includedNamespaces: ['shop'],
      labelSelector: { matchLabels: { app: 'web' } },
      ttl: '720h0m0s',
      snapshotVolumes: false,
      defaultVolumesToFsBackup: true,
      csiSnapshotTimeout: '5m0s',
      hooks: {},
      metadata: {},
    };
    const parsed = parse({ schedule: '@every 6h', paused: true, skipImmediately: true, template });
    const { metadata: _metadata, ...kept } = template;
    expect(parsed).toMatchObject({ name: 'nightly', schedule: '@every 6h', paused: true, skipImmediately: true });
    expect(parsed.template).toEqual(kept);
    expect(parsed.notKept).toEqual([]);
  });

  it('gives its labels to backups, unless the template has some', () => {
    const metadata = { name: 'n', labels: { team: 'a' }, annotations: { note: 'x' } };
    expect(parse({ template: {} }, metadata)).toMatchObject({ labels: { team: 'a' }, annotations: { note: 'x' } });
    expect(parse({ template: { metadata: { labels: { tier: 'b' } } } }, metadata).labels).toEqual({ tier: 'b' });
  });

  it('names the ConfigMap with its policies', () => {
    expect(parse({ template: { resourcePolicy: { kind: 'configmap', name: 'rules' } } }).policies).toBe('rules');
    expect(parse({ template: {} }).policies).toBeUndefined();
    const secret = { template: { resourcePolicy: { kind: 'secret', name: 'rules' } } };
    expect(() => parse(secret)).toThrow('resourcePolicy names no ConfigMap');
  });

  it('has what cannot be kept named', () => {
    const template = {
      snapshotVolumes: true,
      volumeSnapshotLocations: ['aws'],
      volumeGroupSnapshotLabelKey: '',
      snapshotMoveData: true,
    };
    const { notKept } = parse({ template, useOwnerReferencesInBackup: true });
    expect(notKept.map((each) => each.split(':')[0])).toEqual([
      'spec.template.volumeSnapshotLocations',
      'spec.useOwnerReferencesInBackup',
    ]);
  });

  it.each([
    [
      { template: { includeNamespaces: ['shop'] } },
      'spec.template.includeNamespaces is no field that Velero 1.18 knows',
    ],
    [{ template: {}, cron: '@daily' }, 'spec.cron is no field'],
    [{ schedule: '@daily' }, 'has no spec.template'],
    [{ template: { hooks: { resources: [{ pre: [{ exec: {} }] }] } } }, 'schedule.yaml'],
  ])('is refused: %j', (spec, message) => {
    expect(() => parse(spec)).toThrow(message);
  });
});
