import { afterEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createClient, readConnection } from '../../api/index.ts';
import type { CollectProblem } from './gap.ts';
import type { Selection } from './selection.ts';
import { type LookedAt, visitObjects } from './visit-objects.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function podIn(namespace: string) {
  const spec = { containers: [{ name: 'a', image: 'a:1' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace }, spec };
}

const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', namespace: 'shop' } };

/** What is seen, with each gap. The lists of `refused` are not permitted. */
async function visit(kinds: readonly LookedAt[], refused: readonly string[], wanted: Selection = {}) {
  const seed = [podIn('shop'), podIn('other'), podIn('left'), map];
  const { playground, kubeconfig, close } = await openPlaygroundFolder(seed, { controllers: false });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  closing.push(close, () => client.close());
  for (const resource of refused)
    playground.faults.add({ when: { resource, verb: 'list' }, effect: { kind: 'refuse', code: 403 }, times: 100 });
  const gaps: CollectProblem[] = [];
  const found: string[] = [];
  const selection = { excludedNamespaces: ['left'], ...wanted };
  for await (const { resource, object } of visitObjects({ client, selection, concurrency: 2 }, kinds, (gap) =>
    gaps.push(gap),
  ))
    found.push(`${resource} ${String((object['metadata'] as { namespace?: string }).namespace)}`);
  return { found: found.toSorted(), gaps: gaps.map(({ notListed, namespace }) => [notListed, namespace]) };
}

describe('objects that a backup would save', () => {
  it('are those of the kinds that are asked for', async () => {
    expect(await visit(['pods'], [], { includedNamespaces: ['shop'] })).toEqual({ found: ['pods shop'], gaps: [] });
  });

  it('are told as a gap where they may not be listed', async () => {
    const { found, gaps } = await visit(['pods', 'persistentvolumeclaims'], ['pods'], {
      includedNamespaces: ['shop', 'other'],
    });
    expect(found).toEqual([]);
    expect(gaps).toEqual([
      ['pods', 'shop'],
      ['pods', 'other'],
    ]);
  });

  it('are those of all namespaces that the filters take where namespaces may not be listed', async () => {
    const { found, gaps } = await visit(['pods'], ['namespaces']);
    expect(found).toEqual(['pods other', 'pods shop']);
    expect(gaps).toEqual([['namespaces', '']]);
  });

  it('are not looked for where the backup takes none of them', async () => {
    const selection = { includedResources: ['configmaps'] };
    expect(await visit(['pods'], ['namespaces'], selection)).toEqual({ found: [], gaps: [] });
  });
});
