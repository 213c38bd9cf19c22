import { describe, expect, it } from 'vitest';
import type { ArchivedObject } from '../archive/write-archive.ts';
import { VolumeInfos } from './volume-info.ts';

function volume(name: string): ArchivedObject {
  const raw = { metadata: { name }, spec: { claimRef: { namespace: 'shop', name: `claim-${name}` } } };
  return {
    group: '',
    version: 'v1',
    resource: 'persistentvolumes',
    kind: 'PersistentVolume',
    namespace: '',
    name,
    raw,
  };
}

describe('what a backup says of its volumes', () => {
  it('is that there are no data, until somebody knows better', () => {
    const infos = new VolumeInfos();
    for (const name of ['a', 'b']) infos.note(volume(name));
    infos.replace([
      { pvName: 'b', backupMethod: 'PodVolumeBackup' },
      { pvName: '', backupMethod: 'PodVolumeBackup' },
    ]);
    expect(infos.toJson()).toMatchObject([
      { pvName: 'a', pvcName: 'claim-a', skipped: true },
      { pvName: 'b', backupMethod: 'PodVolumeBackup' },
      { pvName: '', backupMethod: 'PodVolumeBackup' },
    ]);
  });
});
