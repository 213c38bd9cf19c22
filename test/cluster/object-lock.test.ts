// A bucket with object lock on a real S3 server: backups are written, copied, deleted and tidied up in it, and no byte of them goes before its time.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyBackup } from '../../src/backup/copy/copy-backup.ts';
import { deleteBackup } from '../../src/backup/inspect/delete-backup.ts';
import { listBackups } from '../../src/backup/inspect/read-backup.ts';
import { verifyBackup } from '../../src/backup/inspect/verify-backup.ts';
import { applyPrune, planPrune } from '../../src/backup/retention/prune-store.ts';
import { openFolderStore } from '../../src/backup/store/folder-store.ts';
import { openS3Store } from '../../src/backup/store/s3-store.ts';
import type { Store } from '../../src/backup/store/store.ts';
import { saveObjects } from '../s3/made-backups.ts';
import { untilListening } from './until-listening.ts';

const server = process.env['NOWWHAT_TEST_S3_SERVER'];
const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
const port = 7073;
const endpoint = `http://127.0.0.1:${port}`;
const bucket = 'locked';

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: '1' },
};

describe.runIf(server !== undefined)('a bucket with object lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-locked-'));
  let running: ChildProcess;
  let client: S3Client;
  let store: Store;

  beforeAll(async () => {
    const folders = ['data', 'iam', 'versions'].map((name) => join(folder, name));
    for (const each of folders) mkdirSync(each);
    const [data = '', iam = '', versions = ''] = folders;
    const login = ['--access', credentials.accessKeyId, '--secret', credentials.secretAccessKey];
    const place = ['--port', `127.0.0.1:${port}`, '--iam-dir', iam, 'posix', '--versioning-dir', versions, data];
    running = spawn(server ?? '', [...login, ...place], { stdio: 'ignore' });
    await untilListening(port);
    client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    const rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } } as const;
    const lock = { ObjectLockEnabled: 'Enabled', Rule: rule } as const;
    await client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration: lock }));
    store = openS3Store({ bucket, prefix: '', endpoint, credentials });
    for (const day of ['1', '2', '3'])
      await saveObjects(store, `shop-${day}`, [settings], { by: 'nowwhat', started: `2026-11-0${day}T00:00:00Z` });
  });

  afterAll(() => {
    store?.close();
    client?.destroy();
    running?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function versionsOf(backup: string): Promise<readonly ObjectVersion[]> {
    const Prefix = `backups/${backup}/`;
    return (await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix }))).Versions ?? [];
  }

  const names = async (): Promise<string[]> => (await listBackups(store)).map(({ name }) => name);

  it('takes backups whole, each key once', async () => {
    expect(await verifyBackup(store, 'shop-1')).toMatchObject({ flaws: [], objects: 1 });
    const versions = await versionsOf('shop-1');
    expect(new Set(versions.map(({ Key }) => Key)).size).toBe(versions.length);
  });

  it('takes copies, and a second copy writes nothing', async () => {
    const from = openFolderStore(join(folder, 'kept'));
    await saveObjects(from, 'copied', [settings], { by: 'nowwhat' });
    const wish = { name: 'copied', from, to: store, volumes: false, now: Date.now, progress: () => undefined };
    await copyBackup(wish);
    const before = await versionsOf('copied');
    expect(await copyBackup(wish)).toMatchObject({ copied: 0 });
    expect(await versionsOf('copied')).toEqual(before);
    await deleteBackup(store, 'copied');
  });

  it('lets a deleted backup go from sight, and keeps every byte until its time', async () => {
    const before = await versionsOf('shop-1');
    expect(await deleteBackup(store, 'shop-1')).toBe(before.length);
    expect(await names()).not.toContain('shop-1');
    const after = await versionsOf('shop-1');
    const ids = (versions: readonly ObjectVersion[]) => new Set(versions.map(({ VersionId }) => VersionId));
    expect(ids(after)).toEqual(ids(before));
    for (const { Key, VersionId } of after)
      await expect(client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }))).rejects.toMatchObject({
        name: 'AccessDenied',
      });
  });

  it('is tidied up by a rule, with the same bytes behind it', async () => {
    const before = await versionsOf('shop-2');
    const by = { hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
    const rule = { last: 1, by, within: 0, zone: 'UTC' };
    const plan = await planPrune(store, { rule, all: true }, Date.parse('2026-12-01'));
    expect(await applyPrune(store, plan, { progress: () => undefined, end: async () => undefined })).toEqual([
      { name: 'shop-2', result: 'deleted' },
    ]);
    expect(await names()).toEqual(['shop-3']);
    expect(await versionsOf('shop-2')).toHaveLength(before.length);
  });
});
