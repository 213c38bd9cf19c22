import { describe, expect, it } from 'vitest';
import { asObject, type JsonObject, toText } from '../../model/index.ts';
import { chooseVolumes } from '../volumes/choose-volumes.ts';
import { planVolumes, type PlanningVolumes, reasonsOf, snapshotProblems, snapshotsOf } from './plan-volumes.ts';

function claim(name: string, volumeName = `pv-${name}`): JsonObject {
  return { metadata: { name, namespace: 'shop', uid: name }, spec: { volumeName } };
}

function pod(annotations: JsonObject, ...claims: readonly string[]): JsonObject {
  const volumes = claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const volumeMounts = claims.map((name) => ({ name, mountPath: `/${name}` }));
  return {
    metadata: { name: 'web', namespace: 'shop', annotations },
    spec: { volumes, containers: [{ name: 'c', volumeMounts }] },
    status: { phase: 'Running' },
  };
}

const csi = { csi: { driver: 'disk.test' } };
const nobody: ReadonlyMap<string, string> = new Map();
const classes = { classes: [{ metadata: { name: 'usual' }, driver: 'disk.test' }], forbidden: nobody };

function plan(rest: Partial<PlanningVolumes> & { readonly sources?: Readonly<Record<string, JsonObject>> }) {
  const { pods = [], claims = [claim('data')], all = false, policy, sources = { 'pv-data': csi } } = rest;
  const volumes = new Map(Object.entries(sources).map(([name, spec]) => [name, { metadata: { name }, spec }]));
  const byKey = new Map(claims.map((each) => [`shop/${toText(asObject(each['metadata'])['name'])}`, each]));
  const chosen = chooseVolumes({ pods, claims: byKey, volumes, all, policy });
  const planned = planVolumes({
    snapshots: 'usual',
    classes,
    annotations: {},
    ...rest,
    pods,
    claims,
    all,
    policy,
    volumes,
    chosen,
  });
  const told = planned.map(({ claim: name, method, reason, asked }) => ({ name, method, reason, asked }));
  return { planned, told, problems: snapshotProblems(planned, chosen).map(({ message }) => message) };
}

describe('what becomes of the data of volumes', () => {
  it('a snapshot where a class is for them, and files where a pod asks for them', () => {
    const { planned, told } = plan({
      pods: [pod({ 'backup.velero.io/backup-volumes': 'films' }, 'data', 'films')],
      claims: [claim('films'), claim('data')],
      sources: { 'pv-data': csi, 'pv-films': csi },
    });
    expect(told).toEqual([
      { name: 'data', method: 'snapshot', reason: 'no policy and no pod says otherwise', asked: false },
      { name: 'films', method: 'files', reason: 'its files are asked for', asked: true },
    ]);
    expect(snapshotsOf(planned)).toEqual([
      { namespace: 'shop', claim: 'data', volume: 'pv-data', driver: 'disk.test', className: 'usual' },
    ]);
  });

  const obstacles: readonly (readonly [what: string, rest: Parameters<typeof plan>[0], reason: string])[] = [
    ['no volume', { claims: [claim('data', '')] }, 'its claim is bound to no volume'],
    [
      'another kind of volume',
      { sources: { 'pv-data': { hostPath: { path: '/x' } } } },
      'only volumes of CSI drivers have snapshots, and no pod asks for its files',
    ],
    [
      'no snapshots in the cluster',
      { classes: { obstacle: 'the cluster takes no snapshots' } },
      'the cluster takes no snapshots',
    ],
    ['no class', { classes: { classes: [], forbidden: nobody } }, 'there is no VolumeSnapshotClass'],
    [
      'no right to take one',
      { classes: { ...classes, forbidden: new Map([['shop', 'this user may not create volumesnapshots']]) } },
      'this user may not create volumesnapshots',
    ],
  ];

  it.each(obstacles)(
    'none for %s: told in the backup, and as a problem where somebody asked for it',
    (_, rest, reason) => {
      const usual = plan(rest);
      expect(usual.told).toEqual([{ name: 'data', method: 'none', reason, asked: false }]);
      expect(usual.problems).toEqual([]);
      expect(plan({ ...rest, snapshots: 'asked' }).problems).toEqual([
        `the data of claim data are not saved: ${reason}`,
      ]);
      const policy = () => ({ action: 'snapshot', where: 'policies:3' }) as const;
      expect(plan({ ...rest, policy, snapshots: 'no' }).problems).toHaveLength(1);
    },
  );

  it('none where nobody wants snapshots, unless a policy does', () => {
    const { told, planned } = plan({ snapshots: 'no' });
    expect(told).toMatchObject([{ method: 'none', reason: 'nobody asks for its data' }]);
    expect(reasonsOf(planned)).toEqual(new Map([['pv-data', 'nobody asks for its data']]));
    const policy = () => ({ action: 'snapshot', where: 'policies:3' }) as const;
    expect(plan({ snapshots: 'no', policy }).told).toMatchObject([{ method: 'snapshot', reason: 'policies:3' }]);
  });

  it('none where files are asked for and no pod runs: its own chooser tells that once', () => {
    const stopped = { ...pod({ 'backup.velero.io/backup-volumes': 'data' }, 'data'), status: { phase: 'Pending' } };
    const { told, problems } = plan({ pods: [stopped] });
    expect(told).toMatchObject([{ method: 'none', reason: 'the pod is Pending', asked: true }]);
    expect(problems).toEqual([]);
    const policy = () => ({ action: 'fs-backup', where: 'policies:3' }) as const;
    expect(plan({ policy }).problems).toEqual([
      'the data of claim data are not saved: no pod uses it, beside which its files could be read',
    ]);
  });
});
