import { describe, expect, it } from 'vitest';
import type { BackupEvidence, Snapshot } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { backupMissing } from './backup-missing.ts';
import { backupScheduleMissing } from './backup-schedule-missing.ts';
import { restoreDrill } from './restore-drill.ts';

const app = `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop}
spec: {containers: [{name: db, image: db}], volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {}
`;
const today = '2026-11-29';
const backup: BackupEvidence = {
  about: 'backup',
  tool: 'nowwhat',
  file: '/kept',
  backup: 'shop-1',
  date: '2026-11-28',
  spec: { includedNamespaces: ['shop'] },
  schedule: '',
  withoutData: [],
};

function judge(check: Check, ...evidence: readonly BackupEvidence[]) {
  const snapshot = (read: Snapshot): Snapshot => ({ ...read, evidence });
  const { outcome, findings } = runOnText(check, app, { today, snapshot });
  return { verdict: outcome, message: findings[0]?.message, command: findings[0]?.command };
}

describe('a backup store that was looked at', () => {
  it('shows that the app is backed up, where a recent backup has all of it', () => {
    expect(judge(backupMissing, backup).verdict).toBe('pass');
    expect(judge(backupMissing).command).toBe(
      'backup create --context . -n shop --default-volumes-to-fs-backup --store STORE',
    );
  });

  it.each([
    ['is of other namespaces', { spec: { includedNamespaces: ['blog'] } }, /nothing in the manifests/],
    ['is old', { date: '2026-10-01' }, /"shop-1" is of 2026-10-01/],
    ['has no data of a claim', { withoutData: ['shop/data'] }, /no data of shop\/data/],
  ])('shows that it is not, where the newest %s', (_, change, message) => {
    const judged = judge(backupMissing, { ...backup, ...change });
    expect(judged.verdict).toBe('fail');
    expect(judged.message).toMatch(message);
    expect(judged.command).toContain('--store /kept');
  });

  it('takes no offence at claims of others', () => {
    expect(judge(backupMissing, { ...backup, spec: {}, withoutData: ['blog/data'] }).verdict).toBe('pass');
  });

  it('shows a schedule by what it made, as long as it makes some', () => {
    expect(judge(backupScheduleMissing).verdict).toBe('not-applicable');
    expect(judge(backupScheduleMissing, backup)).toMatchObject({
      verdict: 'fail',
      command: expect.stringContaining(`schedule create nightly --context . -n shop --schedule '0 3 * * *'`),
    });
    expect(judge(backupScheduleMissing, backup).command).toMatch(/ --store s3:\/\/BUCKET$/);
    expect(judge(backupScheduleMissing, { ...backup, file: 's3://kept' }).command).toMatch(/ --store s3:\/\/kept$/);
    expect(judge(backupScheduleMissing, { ...backup, schedule: 'nightly' }).verdict).toBe('pass');
    expect(judge(backupScheduleMissing, { ...backup, schedule: 'nightly', date: '2026-11-01' }).verdict).toBe('fail');
  });

  it('shows a rehearsed restore by the mark of a drill, for as long as it is believed and where data came back too', () => {
    const proven = '2026-11-20';
    expect(judge(restoreDrill, { ...backup, proven }).verdict).toBe('pass');
    expect(judge(restoreDrill, { ...backup, proven: '2026-10-20' }).message).toMatch(/last drill was on 2026-10-20/);
    expect(judge(restoreDrill, { ...backup, proven, withoutData: ['shop/data'] }).verdict).toBe('unknown');
    expect(judge(restoreDrill, backup)).toMatchObject({
      verdict: 'unknown',
      command: 'drill --from-backup shop-1 --context . --store /kept',
    });
  });
});
