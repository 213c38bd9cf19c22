import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { createClient, readConnection } from '../../api/index.ts';
import type { ExecResult } from '../../playground/index.ts';
import { keptBytes, runHook, lastLine } from './run-hook.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { containers: [{ name: 'main', image: 'r.test/db:1' }] },
  status: { phase: 'Running' },
};

async function run(result: ExecResult | (() => Promise<ExecResult>), wish: { timeout?: number; pod?: string } = {}) {
  const exec = [{ pod: 'db', container: 'main', command: 'sync -f /data', result }];
  const { kubeconfig, close } = await openPlaygroundFolder([pod], { controllers: false, scripts: { exec } });
  const client = createClient(await readConnection({ environment: { KUBECONFIG: kubeconfig } }));
  onTestFinished(async () => {
    await client.close();
    await close();
  });
  const place = { namespace: 'shop', pod: wish.pod ?? 'db', container: 'main' };
  return await runHook(client, { ...place, command: ['sync', '-f', '/data'], timeout: wish.timeout ?? 20_000 });
}

describe('a hook', () => {
  it('that ends with 0 has not failed', async () => {
    const outcome = await run({ stdout: 'frozen\n' });
    expect(outcome).toEqual({ exitCode: 0, failure: '', stdout: 'frozen\n', stderr: '' });
  });

  it('that ends with another status says its last word', async () => {
    const outcome = await run({ exitCode: 3, stderr: 'trying\nno such table\n' });
    expect(outcome).toMatchObject({ exitCode: 3, failure: 'exit status 3: no such table' });
  });

  it('that takes too long is left', async () => {
    const outcome = await run(() => setTimeout(5000, {}, { ref: false }), { timeout: 200 });
    expect(outcome).toMatchObject({ exitCode: undefined, failure: 'did not end within 0.2 s' });
  });

  it('whose pod is gone was not run', async () => {
    const { exitCode, failure } = await run({}, { pod: 'gone' });
    expect(exitCode).toBeUndefined();
    expect(failure).toContain('not found');
  });

  it('that prints without end is kept in part', async () => {
    const { exitCode, stdout } = await run({ stdout: `${'x'.repeat(5_000_000)}the end` });
    expect(exitCode).toBe(0);
    expect(stdout).toHaveLength(keptBytes);
    expect(stdout.endsWith('xthe end')).toBe(true);
  });
});

it.each([
  ['', ''],
  ['one\ntwo\n', ': two'],
  [
    'NOTICE: x\nERROR:  database "shop" is being accessed by other users\nDETAIL:  There is 1 other session.\n',
    ': ERROR:  database "shop" is being accessed by other users DETAIL:  There is 1 other session.',
  ],
  ['DETAIL:  alone', ': DETAIL:  alone'],
])('%j is told in a line', (text, told) => {
  expect(lastLine(text)).toBe(told);
});
