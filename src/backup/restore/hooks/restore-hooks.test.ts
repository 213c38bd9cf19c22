import { describe, expect, it } from 'vitest';
import { contextFor, openTarget, wishFor } from '../../../../test/backup/restoring.ts';
import { asArray, asObject, type JsonObject } from '../../../model/index.ts';
import type { ExecScript } from '../../../playground/index.ts';
import { restoreBackup } from '../restore-backup.ts';
import type { RestoreWish } from '../restore-wish.ts';
import { addInitContainers, findRestoreExecs } from './find-restore-hooks.ts';
import { parseRestoreHooks } from './restore-hook-spec.ts';

function pod(annotations: JsonObject = {}, labels: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db', namespace: 'shop', annotations, labels },
    spec: {
      initContainers: [{ name: 'own', image: 'r.test/i:1' }],
      containers: [{ name: 'main', image: 'r.test/db:1' }],
    },
  };
}

const init = { name: 'prepare', image: 'r.test/p:1', command: ['prepare'] };
const specs = parseRestoreHooks(
  {
    resources: [
      {
        name: 'load',
        includedNamespaces: ['copy'],
        labelSelector: { matchLabels: { app: 'db' } },
        postHooks: [
          { init: { initContainers: [init], timeout: '1m' } },
          { exec: { command: ['load'], onError: 'Fail', execTimeout: '5s', waitTimeout: '1m', waitForReady: true } },
        ],
      },
    ],
  },
  'restore.yaml',
);

describe('the commands of a pod that comes back', () => {
  it('are those of its annotations', () => {
    const annotations = {
      'post.hook.restore.velero.io/command': '["a", "b c"]',
      'post.hook.restore.velero.io/container': 'side',
      'post.hook.restore.velero.io/on-error': 'Fail',
      'post.hook.restore.velero.io/exec-timeout': '10s',
      'post.hook.restore.velero.io/wait-timeout': '2m',
      'post.hook.restore.velero.io/wait-for-ready': 'true',
    };
    expect(findRestoreExecs(pod(annotations, { app: 'db' }), 'copy', specs)).toEqual([
      {
        namespace: 'copy',
        pod: 'db',
        container: 'side',
        command: ['a', 'b c'],
        onError: 'Fail',
        timeout: 10_000,
        waitTimeout: 120_000,
        waitForReady: true,
      },
    ]);
  });

  it('are else those of the spec, by where it goes and its labels', () => {
    const labels = { app: 'db' };
    expect(findRestoreExecs(pod({}, labels), 'copy', specs)).toMatchObject([
      { container: 'main', command: ['load'], onError: 'Fail', timeout: 5000, waitTimeout: 60_000, waitForReady: true },
    ]);
    expect(findRestoreExecs(pod({}, labels), 'shop', specs)).toEqual([]);
    expect(findRestoreExecs(pod({}, { app: 'web' }), 'copy', specs)).toEqual([]);
    expect(findRestoreExecs(pod({ 'post.hook.restore.velero.io/command': 'x' }), 'copy', undefined)).toEqual([]);
  });
});

it.each([
  ['true', true],
  ['1', true],
  ['T', true],
  ['false', false],
  ['yes', false],
])('wait-for-ready is a truth as Go reads it: %s', (text, wanted) => {
  const annotated = pod({
    'post.hook.restore.velero.io/command': 'x',
    'post.hook.restore.velero.io/wait-for-ready': text,
  });
  expect(findRestoreExecs(annotated, 'copy', [])).toMatchObject([{ waitForReady: wanted }]);
});

describe('the init containers of a pod that comes back', () => {
  const names = (object: JsonObject): unknown[] =>
    asArray(asObject(object['spec'])['initContainers']).map((each) => asObject(each)['name']);

  it('are those of its annotations, before its own', () => {
    const annotated = pod({
      'init.hook.restore.velero.io/container-image': 'r.test/p:1',
      'init.hook.restore.velero.io/container-name': 'own',
      'init.hook.restore.velero.io/command': '["fetch", "it"]',
    });
    const added = addInitContainers(annotated, 'copy', []);
    // A name that the pod has already is made another.
    expect(names(added)).toEqual(['own']);
    const other = pod({
      ...asObject(asObject(annotated['metadata'])['annotations']),
      'init.hook.restore.velero.io/container-name': '',
    });
    expect(names(addInitContainers(other, 'copy', []))).toEqual(['restore-init', 'own']);
  });

  it('run what their image is for where no command is said', () => {
    const added = addInitContainers(
      pod({ 'init.hook.restore.velero.io/container-image': 'r.test/p:1' }),
      'copy',
      specs,
    );
    const [first] = asArray(asObject(added['spec'])['initContainers']).map(asObject);
    expect(first).toEqual({ name: 'restore-init', image: 'r.test/p:1' });
  });

  it('are else those of the spec, once', () => {
    const once = addInitContainers(pod({}, { app: 'db' }), 'copy', specs);
    expect(names(once)).toEqual(['prepare', 'own']);
    expect(addInitContainers(once, 'copy', specs)).toBe(once);
  });
});

describe('hooks of a spec that are wrong', () => {
  it.each([
    [{ resources: [{ name: 'a', postHooks: [{ exec: { comand: ['x'] } }] }] }, 'postHooks'],
    [{ resources: [{ name: 'a', postHooks: [{ exec: { command: ['x'], execTimeout: 'soon' } }] }] }, 'execTimeout'],
    [{ resource: [] }, 'resource'],
  ])('%j are refused', (value, words) => {
    expect(() => parseRestoreHooks(value, 'restore.yaml')).toThrow(words);
  });
});

describe('a restore with hooks', () => {
  const withHook = pod({
    'post.hook.restore.velero.io/command': 'load',
    'post.hook.restore.velero.io/wait-timeout': '5s',
    'post.hook.restore.velero.io/on-error': 'Fail',
  });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } };

  async function restore(result: ExecScript['result'], wish: Partial<RestoreWish> = { hooks: [] }) {
    const exec = [{ pod: 'db', container: 'main', command: 'load', result }];
    const { client } = await openTarget([], { scripts: { exec } });
    const context = await contextFor(client, [namespace, account, withHook]);
    const run = () => restoreBackup(wishFor(wish), context);
    return { report: await run(), run };
  }

  it('runs them when the pod is up, and not a second time', async () => {
    const { report, run } = await restore({ stdout: 'loaded' });
    expect(report).toMatchObject({ phase: 'Completed', hooks: [{ pod: 'db', result: 'ran' }] });
    expect(await run()).toMatchObject({ phase: 'Completed', hooks: [] });
  });

  it('has failed where one that must not fail does', async () => {
    const { report } = await restore({ exitCode: 2, stderr: 'no dump' });
    expect(report).toMatchObject({
      phase: 'PartiallyFailed',
      hooks: [{ result: 'failed', isGrave: true, message: 'exit status 2: no dump' }],
    });
  });

  it('runs none where none is wanted', async () => {
    expect((await restore({}, {})).report.hooks).toEqual([]);
  });
});
