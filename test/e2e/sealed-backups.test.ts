// Sealed Secrets and signatures as a user has them: the built program against a cluster in memory.

import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asObject } from '../../src/model/index.ts';
import { type Playground, startPlayground } from '../../src/playground/index.ts';
import { type Ran, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-sealed-'));
const kubeconfig = join(folder, 'kubeconfig');
const kept = join(folder, 'kept');
const file = (name: string): string => join(folder, name);
let playground: Playground;
let recipient = '';

function run(...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig, NOWWHAT_STORE: kept };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { env }, (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

beforeAll(async () => {
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"p":"Z2VoZWltbmlz"}}' };
  const metadata = { name: 's', namespace: 'shop', annotations: applied };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { p: 'Z2VoZWltbmlz' } };
  playground = await startPlayground({ seed: [secret], controllers: false });
  writeFileSync(kubeconfig, playground.kubeconfig());
  const [identity, other] = [await generateX25519Identity(), await generateX25519Identity()];
  recipient = await identityToRecipient(identity);
  writeFileSync(file('key.txt'), `# created by a test\n${identity}\n`);
  writeFileSync(file('other.txt'), `${other}\n`);
  for (const name of ['one', 'two']) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(file(`${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(file(`${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }));
  }
  const create = ['backup', 'create', '--context', '.', '-n', 'shop'];
  const sealed = await run(...create, 'closed', '--seal-to', recipient, '--sign', file('one.pem'));
  expect(sealed).toMatchObject({ status: 0, err: '' });
  expect(await run(...create, 'open')).toMatchObject({ status: 0 });
});

afterAll(async () => {
  await playground.close();
  rmSync(folder, { recursive: true });
});

describe('a sealed backup', () => {
  const restore = ['restore', 'create', '--from-backup', 'closed', '--context', '.', '--yes'];

  it('has no value of a Secret in any of its keys', () => {
    const archive = gunzipSync(readFileSync(join(kept, 'backups/closed/closed.tar.gz'))).toString('latin1');
    expect(archive).toContain('sealed.age');
    expect(archive).not.toContain('Z2VoZWltbmlz');
    expect(readFileSync(join(kept, 'backups/closed/velero-backup.json'), 'utf8')).toContain(recipient);
  });

  it('is restored with its identity, and by nobody else', async () => {
    expect((await run(...restore)).err).toContain('are sealed');
    expect((await run(...restore, '--identity', file('other.txt'))).err).toContain('opens the Secrets of this backup');
    expect((await run(...restore, '--identity', file('none.txt'))).err).toContain('cannot be read');
    const secrets = (): string[] =>
      playground.store.list('/secrets').map(({ metadata }) => JSON.stringify(asObject(metadata)['namespace']));
    const copy = ['--namespace-mappings', 'shop:copy'];
    expect(await run(...restore, ...copy, '--exclude-resources', 'secrets')).toMatchObject({ status: 0 });
    expect(secrets()).toEqual(['"shop"']);
    expect(await run(...restore, ...copy, '--identity', file('key.txt'))).toMatchObject({ status: 0 });
    const back = playground.store.list('/secrets').find(({ metadata }) => asObject(metadata)['namespace'] === 'copy');
    expect(back).toMatchObject({ data: { p: 'Z2VoZWltbmlz' } });
  });

  it('is compared as far as it can be', async () => {
    const { out, status } = await run('backup', 'diff', 'closed', 'open');
    expect(out).toContain('of 1 sealed Secret no values');
    expect(status).toBe(0);
    expect((await run('backup', 'browse', 'closed', 'secret/s')).out).toContain('  sealed.age: (hidden)\n');
  });

  it('needs a recipient that is one', async () => {
    const { status, err } = await run('backup', 'create', 'x', '--context', '.', '--seal-to', 'age1nothing');
    expect(status).toBe(2);
    expect(err).toContain('is no recipient of age');
  });
});

describe('a signed backup', () => {
  it('is verified with the public key, and by no other', async () => {
    const verify = (name: string, ...args: string[]): Promise<Ran> => run('backup', 'verify', name, ...args);
    expect((await verify('closed', '--key', file('one.pub'))).out).toContain('; the signature holds');
    expect((await verify('closed')).out).toContain('; signed, which --key would check');
    expect(await verify('closed', '--key', file('two.pub'))).toMatchObject({ status: 1 });
    expect((await verify('open', '--key', file('one.pub'))).out).toContain('nobody signed this backup');
    expect(await verify('closed', '--key', file('one.pem'))).toMatchObject({ status: 2 });
  });

  it('is copied with its signature', async () => {
    const elsewhere = join(folder, 'elsewhere');
    expect(await run('backup', 'copy', 'closed', '--to', elsewhere)).toMatchObject({ status: 0 });
    const verify = ['backup', 'verify', 'closed', '--store', elsewhere, '--key', file('one.pub'), '-o', 'json'];
    expect(JSON.parse((await run(...verify)).out)).toMatchObject({ signature: 'valid', flaws: [] });
  });

  it('is restored and tried where the key holds, and refused where nobody signed it or somebody else did', async () => {
    const create = (name: string, key: string): Promise<Ran> =>
      run(
        'restore',
        'create',
        '--from-backup',
        name,
        '--context',
        '.',
        '--identity',
        file('key.txt'),
        '--key',
        key,
        '--yes',
      );
    expect(await create('closed', file('one.pub'))).toMatchObject({ status: 0 });
    expect((await create('closed', file('two.pub'))).err).toContain('was made with another key');
    expect((await create('open', file('one.pub'))).err).toContain('nobody signed this backup');
    const drill = ['drill', '--from-backup', 'closed', '--context', '.', '--key', file('two.pub'), '--yes'];
    expect((await run(...drill)).err).toContain('was made with another key');
  });

  it('without its seal is restored no more', async () => {
    const restore = ['restore', 'create', '--from-backup', 'open', '--context', '.', '--yes'];
    const aside = (name: string): (() => void) => {
      const path = join(kept, 'backups/open', name);
      renameSync(path, file('aside'));
      return () => renameSync(file('aside'), path);
    };
    const putBack = aside('open-nowwhat-seal.json');
    const ran = await run(...restore);
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('open-nowwhat-seal.json is missing');
    putBack();
    expect(await run(...restore)).toMatchObject({ status: 0 });
  });

  it('whose seal somebody replaced is found', async () => {
    const path = join(kept, 'backups/closed/closed-nowwhat-signature.json');
    const bytes = readFileSync(path);
    const signed = JSON.parse(bytes.toString());
    writeFileSync(path, JSON.stringify({ ...signed, signature: Buffer.alloc(64, 1).toString('base64') }));
    const { out, status } = await run('backup', 'verify', 'closed', '--key', file('one.pub'));
    writeFileSync(path, bytes);
    expect(status).toBe(1);
    expect(out).toContain('does not fit the seal');
  });
});
