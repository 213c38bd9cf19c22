import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { parseRecord, type VolumeRecord } from '../volumes/velero-records.ts';
import type { ClonedObject, CloneSource } from './clone-plan.ts';
import { planVolumes, podOf, volumeDecisions } from './plan-volumes.ts';

function claim(name: string, spec: JsonObject = {}, phase = 'Bound', namespace = 'shop'): ClonedObject {
  const place = { groupResource: 'persistentvolumeclaims', namespace, name };
  return { place, object: { kind: 'PersistentVolumeClaim', metadata: { name, namespace }, spec, status: { phase } } };
}

function pod(name: string, claimName: string, phase = 'Running', metadata: JsonObject = {}): ClonedObject {
  const volumes = [
    { name: 'x', emptyDir: {} },
    { name: 'data', persistentVolumeClaim: { claimName } },
  ];
  const place = { groupResource: 'pods', namespace: 'shop', name };
  return {
    place,
    object: { kind: 'Pod', metadata: { name, ...metadata }, spec: { nodeName: 'n1', volumes }, status: { phase } },
  };
}

function source(...objects: readonly ClonedObject[]): CloneSource {
  return { namespace: 'shop', objects, problems: [], outside: [] };
}

/** The claims as the copy has them. */
function copied({ objects }: CloneSource): ClonedObject[] {
  return objects.flatMap(({ place, object }) =>
    place.groupResource === 'persistentvolumeclaims' ? [{ place: { ...place, namespace: 'copy' }, object }] : [],
  );
}

function record(status: object, namespace = 'shop'): VolumeRecord {
  const metadata = { annotations: { 'velero.io/pvc-name': 'data' } };
  const spec = { pod: { namespace, name: 'db-0' }, volume: 'data', uploaderType: 'kopia' };
  const parsed = parseRecord({ metadata, spec, status });
  if (parsed === undefined) throw new Error('it is a record');
  return parsed;
}

const original = { from: 'original' } as const;

describe('the volumes of a copy', () => {
  it('get the data of the original, and it is told who may write to it meanwhile', () => {
    const app = source(
      claim('data'),
      claim('idle'),
      pod('ended', 'idle', 'Succeeded'),
      pod('old', 'data', 'Pending'),
      pod('db-0', 'data'),
    );
    const volumes = planVolumes(app, copied(app), original);
    expect(volumes).toEqual([
      { claim: 'data', from: 'original', pod: 'db-0' },
      { claim: 'idle', from: 'original' },
    ]);
    expect(podOf(app, 'data')?.place.name).toBe('db-0');
    expect(volumeDecisions(volumes, [])).toEqual([
      expect.objectContaining({
        object: 'PersistentVolumeClaim data',
        text: expect.stringContaining('while db-0 may write'),
      }),
    ]);
  });

  it.each([
    ['is not bound', claim('data', {}, 'Pending')],
    ['block device', claim('data', { volumeMode: 'Block' })],
    ['ReadWriteOncePod', claim('data', { accessModes: ['ReadWriteOncePod'] })],
    ['by hand', claim('data', { storageClassName: '' })],
  ])('begin empty where no second pod can read the original, with the reason: %s', (words, item) => {
    const app = source(item, pod('db-0', 'data'));
    const volumes = planVolumes(app, copied(app), original);
    expect(volumes).toMatchObject([{ from: 'nothing', reason: expect.stringContaining(words) }]);
    expect(volumeDecisions(volumes, [])[0]?.text).toContain('begins with an empty volume');
  });

  it('of one pod alone are read where that pod is gone', () => {
    const app = source(
      claim('data', { accessModes: ['ReadWriteOncePod'] }),
      pod('db-0', 'data', 'Running', { deletionTimestamp: 'now' }),
    );
    expect(planVolumes(app, copied(app), original)).toEqual([{ claim: 'data', from: 'original' }]);
  });

  it('get what a backup holds of this namespace, and nothing where it holds none', () => {
    const app = source(claim('data'), claim('other'));
    const whole = record({ phase: 'Completed', snapshotID: 'a1' });
    const from = (...records: readonly VolumeRecord[]) => planVolumes(app, copied(app), { from: 'backup', records });
    expect(from(whole)).toEqual([
      { claim: 'data', from: 'backup' },
      { claim: 'other', from: 'nothing', reason: 'is in the backup without its data' },
    ]);
    expect(from(record({ phase: 'Failed', message: 'disk full' }))[0]?.reason).toContain('disk full');
    expect(from(record({ phase: 'Completed', snapshotID: 'a1' }, 'else'))[0]?.from).toBe('nothing');
  });

  it('stay empty where that is asked for', () => {
    const app = source(claim('data'), pod('db-0', 'data'));
    const volumes = planVolumes(app, copied(app), { from: 'nothing' });
    expect(volumes).toEqual([{ claim: 'data', from: 'nothing', reason: 'is to be left empty' }]);
  });

  it('with fresh credentials beside the data of a database are something to decide', () => {
    const fresh = [{ secret: 'db', key: 'password', what: 'fresh' }] as const;
    const [decision] = volumeDecisions([{ claim: 'data', from: 'backup' }], fresh);
    expect(decision?.text).toContain('does not know the new values of db');
    expect(volumeDecisions([{ claim: 'data', from: 'backup' }], [])).toEqual([]);
    expect(volumeDecisions([{ claim: 'data', from: 'nothing', reason: 'x' }], fresh)).toHaveLength(1);
  });
});
