import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createClient, readConnection } from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { ExecCall, ExecResult } from '../../playground/index.ts';
import { createBackup } from '../create/create-backup.ts';
import type { CreateContext } from '../create/create-wish.ts';
import { openBackup, openStore } from '../index.ts';
import { readSide } from '../inspect/read-backup.ts';
import { agreementTo, planHooks } from './plan-hooks.ts';

const annotated = (name: string, extra: Record<string, string> = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    annotations: {
      'pre.hook.backup.velero.io/command': '["freeze"]',
      'post.hook.backup.velero.io/command': '["thaw"]',
      ...extra,
    },
  },
  spec: { containers: [{ name: 'main', image: 'r.test/db:1' }] },
  status: { phase: 'Running' },
});
const plain: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'plain', namespace: 'shop' },
  spec: { containers: [{ name: 'main', image: 'r.test/web:1' }] },
};

async function open(pods: readonly JsonObject[], answer: (call: ExecCall) => ExecResult = () => ({})) {
  const calls: string[] = [];
  const result = (call: ExecCall): ExecResult => {
    calls.push(`${call.pod} ${call.command.join(' ')}`);
    return answer(call);
  };
  const { playground, kubeconfig, folder, close } = await openPlaygroundFolder(pods, {
    controllers: false,
    scripts: { exec: [{ result }] },
  });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  onTestFinished(async () => {
    await client.close();
    await close();
  });
  const store = await openStore(join(folder, 'kept'));
  const selection = { includedNamespaces: ['shop'] };
  const make = (more: Partial<CreateContext> = {}) =>
    createBackup(
      { name: 'b', selection, storageLocation: 'default', veleroNamespace: 'velero', concurrency: 2, takeOver: true },
      {
        client,
        store,
        now: Date.now,
        tool: 'test',
        writer: 'test',
        progress: () => undefined,
        hooks: { specs: [], agrees: () => true },
        ...more,
      },
    );
  const podsIn = async (): Promise<unknown> => {
    const { keys } = await openBackup(store, 'b');
    return ((await readSide(store, keys.resourceList)) as JsonObject)['v1/Pod'];
  };
  const plan = () => planHooks({ client, selection, concurrency: 2 }, []);
  return { calls, make, podsIn, plan, playground, store };
}

describe('a backup with hooks', () => {
  it('runs them around each pod that has some', async () => {
    const { calls, make, podsIn, store } = await open([annotated('db-0'), plain]);
    expect(await make()).toMatchObject({ phase: 'Completed', problems: [], volumes: [] });
    expect(calls).toEqual(['db-0 freeze', 'db-0 thaw']);
    expect(await podsIn()).toEqual(['shop/db-0', 'shop/plain']);
    expect((await openBackup(store, 'b')).object).toMatchObject({ status: { hookStatus: { hooksAttempted: 2 } } });
  });

  it('leaves out a pod whose pre hook fails, says so, and still ends what it began', async () => {
    const { calls, make, podsIn } = await open([annotated('db-0'), annotated('db-1')], ({ pod, command }) =>
      pod === 'db-0' && command[0] === 'freeze' ? { exitCode: 4, stderr: 'device is busy' } : {},
    );
    const made = await make();
    expect(made).toMatchObject({ phase: 'PartiallyFailed', problems: [{ severity: 'error', namespace: 'shop' }] });
    expect(made.problems[0]?.message).toBe(
      'pod "db-0" is not in the backup: its pre hook in main failed: exit status 4: device is busy',
    );
    expect(await podsIn()).toEqual(['shop/db-1']);
    expect(calls.toSorted()).toEqual(['db-0 freeze', 'db-0 thaw', 'db-1 freeze', 'db-1 thaw']);
  });

  it('only warns where the hook may fail', async () => {
    const mayFail = { 'pre.hook.backup.velero.io/on-error': 'Continue' };
    const { make, podsIn } = await open([annotated('db-0', mayFail)], ({ command }) =>
      command[0] === 'freeze' ? { exitCode: 1 } : {},
    );
    expect(await make()).toMatchObject({ phase: 'Completed', problems: [{ severity: 'warning' }] });
    expect(await podsIn()).toEqual(['shop/db-0']);
  });

  it('has not completed where a post hook fails; the pod is in it', async () => {
    const { make, podsIn } = await open([annotated('db-0')], ({ command }) =>
      command[0] === 'thaw' ? { exitCode: 1 } : {},
    );
    expect(await make()).toMatchObject({ phase: 'PartiallyFailed' });
    expect(await podsIn()).toEqual(['shop/db-0']);
  });

  it('runs post hooks after the data of the pod, and of all others at the end', async () => {
    const { calls, make } = await open([annotated('db-0'), annotated('db-1')]);
    await make({
      saveVolumes: async ({ onPodSaved }) => {
        calls.push('data of db-0');
        await onPodSaved('shop', 'db-0');
        await onPodSaved('shop', 'db-0');
        calls.push('data of db-1');
        return { podVolumeBackups: [], infos: [], problems: [], volumes: [], listed: [] };
      },
    });
    expect(calls.slice(2)).toEqual(['data of db-0', 'db-0 thaw', 'data of db-1', 'db-1 thaw']);
  });

  it('runs post hooks where it is cut off', async () => {
    const { calls, make } = await open([annotated('db-0')]);
    const cutOff = make({
      saveVolumes: () => Promise.reject(new Error('the cluster is gone')),
    });
    await expect(cutOff).rejects.toThrow('the cluster is gone');
    expect(calls).toEqual(['db-0 freeze', 'db-0 thaw']);
  });
});

describe('agreement to hooks', () => {
  it('is to what was shown: a pod that came up with another command is left out', async () => {
    const { calls, make, plan, podsIn, playground } = await open([annotated('db-0')]);
    const shown = await plan();
    expect(shown).toMatchObject([{ pod: 'db-0', pre: [{ command: ['freeze'] }] }]);
    expect(calls).toEqual([]);
    playground.seed([annotated('db-1'), annotated('evil', { 'post.hook.backup.velero.io/command': '["rm"]' })]);
    const made = await make({ hooks: { specs: [], agrees: agreementTo(shown) } });
    expect(made).toMatchObject({ phase: 'PartiallyFailed', problems: [{ severity: 'error' }] });
    expect(await podsIn()).toEqual(['shop/db-0', 'shop/db-1']);
    expect(calls.filter((call) => call.startsWith('evil'))).toEqual([]);
  });
});
