import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, discover, readConnection } from '../../api/index.ts';
import { startPlayground } from '../../playground/index.ts';
import { collectObjects, type ListRecord } from './collect-objects.ts';
import { compileSelection, type Selection } from './selection.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function start() {
  const seed = names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } }));
  const playground = await startPlayground({ seed, controllers: false });
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-collect-'));
  writeFileSync(join(folder, 'config'), playground.kubeconfig());
  const client = createClient(await readConnection({ environment: { KUBECONFIG: join(folder, 'config') } }));
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => playground.close(),
    () => client.close(),
  );
  return { playground, client };
}

type Started = Awaited<ReturnType<typeof start>>;

/** ConfigMaps by their names, two on a page, and what their list says of itself. */
async function collect({ client }: Started, selection: Selection = {}) {
  const lists: ListRecord[] = [];
  const found: string[] = [];
  const objects = collectObjects({
    client,
    discovery: await discover(client),
    selection: compileSelection({ includedNamespaces: ['shop'], ...selection }),
    concurrency: 2,
    pageSize: 2,
    now: () => '',
    onList: (record) => void lists.push(record),
    onProblem: () => undefined,
  });
  for await (const { resource, name } of objects) if (resource === 'configmaps') found.push(name);
  return { found, list: lists.find(({ groupResource }) => groupResource === 'configmaps') };
}

describe('objects of a backup', () => {
  it.each([
    ['goes on later', { kind: 'expire' }, 3],
    ['begins anew', { kind: 'refuse', code: 410 }, 2],
  ] as const)('come once each where their list ends too early and %s', async (_what, effect, times) => {
    const started = await start();
    const when = { resource: 'configmaps', continued: true };
    started.playground.faults.add({ when, effect, times });
    const { found, list } = await collect(started);
    expect(started.playground.faults.taken).toBe(times);
    expect(found.toSorted()).toEqual(names);
    expect(list).toMatchObject({ objects: names.length, inconsistent: true });
  });

  it('come first and once where they have an order', async () => {
    const { found, list } = await collect(await start(), { orderedResources: { configmaps: 'shop/f,shop/b,shop/f' } });
    expect(found).toEqual(['f', 'b', 'a', 'c', 'd', 'e', 'g']);
    expect(list).toMatchObject({ objects: names.length - 2, inconsistent: false });
  });
});
