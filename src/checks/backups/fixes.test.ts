// What fixes of backups edit: the one field that keeps something out, and nothing of schedules that are made anew.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { Edit } from '../../model/index.ts';
import type { Check } from '../check.ts';
import { planFixes } from '../plan-fixes.ts';
import { runOnText } from '../run-on-text.ts';
import { backupHookMissing } from './backup-hook-missing.ts';
import { backupStoreInsecure } from './backup-store-insecure.ts';
import { namespaceNotBackedUp } from './namespace-not-backed-up.ts';

const velero = (kind: string, spec: string) =>
  `---\napiVersion: velero.io/v1\nkind: ${kind}\nmetadata: {name: nightly, namespace: velero}\nspec: {${spec}}\n`;
const web =
  '---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: web, image: web}]}\n';
const job = (command: string) =>
  `---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: job}\nspec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: job, command: ${command}}]}}}}}\n`;

/** Edits of each fix; of a choice where there is one. */
function editsOf(check: Check, text: string): (readonly Edit[])[] {
  const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };
  return planFixes([check], createInventory(snapshotOf(text)), options).flatMap(({ edits, choices }) => [
    ...edits.map((each) => each.edits),
    ...choices.flatMap(({ change }) => change('').edits.map((each) => each.edits)),
  ]);
}

describe('a namespace that backups leave out', () => {
  it('is taken in where others are named, in the template of a schedule and in a backup itself', () => {
    const names = 'includedNamespaces: [other]';
    expect(editsOf(namespaceNotBackedUp, web + velero('Schedule', `schedule: a, template: {${names}}`))).toEqual([
      [{ op: 'add', path: ['spec', 'template', 'includedNamespaces'], values: ['shop'] }],
    ]);
    expect(editsOf(namespaceNotBackedUp, web + velero('Backup', names))).toEqual([
      [{ op: 'add', path: ['spec', 'includedNamespaces'], values: ['shop'] }],
    ]);
  });

  it('is no longer excluded, and not named where all others are in', () => {
    const excluded = 'excludedNamespaces: [a, shop]';
    const removed = { op: 'remove', path: ['spec', 'excludedNamespaces', 1] };
    expect(editsOf(namespaceNotBackedUp, web + velero('Backup', excluded))).toEqual([[removed]]);
    const all = `includedNamespaces: ["*"], ${excluded}`;
    expect(editsOf(namespaceNotBackedUp, web + velero('Backup', all))).toEqual([[removed]]);
    const both = `includedNamespaces: [a], ${excluded}`;
    expect(editsOf(namespaceNotBackedUp, web + velero('Backup', both))).toEqual([
      [{ op: 'add', path: ['spec', 'includedNamespaces'], values: ['shop'] }, removed],
    ]);
  });
});

describe('a store that is reached without verified TLS', () => {
  const store = (config: string) => velero('BackupStorageLocation', `provider: aws, config: {${config}}`);

  it('is reached by https, at the same address', () => {
    expect(editsOf(backupStoreInsecure, store('s3Url: "http://s3.example.org/?u=http:"'))).toEqual([
      [{ op: 'set', path: ['spec', 'config', 's3Url'], value: 'https://s3.example.org/?u=http:' }],
    ]);
  });

  it('is looked at again', () => {
    expect(editsOf(backupStoreInsecure, store('insecureSkipTLSVerify: "true"'))).toEqual([
      [{ op: 'remove', path: ['spec', 'config', 'insecureSkipTLSVerify'] }],
    ]);
  });

  it('is not that of any other job', () => {
    const other = job('[mirror, --store, "s3://a?endpoint=http://minio"]');
    expect(runOnText(backupStoreInsecure, other).outcome).toBe('not-applicable');
  });
});

describe('a database without hooks', () => {
  const database = web.replace('image: web', 'image: "postgres:17", volumeMounts: [{name: a, mountPath: /b}]');

  it('is told only where something saves its files', () => {
    expect(runOnText(backupHookMissing, database + job('[report]')).outcome).toBe('not-applicable');
    expect(runOnText(backupHookMissing, database + velero('Schedule', 'schedule: a, template: {}')).outcome).toBe(
      'fail',
    );
  });

  it('may have them in the schedule', () => {
    const hooks = 'hooks: {resources: [{name: a, pre: []}]}';
    const text = database + velero('Schedule', `schedule: a, template: {${hooks}}`);
    expect(runOnText(backupHookMissing, text).outcome).toBe('pass');
  });
});
