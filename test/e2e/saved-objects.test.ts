// Backups as a user looks into them: the built program against a cluster in memory and a folder.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, readConnection } from '../../src/api/index.ts';
import { type Playground, startPlayground } from '../../src/playground/index.ts';
import { type Ran, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-looking-'));
const kubeconfig = join(folder, 'kubeconfig');
const kept = join(folder, 'kept');
let playground: Playground;

/** Not in the way of the cluster, which runs in this very process. */
const run = (...args: string[]): Promise<Ran> => answering('', ...args);

function answering(input: string, ...args: string[]): Promise<Ran> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    KUBECONFIG: kubeconfig,
    NOWWHAT_STORE: kept,
    COLUMNS: '120',
  };
  return new Promise((done) => {
    const line = [join(root, 'bin/nowwhat.js'), 'backup', ...args];
    const running = execFile(process.execPath, line, { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
    running.stdin?.end(input);
  });
}

async function change(path: string, body: object): Promise<void> {
  const client = createClient(await readConnection({ path: kubeconfig, environment: {} }));
  await client.request({ method: 'PATCH', path, contentType: 'application/merge-patch+json', body: body as never });
  await client.close();
}

beforeAll(async () => {
  const named = (name: string) => ({ name, namespace: 'shop' });
  const seed = [
    { apiVersion: 'v1', kind: 'Secret', metadata: named('s'), data: { password: 'Z2VoZWltbmlz' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('m'), data: { host: 'db.example.com', mode: 'slow' } },
  ];
  playground = await startPlayground({ seed, controllers: false });
  writeFileSync(kubeconfig, playground.kubeconfig());
  expect(await run('create', 'one', '--context', '.', '-n', 'shop')).toMatchObject({ status: 0 });
  await change('/api/v1/namespaces/shop/configmaps/m', { data: { mode: 'fast' } });
  await change('/api/v1/namespaces/shop/secrets/s', { data: { password: 'YW5kZXJz' } });
  expect(await run('create', 'two', '--context', '.', '-n', 'shop')).toMatchObject({ status: 0 });
}, 120_000);

afterAll(async () => {
  await playground.close();
  rmSync(folder, { recursive: true });
});

describe('a backup', () => {
  it('is listed, filtered and searched', async () => {
    const { out, status } = await run('browse', 'one');
    expect(status).toBe(0);
    expect(out).toMatch(/ConfigMap +shop +m/);
    expect((await run('browse', 'one', '--kind', 'secret')).out).toMatch(/^ {2}Secret {2}shop {2}s\n\n {2}1 object\n$/);
    const found = await run('browse', 'one', '--search', 'DB.example');
    expect(found.out).toContain('/data/host  db.example.com');
    expect(await run('browse', 'one', '--search', 'Z2VoZWltbmlz')).toMatchObject({ status: 1 });
  });

  it('shows one object as YAML, without the values of a Secret', async () => {
    const map = await run('browse', 'one', 'cm/m', '-n', 'shop');
    expect(map.out).toMatch(/^apiVersion: v1\nkind: ConfigMap\nmetadata:\n/);
    expect(map.out).toContain('  mode: slow\n');
    expect((await run('browse', 'one', 'secret/s')).out).toContain('  password: (hidden)\n');
    expect(await run('browse', 'one', 'cm/none')).toMatchObject({ status: 2, out: '' });
    expect((await run('browse', 'one', 'none')).err).toContain('Write KIND/NAME');
  });

  it('is looked through in a conversation: backup, kind, object, text', async () => {
    const picked = await answering('one\nsecrets\n1\n?db.example\n1\nq\n', 'browse', '-i');
    expect(picked.status, picked.err).toBe(0);
    // Backups of the same second stand in the order of their names.
    expect(picked.err).toMatch(/Backups\n +1 +(?:two .*\n +2 +one|one .*\n +2 +two) /);
    expect(picked.err).toContain('one: kinds');
    expect(picked.err).toContain('one: secrets');
    expect(picked.err).toContain('/data/host');
    expect(picked.out).toContain('  password: (hidden)\n');
    const found = await answering('?db.example\n1\n', 'browse', 'one', '-i');
    expect(found.out).toContain('kind: ConfigMap');
    const none = await answering('?nowhere-at-all\nq\n', 'browse', 'one', '-i');
    expect(none.err).toContain('has "nowhere-at-all"');
  });

  it('need not be named: a pipe gets the list of them', async () => {
    const { out, status } = await run('browse');
    expect([status, out]).toEqual([0, (await run('get')).out]);
  });
});

describe('two backups', () => {
  it('are compared by field, of Secrets by key', async () => {
    const { out, status } = await run('diff', 'one', 'two');
    expect(status).toBe(1);
    expect(out).toContain('  ~ ConfigMap shop/m\n      ~ /data/mode  "slow" → "fast"\n');
    expect(out).toContain('      ~ /data/password  changed (values of Secrets are not shown)\n');
    expect(out).toContain('from one to two: 2 changed;');
    expect(await run('diff', 'two', 'two')).toMatchObject({ status: 0 });
    expect(await run('diff', 'one', 'two', '--kind', 'sa')).toMatchObject({ status: 0 });
  });

  it('and the cluster', async () => {
    expect(await run('diff', 'two', 'live', '--context', '.')).toMatchObject({ status: 0 });
    const { out } = await run('diff', 'one', 'live', '--context', '.');
    expect(out).toMatch(/from one to the cluster .*: 2 changed;/);
    expect((await run('diff', 'one', 'live')).err).toContain('no cluster was named');
    expect((await run('diff', 'one', 'two', '--context', '.')).err).toContain('say "live"');
  });

  it('tell the history of an object', async () => {
    const { out, status } = await run('history', 'cm', 'm');
    expect(status).toBe(0);
    expect(out).toMatch(
      /configmaps shop\/m\n.* one {2}first\n.* two {2}changed\n {6}~ \/data\/mode {2}"slow" → "fast"\n/,
    );
    expect(await run('history', 'cm', 'none')).toMatchObject({ status: 1 });
  });
});

describe('a copy', () => {
  it('is made once, and verified', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const { out, status } = await run('copy', 'one', '--to', elsewhere);
    expect(status).toBe(0);
    expect(out).toMatch(/one {2}copied: \d+ keys, .*; every byte as the seal has it\n/);
    expect((await run('copy', 'one', '--to', elsewhere)).out).toMatch(
      /copied: 0 keys, 0 bytes, \d+ keys there already/,
    );
    expect(await run('verify', 'one', '--store', elsewhere)).toMatchObject({ status: 0 });
    expect(await run('copy', 'one', '--to', kept)).toMatchObject({ status: 2 });
  });

  it('is downloaded as a file or a folder', async () => {
    const file = join(folder, 'one.tar.gz');
    expect((await run('download', 'one', '-o', file)).out).toContain('every byte as the seal has it');
    expect(await run('download', 'one', '-o', file)).toMatchObject({ status: 2 });
    expect(await run('download', 'one', '-o', file, '--force')).toMatchObject({ status: 0 });
    expect(readFileSync(file).equals(readFileSync(join(kept, 'backups/one/one.tar.gz')))).toBe(true);
    expect(await run('download', 'one', '-o', join(folder, 'all/'))).toMatchObject({ status: 0 });
    expect(await run('diff', 'one', 'one', '--store', join(folder, 'all'))).toMatchObject({ status: 0 });
  });
});

describe('an export', () => {
  it('is printed, or a new folder that a check reads', async () => {
    const { out } = await run('export', 'one', '--kind', 'cm', '--name', 'm');
    expect(out).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n  namespace: shop\ndata:\n  host: db.example.com\n  mode: slow\n',
    );
    const k8s = join(folder, 'exported/');
    const made = await run('export', '--context', '.', '-n', 'shop', '--folder', k8s, '--layout', 'kustomize');
    expect(made).toMatchObject({ status: 0, err: '' });
    expect(made.out).toContain('values of 1 Secret were not exported: shop/s');
    expect(readFileSync(join(k8s, 'kustomization.yaml'), 'utf8')).toContain('- configmap-m.yaml\n');
    const page = readFileSync(join(k8s, 'SECRETS.md'), 'utf8');
    expect(page).toContain('## `s` in `shop`\n\nType `Opaque`, keys `password`.');
    expect(page).not.toContain('YW5kZXJz');
    expect(await run('export', 'one', '--folder', k8s)).toMatchObject({ status: 2 });
    expect((await run('export', 'one', '--context', '.')).err).toContain('of a backup or of a cluster');
    expect((await run('export', 'one', '--layout', 'kustomize')).err).toContain('Name one with --folder');
  });
});

describe('as JSON', () => {
  it.each([
    ['export', ['export', 'two', '--folder', join(folder, 'as-json')]],
    ['backup-copy', ['copy', 'two', '--to', join(folder, 'json')]],
    ['saved-objects', ['browse', 'one', '--search', 'slow']],
    ['saved-objects', ['browse', 'two']],
    ['object-history', ['history', 'secret', 's']],
    ['backup-diff', ['diff', 'one', 'two']],
    ['backup-diff', ['diff', 'one', 'live', '--context', '.']],
  ])('%s keeps its published schema, and no value of a Secret', async (thing, args) => {
    const schema: object = JSON.parse(readFileSync(join(root, `docs/schemas/${thing}-v1.schema.json`), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    const { out } = await run(...args, '-o', 'json');
    validate(JSON.parse(out));
    expect(validate.errors).toBeNull();
    expect(validate({ schema: `nowwhat.dev/${thing}/v1` })).toBe(false);
    expect(out).not.toMatch(/Z2VoZWltbmlz|YW5kZXJz/);
  });
});
