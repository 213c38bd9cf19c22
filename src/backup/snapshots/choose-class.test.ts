import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { chooseClass } from './choose-class.ts';

const key = 'velero.io/csi-volumesnapshot-class';

function aClass(name: string, metadata: JsonObject = {}, driver = 'Disk.test'): JsonObject {
  return { metadata: { name, ...metadata }, driver };
}

const labelled = aClass('labelled', { labels: { [key]: 'false' } });
const usual = aClass('usual', { annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } });
const [plain, other] = [aClass('plain'), aClass('other', {}, 'other.test')];

function choose(classes: readonly JsonObject[], byClaim?: string, byBackup?: string) {
  return chooseClass({
    driver: 'disk.test',
    claim: { metadata: byClaim === undefined ? {} : { annotations: { [key]: byClaim } } },
    backupAnnotations: byBackup === undefined ? {} : { [`${key}_disk.test`]: byBackup, [`${key}_other.test`]: 'other' },
    classes,
  });
}

describe('the class of a snapshot', () => {
  it('is the one that the claim names, then the one that the backup names, then the labelled, the default, the only one', () => {
    const all = [plain, usual, labelled, other];
    expect(choose(all, 'PLAIN', 'usual')).toEqual({ name: 'plain' });
    expect(choose(all, undefined, 'usual')).toEqual({ name: 'usual' });
    expect(choose(all)).toEqual({ name: 'labelled' });
    expect(choose([plain, usual, other])).toEqual({ name: 'usual' });
    expect(choose([plain, other])).toEqual({ name: 'plain' });
  });

  it('is none of another driver, nor one that is not there, whoever names it', () => {
    expect(choose([plain, other], 'other')).toEqual({ name: 'plain' });
    expect(choose([plain, labelled], 'gone', 'gone')).toEqual({ name: 'labelled' });
  });

  it('is missing for a reason', () => {
    expect(choose([])).toEqual({ obstacle: 'there is no VolumeSnapshotClass' });
    expect(choose([other])).toEqual({ obstacle: 'no VolumeSnapshotClass is for its driver disk.test' });
    expect(choose([plain, aClass('second')])).toEqual({
      obstacle: `2 VolumeSnapshotClasses are for its driver disk.test, and none has the label ${key}`,
    });
  });
});
