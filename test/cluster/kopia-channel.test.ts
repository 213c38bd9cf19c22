// kopia itself speaks with a folder of this machine over the streams of the command that started it, by the scripts that a helper pod runs.

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serveBlobs } from '../../src/backup/volumes/channel/serve-blobs.ts';
import {
  commandInLink,
  commandInScratch,
  createCommand,
  folderConfig,
  linkScript,
  ownerCommand,
  policyCommand,
  saidFile,
} from '../../src/backup/volumes/kopia.ts';

const kopia = process.env['NOWWHAT_TEST_KOPIA'] ?? '';

describe.runIf(kopia !== '')('kopia itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-blobs-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** As in a helper, with the folder of this test in the place of its own. */
  const here = (text: string): string => text.replaceAll('/work/', `${folder}/`).replaceAll('/config/', `${folder}/`);
  const environment = () => ({
    PATH: `${dirname(kopia)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    KOPIA_PASSWORD: 'p',
    KOPIA_CONFIG_PATH: join(folder, 'config'),
    KOPIA_CHECK_FOR_UPDATES: 'false',
  });

  async function run(...command: readonly string[]): Promise<string> {
    const [program = '', ...args] = commandInLink(command).map(here);
    const child = spawn(program, args, { env: environment() });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    const served = serveBlobs(join(folder, 'kopia'), child.stdout, child.stdin);
    const status = await new Promise((resolve) => child.once('exit', resolve));
    child.stdout.destroy();
    await served.catch(() => undefined);
    expect(status, err).toBe(0);
    return readFileSync(here(saidFile), 'utf8');
  }

  it('saves and restores through it, into blobs named as in a bucket', async () => {
    const [data, back, repository] = ['data', 'back', 'kopia'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const [program = '', ...args] = commandInScratch(createCommand()).map(here);
    const made = spawnSync(program, args, { env: environment(), encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    mkdirSync(repository);
    for (const name of ['kopia.repository', 'kopia.blobcfg'])
      copyFileSync(join(folder, 'new', `${name}.f`), join(repository, name));
    writeFileSync(join(folder, 'config'), here(folderConfig(undefined, 'saving')));
    writeFileSync(join(folder, 'link'), linkScript);
    mkdirSync(data);
    writeFileSync(join(data, 'large'), randomBytes(3_000_000));
    await run(...ownerCommand());
    await run(...policyCommand('a/b'));
    const saved = await run('kopia', 'snapshot', 'create', '--override-source=default@default:a/b', '--json', data);
    const id = /"id":"([0-9a-f]+)"/.exec(saved)?.[1] ?? '';
    await run('kopia', 'restore', id, back);
    expect(readFileSync(join(back, 'large')).equals(readFileSync(join(data, 'large')))).toBe(true);
    const names = readdirSync(repository);
    expect(names.filter((name) => /^p[0-9a-f]{32}-s/.test(name)).length).toBeGreaterThan(0);
    expect(names.filter((name) => name.endsWith('.f') || name.includes('part'))).toEqual([]);
  }, 120_000);
});
