import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { decideVolume } from './decide-volume.ts';
import type { VolumeFacts } from './match-volume.ts';
import { findPolicy, parsePolicies } from './parse-policies.ts';

function volume(spec: JsonObject = {}): JsonObject {
  return { metadata: { name: 'pv-1' }, spec: { capacity: { storage: '10Gi' }, storageClassName: 'fast', ...spec } };
}

function claim(rest: JsonObject = {}): JsonObject {
  const spec = { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'], volumeMode: 'Filesystem' };
  return { metadata: { name: 'data', labels: { app: 'shop', tier: '' } }, spec, status: { phase: 'Bound' }, ...rest };
}

const csi = { csi: { driver: 'disk.example.com', volumeAttributes: { kind: 'ssd', zone: 'a' } } };
const bound: VolumeFacts = { claim: claim(), volume: volume(csi) };
const share: VolumeFacts = { claim: claim(), volume: volume({ nfs: { server: 'files', path: '/shop' } }) };
const unbound: VolumeFacts = {
  podVolume: { persistentVolumeClaim: { claimName: 'data' } },
  claim: claim({ status: { phase: 'Pending' } }),
  volume: undefined,
};
const scratch: VolumeFacts = { podVolume: { name: 's', emptyDir: {} }, claim: undefined, volume: undefined };

function policiesOf(conditions: string): string {
  return `version: v1\nvolumePolicies:\n- conditions: ${conditions}\n  action: {type: skip}\n`;
}

function isMeant(conditions: string, facts: VolumeFacts): boolean {
  return findPolicy(parsePolicies(policiesOf(conditions), 'p.yaml'), facts) !== undefined;
}

describe('which volumes a policy means', () => {
  const cases: readonly (readonly [conditions: string, facts: VolumeFacts, meant: boolean])[] = [
    ['{}', scratch, true],
    ['', bound, true],
    ['{capacity: "10Gi,10Gi"}', bound, true],
    ['{capacity: "10Gi,"}', bound, true],
    ['{capacity: ",10Gi"}', bound, true],
    ['{capacity: " 1Gi , 9Gi "}', bound, false],
    ['{capacity: "11Gi,"}', bound, false],
    ['{capacity: ","}', bound, true],
    ['{capacity: ",1Gi"}', scratch, true],
    ['{capacity: "1,"}', unbound, false],
    ['{storageClass: [slow, fast]}', bound, true],
    ['{storageClass: [slow]}', bound, false],
    ['{storageClass: []}', bound, true],
    ['{storageClass: [fast]}', unbound, false],
    ['{storageClass: [""]}', scratch, false],
    ['{nfs: {}}', share, true],
    ['{nfs: {}}', bound, false],
    ['{nfs: }', bound, true],
    ['{nfs: {server: files}}', share, true],
    ['{nfs: {path: /shop}}', share, true],
    ['{nfs: {server: other, path: /shop}}', share, false],
    ['{nfs: {server: files, path: /other}}', share, false],
    ['{csi: {}}', bound, true],
    ['{csi: {}}', share, false],
    ['{csi: {driver: disk.example.com}}', bound, true],
    ['{csi: {driver: other}}', bound, false],
    ['{csi: {driver: disk.example.com, volumeAttributes: {kind: ssd}}}', bound, true],
    ['{csi: {driver: disk.example.com, volumeAttributes: {kind: hdd}}}', bound, false],
    ['{csi: {driver: disk.example.com, volumeAttributes: {other: ""}}}', bound, true],
    ['{csi: {driver: disk.example.com, volumeAttributes: {}}}', bound, true],
    [
      '{csi: {driver: d, volumeAttributes: {x: ""}}}',
      { claim: undefined, volume: volume({ csi: { driver: 'd' } }) },
      false,
    ],
    ['{volumeTypes: [nfs, csi]}', bound, true],
    ['{volumeTypes: [emptyDir]}', scratch, true],
    ['{volumeTypes: [emptyDir]}', unbound, false],
    ['{volumeTypes: [hostPath]}', bound, false],
    ['{volumeTypes: [storageOS]}', { claim: undefined, volume: volume({ storageos: {} }) }, true],
    ['{pvcLabels: {app: shop}}', bound, true],
    ['{pvcLabels: {app: shop, tier: ""}}', bound, true],
    ['{pvcLabels: {none: ""}}', bound, false],
    ['{pvcLabels: {app: other}}', bound, false],
    ['{pvcLabels: {}}', scratch, true],
    ['{pvcLabels: {app: shop}}', scratch, false],
    ['{pvcPhase: [Pending, Lost]}', unbound, true],
    ['{pvcPhase: [Pending]}', bound, false],
    ['{pvcPhase: [Pending]}', scratch, false],
    ['{pvcVolumeMode: Filesystem}', bound, true],
    ['{pvcVolumeMode: Block}', bound, false],
    ['{pvcAccessModes: [ReadOnlyMany, ReadWriteOnce]}', bound, true],
    ['{pvcAccessModes: [ReadWriteOnce]}', bound, false],
    ['{pvcAccessModes: []}', bound, true],
    ['{storageClass: [fast], csi: {driver: disk.example.com}, capacity: "11Gi,"}', bound, false],
  ];

  it.each(cases)('%s', (conditions, facts, meant) => {
    expect(isMeant(conditions, facts)).toBe(meant);
  });

  it('the first one decides, and is named with its line', () => {
    const text =
      'version: v1\nvolumePolicies:\n- conditions: {capacity: "1Ti,"}\n  action: {type: skip}\n- action:\n    type: snapshot\n- action: {type: custom, parameters: {x: 1}}\n';
    expect(findPolicy(parsePolicies(text, 'p.yaml'), bound)).toEqual({
      action: 'snapshot',
      where: 'volumePolicies[1] of p.yaml:5',
    });
  });

  it('none, where there is none', () => {
    for (const text of ['version: v1', 'version: v1\nvolumePolicies:\n', '{"version": "v1", "volumePolicies": []}'])
      expect(findPolicy(parsePolicies(text, 'p'), bound)).toBeUndefined();
  });

  it('a range of sizes holds what is between its ends, whatever they are', () => {
    const size = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(size, size, size, (a, b, value) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const facts = { claim: undefined, volume: volume({ capacity: { storage: String(value) } }) };
        const isIn = (range: string): boolean => isMeant(`{capacity: "${range}"}`, facts);
        expect(isIn(`${least},${most}`)).toBe(value >= least && value <= most);
        expect(isIn(`${least},`)).toBe(value >= least);
        expect(isIn(`,${most}`)).toBe(value <= most);
      }),
    );
  });
});

describe('policies that are none', () => {
  const cases: readonly (readonly [text: string, message: string])[] = [
    ['version: v2', 'p.yaml:1 version must be one of v1'],
    ['volumePolicies: []', 'p.yaml:1 version must be one of v1'],
    ['- x', 'p.yaml:1 expected object, received array'],
    ['', 'p.yaml:1 expected object, received null'],
    ['version: v1\n---\nversion: v1', 'p.yaml:1 holds several documents'],
    ['version: v1\nvolumePolicies:\n\t- x', 'p.yaml:3 tab used for indentation'],
    ['version: v1\nvolumePolicy: []', 'p.yaml:2 volumePolicy is no key of resource policies'],
    [
      policiesOf('{storageclass: [x]}'),
      'p.yaml:3 volumePolicies.0.conditions.storageclass is no key of resource policies',
    ],
    [
      policiesOf('{storageClass: fast}'),
      'p.yaml:3 volumePolicies.0.conditions.storageClass expected array, received string',
    ],
    [
      policiesOf('{capacity: 10Gi}'),
      'p.yaml:3 volumePolicies.0.conditions.capacity must be two quantities with a comma between, one of which may be left out: 10Gi,100Gi',
    ],
    [
      policiesOf('{capacity: "2Gi,1Gi"}'),
      'p.yaml:3 volumePolicies.0.conditions.capacity must have the smaller quantity first',
    ],
    [policiesOf('{capacity: "ten,"}'), 'p.yaml:3 volumePolicies.0.conditions.capacity must be two'],
    [
      policiesOf('{csi: {volumeAttributes: {}}}'),
      'p.yaml:3 volumePolicies.0.conditions.csi must name a driver beside volumeAttributes',
    ],
    [policiesOf('{nfs: {host: x}}'), 'p.yaml:3 volumePolicies.0.conditions.nfs.host is no key'],
    [
      policiesOf('{volumeTypes: [floppy]}'),
      'p.yaml:3 volumePolicies.0.conditions.volumeTypes.0 must be one of awsElasticBlockStore',
    ],
    [policiesOf('{pvcLabels: }'), 'p.yaml:3 volumePolicies.0.conditions.pvcLabels expected record, received null'],
    [
      policiesOf('{pvcVolumeMode: 1}'),
      'p.yaml:3 volumePolicies.0.conditions.pvcVolumeMode expected string, received number',
    ],
    [
      policiesOf('{pvcAccessModes: [1]}'),
      'p.yaml:3 volumePolicies.0.conditions.pvcAccessModes.0 expected string, received number',
    ],
    ['version: v1\nvolumePolicies:\n- conditions: {}\n', 'p.yaml:3 volumePolicies.0.action is missing'],
    [
      'version: v1\nvolumePolicies:\n- action: {type: copy}\n',
      'p.yaml:3 volumePolicies.0.action.type must be one of skip, fs-backup, snapshot, custom',
    ],
    [
      'version: v1\nincludeExcludePolicy:\n  includedClusterScopedResources: ["*"]',
      'p.yaml:3 includeExcludePolicy.includedClusterScopedResources.0 must be the name of a resource, not *',
    ],
    [
      'version: v1\nincludeExcludePolicy:\n  includedNamespaceScopedResources: [pods]\n  excludedNamespaceScopedResources:\n  - secrets\n  - pods',
      'p.yaml:6 includeExcludePolicy.excludedNamespaceScopedResources.1 is included too',
    ],
  ];

  it.each(cases)('%j', (text, message) => {
    expect(() => parsePolicies(text, 'p.yaml')).toThrow(message);
  });

  it('never end in anything but a told mistake', () => {
    const key = fc.constantFrom('version', 'volumePolicies', 'conditions', 'action', 'type', 'capacity', 'csi', 'x');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('v1', 'skip', '1Gi,', 7, null, true),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        try {
          parsePolicies(JSON.stringify(value), 'p.json');
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-policies', message: expect.stringMatching(/^p\.json:1 /) });
        }
      }),
    );
  });
});

describe('how a volume is saved', () => {
  const verdict = (action: 'skip' | 'fs-backup' | 'snapshot' | 'custom') => ({
    action,
    where: 'volumePolicies[0] of p:3',
  });

  it('a policy goes before what a pod asks for, and that before a snapshot', () => {
    const method = (policy: Parameters<typeof verdict>[0] | undefined, filesAsked: boolean, snapshots: boolean) =>
      decideVolume({ policy: policy && verdict(policy), filesAsked, snapshots }).method;
    for (const filesAsked of [true, false])
      for (const snapshots of [true, false]) {
        expect(method('skip', filesAsked, snapshots)).toBe('none');
        expect(method('custom', filesAsked, snapshots)).toBe('none');
        expect(method('fs-backup', filesAsked, snapshots)).toBe('files');
        expect(method('snapshot', filesAsked, snapshots)).toBe('snapshot');
      }
    expect(method(undefined, true, true)).toBe('files');
    expect(method(undefined, false, true)).toBe('snapshot');
    expect(method(undefined, false, false)).toBe('none');
  });

  it('says who decided', () => {
    const { reason } = decideVolume({ policy: verdict('skip'), filesAsked: true, snapshots: true });
    expect(reason).toBe('volumePolicies[0] of p:3 says to skip it');
  });
});
