import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { loadSchemas, nodeOfKind } from '../schema/index.ts';
import type { ApplyTypes } from './apply-config.ts';
import { formersOf, withoutFormer } from './former.ts';

const schemas = await loadSchemas();

function pod(container: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', ...metadata },
    spec: { containers: [{ name: 'web', image: 'a:1', ...container }] },
  };
}

const types: ApplyTypes = { types: schemas.typesAt(34), node: nodeOfKind(schemas, 34, pod({})) };

/** As the cluster has it after `kubectl apply` of `declared`, with what others added. */
function live(declared: JsonObject, more: JsonObject): JsonObject {
  const note = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(pod(declared)) };
  return pod({ ...declared, ...more }, { annotations: note });
}

function prune(now: JsonObject, wanted: JsonObject): JsonObject {
  return formersOf(types, now).reduce((under, former) => withoutFormer(types, under, former, wanted), now);
}

function containerOf({ spec }: JsonObject): JsonObject {
  return (spec as { containers: JsonObject[] }).containers[0] ?? {};
}

describe('what a tool declared and the files do not say any more', () => {
  it('goes, as kubectl would take it away; what others added stays', () => {
    const declared = {
      securityContext: { privileged: true },
      env: [
        { name: 'OLD', value: '1' },
        { name: 'KEPT', value: '1' },
      ],
    };
    const now = live(declared, { terminationMessagePath: '/dev/termination-log' });
    const after = prune(now, pod({ env: [{ name: 'KEPT', value: '2' }], securityContext: {} }));
    expect(containerOf(after)).toEqual({
      name: 'web',
      image: 'a:1',
      securityContext: {},
      env: [{ name: 'KEPT', value: '1' }],
      terminationMessagePath: '/dev/termination-log',
    });
  });

  it('is nothing where the files still say it, and where nobody declared it', () => {
    const now = live({ env: [{ name: 'A', value: '1' }] }, { tty: true });
    expect(prune(now, pod({ env: [{ name: 'A', value: '2' }] }))).toEqual(now);
    const plain = pod({ tty: true });
    expect(prune(plain, pod({}))).toEqual(plain);
  });

  it('is told by server-side apply too', () => {
    const fieldsV1 = { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:tty': {}, 'f:name': {} } } } };
    const now = pod({ tty: true }, { managedFields: [{ manager: 'flux', operation: 'Apply', fieldsV1 }] });
    expect(formersOf(types, now).map(({ manager }) => manager)).toEqual(['flux']);
    expect(containerOf(prune(now, pod({})))).toEqual({ name: 'web', image: 'a:1' });
  });

  it('is not told by a note that is broken', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{' };
    expect(formersOf(types, pod({}, { annotations }))).toEqual([]);
  });
});
