// The exam of the Pod Security Standards: pods of Kubernetes' own test suite with the verdict that is expected for each.

import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { judgePodSecurity, type PodSecurityLevel } from '../../src/kube/pod-security/index.ts';
import { asObject } from '../../src/model/index.ts';
import { sharedFile } from './shared-folder.ts';

interface Case {
  readonly level: PodSecurityLevel;
  readonly version: string;
  readonly verdict: 'pass' | 'fail';
  readonly name: string;
  readonly yaml: string;
}

const file = sharedFile('the Pod Security Standards', 'exams/pod-security-standards.jsonl');

function readCases(): Case[] {
  const lines = readFileSync(file ?? '', 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

function judge({ yaml, level, version }: Case): string[] {
  const pod = asObject(load(yaml));
  const minor = Number(version.replace('v1.', ''));
  const parts = { metadata: asObject(pod['metadata']), spec: asObject(pod['spec']) };
  return [...new Set(judgePodSecurity(parts, level, minor).map(({ control }) => control))];
}

// At the restricted level a stricter control reports in place of the baseline one that the pod was made for.
const standIns: Readonly<Record<string, string>> = {
  capabilities_baseline: 'capabilities_restricted',
  hostpathvolumes: 'restrictedvolumes',
  procmount: 'procmount_restricted',
  seccompprofile_baseline: 'seccompprofile_restricted',
};

describe.skipIf(file === undefined)('the Pod Security Standards', () => {
  test('every published pod gets the verdict that Kubernetes gives it', () => {
    const cases = readCases();
    const wrong = cases.filter((item) => (judge(item).length === 0) !== (item.verdict === 'pass'));
    process.stdout.write(`pod security: ${cases.length - wrong.length} of ${cases.length} agree\n`);
    expect(cases).toHaveLength(4537);
    expect(wrong.map(({ level, version, name }) => `${level} ${version} ${name}`)).toEqual([]);
  });

  test('a pod that must fail does so for the control it was made for', () => {
    const failing = readCases().filter(({ verdict }) => verdict === 'fail');
    const wrong = failing.filter((item) => {
      const expected = item.name.replace(/[0-9]+$/, '');
      const found = judge(item).map((control) => control.toLowerCase());
      return !found.includes(expected) && !found.includes(standIns[expected] ?? expected);
    });
    expect(wrong.map(({ level, version, name }) => `${level} ${version} ${name}`)).toEqual([]);
  });
});
