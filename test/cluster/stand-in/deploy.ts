// Puts an app into the test's namespace and waits until it runs.

import { applyObject, type Discovery, resourceOfKind } from '../../../src/api/index.ts';
import { asArray, asNumber, asObject, asString, type JsonObject } from '../../../src/model/index.ts';
import { readSnapshot } from '../../../src/sources/index.ts';
import type { TestNamespace } from '../test-cluster.ts';

/** The objects of a file or folder of manifests, as they stand there. */
export async function readObjects(path: string): Promise<JsonObject[]> {
  const { objects } = await readSnapshot([path], {
    helm: { values: [], set: [] },
    namespace: 'default',
    minor: 34,
    allowRemote: false,
    maxFileBytes: 1 << 24,
    evidence: [],
    stdin: () => Promise.resolve(new Uint8Array()),
    environment: {},
  });
  return objects.map(({ raw }) => raw);
}

/** Server-side apply of objects that live in namespaces, into the test's own. */
export async function applyAll(
  { client, name }: TestNamespace,
  discovery: Discovery,
  objects: readonly JsonObject[],
): Promise<void> {
  for (const object of objects) {
    const resource = resourceOfKind(discovery, asString(object['apiVersion']) ?? '', asString(object['kind']) ?? '');
    const placed = { ...object, metadata: { ...asObject(object['metadata']), namespace: name } };
    await applyObject(client, resource, placed, { fieldManager: 'nowwhat-test' });
  }
}

function waitsFor(deployment: JsonObject): string[] {
  const { availableReplicas, observedGeneration } = asObject(deployment['status']);
  const { name = '', generation } = asObject(deployment['metadata']);
  const wanted = asNumber(asObject(deployment['spec'])['replicas']) ?? 1;
  const isReady = observedGeneration === generation && (asNumber(availableReplicas) ?? 0) >= wanted;
  return isReady ? [] : [asString(name) ?? ''];
}

/** Resolves when every Deployment of the namespace is available. Throws with the names of those that are not in time. */
export async function untilReady({ client, name }: TestNamespace, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const { items } = await client.request({ path: `/apis/apps/v1/namespaces/${name}/deployments` });
    const waiting = asArray(items).map(asObject).flatMap(waitsFor);
    if (waiting.length === 0) return;
    if (Date.now() > end) throw new Error(`not ready after ${milliseconds} ms: ${waiting.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
