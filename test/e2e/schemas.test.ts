// Every JSON output has a published schema, and is as it says.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/kube/manifests/parse-manifests.ts';
import { asObject, type JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { root } from './run-cli.ts';

const schemas = join(root, 'docs/schemas');
const app = join(root, 'examples/shop/k8s');

/** Formats of files that only the program itself reads, or that have a page of their own. */
const formats = new Set([
  'backup-manifest',
  'backup-files',
  'backup-seal',
  'backup-signature',
  'drill-mark',
  'drill-failure',
  'dumps',
  'flow',
  'restore-record',
  'snapshot',
]);

let folder: string;
let cluster: PlaygroundFolder;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-schemas-'));
  mkdirSync(join(folder, '.nowwhat'));
  cpSync(app, join(folder, 'k8s'), { recursive: true });
  writeFileSync(join(folder, 'digests'), `docker.io/shop/cart:0.3=sha256:${'0'.repeat(64)}\n`);
  writeFileSync(join(folder, 'key.pub'), '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n');
  const text = readdirSync(app)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(app, name), 'utf8'))
    .join('\n---\n');
  const clusterWide = new Set(['Namespace', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding']);
  const context = { textIndex: 0, origin: { kind: 'manifest', unit: '' }, namespace: 'default' } as const;
  const parsed = parseManifests({ file: 'shop.yaml', text, rendered: false }, context).objects;
  // The playground is too new for the old API version of one of them.
  const served = parsed.filter(({ apiVersion }) => apiVersion !== 'batch/v1beta1');
  const objects = served.map(({ raw, kind }): JsonObject => {
    const namespaced = clusterWide.has(kind) ? {} : { namespace: 'default' };
    return { ...raw, metadata: { ...namespaced, ...asObject(raw['metadata']) } };
  });
  cluster = await openPlaygroundFolder(objects);
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

function run(
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly out: string; readonly err: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: cluster.kubeconfig };
  const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { cwd: folder, env });
  const told = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => void (told.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (told.err += chunk.toString()));
  child.stdin.end();
  return new Promise((resolve) => {
    child.once('close', (status) => resolve({ status, ...told }));
  });
}

/** What a value has otherwise than its schema says. */
function problemsOf(thing: string, value: unknown): readonly object[] {
  const schema = JSON.parse(readFileSync(join(schemas, `${thing}-v1.schema.json`), 'utf8')) as object;
  const validate = new Ajv({ allErrors: true, strict: false, logger: false }).compile(schema);
  return validate(value) === true ? [] : (validate.errors ?? []);
}

const live = ['--context', '.', '-n', 'default'];
const store = ['--store', 'file:store'];

/** Commands in their order, and the schema of what they print. */
const outputs: [thing: string, args: string[]][] = [
  ['report', ['check', 'k8s']],
  ['report', ['journey', 'k8s']],
  ['checks', ['checks']],
  ['inventory', ['inventory', 'k8s']],
  ['fix', ['fix', 'k8s']],
  ['fix', ['fix', '--to', 'security=4', 'network', 'k8s']],
  ['plan', ['plan', 'k8s']],
  ['isolation', ['isolation', 'k8s']],
  ['isolation', ['isolation', ...live]],
  ['secrets', ['secrets', 'k8s']],
  ['pod-security', ['pod-security', 'k8s']],
  ['pod-security', ['pod-security', ...live, '--prove', '--yes']],
  ['guard-rails', ['guard-rails', 'k8s']],
  ['pin', ['pin', 'k8s', '--digests', 'digests']],
  ['signature-policy', ['signature-policy', '--engine', 'kyverno', '--images', 'docker.io/shop/', '--key', 'key.pub']],
  ['connections', ['network', 'k8s']],
  ['connection', ['network', 'why', 'web', 'postgres', '5432', 'k8s']],
  ['connection', ['network', 'why', 'web', 'api', 'k8s']],
  ['connections-diff', ['network', 'diff', 'k8s', app]],
  ['connections-diff', ['network', 'diff', join(root, 'examples/closed'), 'k8s']],
  ['network-policies', ['network', 'policies', 'k8s']],
  ['network-audit', ['network', 'audit', join(root, 'examples/closed'), '--for', '1s', '--yes', ...live]],
  ['traffic', ['traffic', 'k8s']],
  ['roles', ['roles', 'k8s']],
  ['who-can', ['who-can', 'get', 'secrets', 'k8s']],
  ['what-can', ['what-can', 'sa:default/shop-admin', 'k8s']],
  ['compare', ['compare', '--from', 'k8s', '--to', 'k8s']],
  ['drift', ['drift', 'k8s', ...live]],
  ['facts', ['facts', '--context', '.']],
  ['probe-plan', ['probe', '--context', '.', '--plan']],
  ['cluster-fix', ['fix', 'seccomp-unset', ...live]],
  ['backup-plan', ['backup', 'create', '--dry-run', ...live]],
  ['backup', ['backup', 'create', 'first', ...live, ...store]],
  ['backups', ['backup', 'get', ...store]],
  ['backup', ['backup', 'describe', 'first', ...store]],
  ['verification', ['backup', 'verify', 'first', ...store]],
  ['drill', ['drill', '--from-backup', 'first', '--context', '.', '--ready-within', '1s', '--yes', ...store]],
  ['restore', ['restore', 'create', '--from-backup', 'first', '--context', '.', '--dry-run', ...store]],
  ['deleted', ['backup', 'delete', 'first', '--yes', ...store]],
  ['proofs', ['proofs']],
];

describe('an output as JSON', () => {
  it.each(outputs)('has the schema %s: %j', async (thing, args) => {
    const { status, out, err } = await run([...args, '-o', 'json']);
    expect([0, 1], err).toContain(status);
    const value = JSON.parse(out) as Record<string, unknown>;
    expect(problemsOf(thing, value)).toEqual([]);
    expect(value['schema']).toBe(`nowwhat.dev/${thing}/v1`);
    const { schema: _, ...without } = value;
    expect(problemsOf(thing, without)).not.toEqual([]);
  });

  it('of what was done to files, and taken back, has the schema of an outcome', async () => {
    expect((await run(['plan', 'k8s', '-o', 'plan.json'])).status).toBe(0);
    for (const args of [['apply', 'plan.json'], ['undo']]) {
      const { out, err } = await run([...args, '--yes', '-o', 'json']);
      expect(problemsOf('outcome', JSON.parse(out)), err).toEqual([]);
    }
    expect(problemsOf('plans', JSON.parse((await run(['undo', '--list', '-o', 'json'])).out))).toEqual([]);
  });
});

it('every schema name in the program has a published schema', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const things = files
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(join(root, 'src', name), 'utf8').matchAll(/nowwhat\.dev\/([a-z-]+)\/v1\b/g)])
    .map(([, thing = '']) => thing);
  expect(new Set(things).size).toBeGreaterThan(40);
  for (const name of readdirSync(schemas)) expect(problemsOf(name.replace('-v1.schema.json', ''), 1)).not.toEqual([]);
  const published = new Set(readdirSync(schemas).map((name) => name.replace('-v1.schema.json', '')));
  expect([...new Set(things)].filter((thing) => !published.has(thing) && !formats.has(thing))).toEqual([]);
});
