import { describe, expect, it } from 'vitest';
import {
  connectCommand,
  folderConfig,
  isUninitialized,
  parseComplaint,
  parseProgress,
  movedPath,
  parseSnapshot,
  parseSnapshots,
  policyCommand,
  snapshotCommand,
  sourcePath,
} from './kopia.ts';

const repository = {
  kind: 'bucket' as const,
  bucket: 'kept',
  prefix: 'team/',
  endpoint: 'http://s3.test:9000',
  region: 'eu',
  hasAuthority: true,
};

describe('kopia is called so that Velero finds its own', () => {
  it('in a repository of the namespace, as the user and host of all of Velero’s', () => {
    const command = connectCommand('shop', { ...repository, limit: 1000 }, 'saving');
    for (const each of [
      '--prefix=team/kopia/shop/',
      '--endpoint=s3.test:9000',
      '--disable-tls',
      '--override-username=default',
      '--override-hostname=default',
      '--max-upload-speed=1000',
    ])
      expect(command).toContain(each);
    expect(connectCommand('shop', { ...repository, endpoint: 'https://s3.test' }, 'saving')).not.toContain(
      '--disable-tls',
    );
  });

  it('in a folder of this machine by a script in the place of ssh, all blobs in one folder', () => {
    const { storage, ...whose } = JSON.parse(folderConfig(1000, 'saving'));
    expect(whose).toEqual({ hostname: 'default', username: 'default' });
    expect(storage.config).toMatchObject({ externalSSH: true, dirShards: [], maxUploadSpeedBytesPerSecond: 1000 });
    expect(folderConfig(undefined, 'saving')).not.toContain('Speed');
    const restoring = folderConfig(1000, 'restoring');
    expect(restoring).toContain('"maxDownloadSpeedBytesPerSecond":1000');
    for (const each of [restoring, connectCommand('shop', { ...repository, limit: 1000 }, 'restoring').join(' ')])
      expect(each).not.toMatch(/max-?upload/iu);
  });

  it('without a secret among the arguments', () => {
    const words = [connectCommand('shop', repository, 'saving'), policyCommand('p'), snapshotCommand('p', 'd')]
      .flat()
      .join(' ');
    expect(words).not.toMatch(/secret|password|access-key/);
  });

  it('and nothing is ever dropped by itself', () => {
    const source = sourcePath({ namespace: 'shop', pod: 'db-0', volume: 'data' });
    expect(source).toBe('pod-volume-backup-restore/kopia/shop/db-0/data');
    expect(policyCommand(source)).toContain('--keep-latest=2147483647');
    expect(snapshotCommand(source, 'd')).toContain('--no-auto-maintenance');
  });

  it('and what a snapshot of a volume holds is told from files of pods', () => {
    const source = movedPath({ namespace: 'shop', claim: 'data' });
    expect(source).toBe('snapshot-data-upload-download/kopia/shop/data');
    expect(snapshotCommand(source, 'd')).toContain('--tags=snapshot-requester:snapshot-data-upload-download');
    const list = [source, 'pod-volume-backup-restore/kopia/shop/db/data', 'snapshot-data-upload-downloads/x', '/home'];
    const text = JSON.stringify(
      list.map((path, id) => ({ id: `${id}`, description: 'nowwhat backup b', source: { path } })),
    );
    expect(parseSnapshots(text).map(({ id }) => id)).toEqual(['0', '1']);
  });
});

describe('what kopia answers', () => {
  const whole = { id: 'a1', rootEntry: { summ: { size: 10, files: 2, numFailed: 0 } } };

  it('is a snapshot only where it is whole', () => {
    expect(parseSnapshot(`\n${JSON.stringify(whole)}\n`)).toEqual({ id: 'a1', bytes: 10, files: 2 });
    expect(parseSnapshot(JSON.stringify({ ...whole, incomplete: 'canceled' }))).toContain('incomplete');
    expect(
      parseSnapshot(JSON.stringify({ ...whole, rootEntry: { summ: { size: 1, files: 1, numFailed: 3 } } })),
    ).toContain('3 entries');
    expect(parseSnapshot('')).toContain('answered');
    expect(parseSnapshot('{}')).toContain('nothing');
  });

  it('is read for its progress and for what went wrong', () => {
    expect(
      parseProgress('Snapshotting…\n | 1 hashing, 0 hashed (1 B), uploaded 0 B\r * 0 hashing, 3 hashed (3 MB)'),
    ).toBe('0 hashing, 3 hashed (3 MB)');
    const begun = ' / 4 hashing, 12 hashed (3.1 MB), 0 cached (0 B), uploaded 1.2 MB, estimating...';
    expect(parseProgress(begun)).toBe('1.2 MB sent, 3.1 MB read');
    const going =
      ' - 4 hashing, 12 hashed (3.1 MB), 5 cached (2 GB), uploaded 1.2 MB, estimated 4 GB (50.1%) 2m3s left';
    expect(parseProgress(going)).toBe('1.2 MB sent, 3.1 MB read, 2 GB unchanged of 4 GB (50.1%), 2m3s left');
    expect(parseProgress('hello')).toBeUndefined();
    expect(parseComplaint('a\nERROR error connecting to repository: no such bucket\n')).toBe(
      'error connecting to repository: no such bucket',
    );
    expect(
      isUninitialized('ERROR error connecting to repository: repository not initialized in the provided storage'),
    ).toBe(true);
  });
});
