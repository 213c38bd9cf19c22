import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createClient, readConnection } from '../../api/index.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import type { ExecCall } from '../../playground/index.ts';
import { helperPod } from './helper-pod.ts';
import { tidyHelpers } from './left-helpers.ts';

const hour = 3_600_000;

function helper(name: string, status: JsonObject): JsonObject {
  const wish = {
    namespace: 'shop',
    name,
    image: 'r.test/kopia:1',
    source: { emptyDir: {} },
    readOnly: true,
    podSpec: {},
    asPod: false,
    lifetime: 600,
    needsStore: false,
    patience: 300_000,
  };
  return { ...helperPod(wish), status };
}

/** Helpers of earlier runs, by name: what each says of the last sign of its run. */
async function open(
  pods: readonly JsonObject[],
  signs: Readonly<Record<string, { stdout?: string; exitCode?: number }>>,
) {
  const result = ({ pod }: ExecCall) => signs[pod] ?? {};
  const { kubeconfig, close } = await openPlaygroundFolder(pods, {
    controllers: false,
    scripts: { exec: [{ result }] },
  });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  onTestFinished(async () => {
    await client.close();
    await close();
  });
  const told: string[] = [];
  async function tidy(now = Date.now()): Promise<readonly string[]> {
    const context = { client, sleep: (ms: number) => setTimeout(Math.min(ms, 20)), now: () => now };
    return await tidyHelpers({ context, progress: (text) => void told.push(text) }, ['shop', 'shop', 'empty']);
  }
  async function left(): Promise<unknown[]> {
    const { items } = await client.request({ path: '/api/v1/namespaces/shop/pods' });
    return asArray(items).map((each) => asObject(asObject(each)['metadata'])['name']);
  }
  return { told, tidy, left };
}

const running = { phase: 'Running' };

describe('helpers that earlier runs have left', () => {
  it('go where their run has given no sign for long, and stay where it is at work', async () => {
    const { told, tidy, left } = await open([helper('dead', running), helper('alive', running)], {
      dead: { stdout: '91\n' },
      alive: { stdout: '89\n' },
    });
    expect(await tidy()).toEqual(['the helper pod shop/dead of another run, which was cut off, was removed']);
    expect(await left()).toEqual(['alive']);
    expect(told).toContain('the helper pod shop/alive of another run, which is at work, stays');
  });

  it('stay where nobody can say, and are not spoken of', async () => {
    const { told, tidy, left } = await open([helper('older', running), helper('mute', running)], {
      older: { exitCode: 1 },
      mute: { stdout: '' },
    });
    await tidy();
    expect(await left()).toEqual(['mute', 'older']);
    expect(told).toEqual([]);
  });

  it('go where the kubelet has ended them, and others than helpers never', async () => {
    const spec = { containers: [{ name: 'c', image: 'r.test/app:1' }] };
    const metadata = { name: 'app', namespace: 'shop' };
    const app = { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: { phase: 'Failed' } };
    const pods = [helper('failed', { phase: 'Failed' }), helper('ended', { phase: 'Succeeded' }), app];
    const { tidy, left } = await open(pods, {});
    await tidy();
    expect(await left()).toEqual(['app']);
  });

  it('go where they never ran, once no run can be waiting for them any more', async () => {
    const { tidy, left } = await open([helper('waiting', { phase: 'Pending' })], {});
    await tidy();
    expect(await left()).toEqual(['waiting']);
    await tidy(Date.now() + hour);
    expect(await left()).toEqual([]);
  });
});
