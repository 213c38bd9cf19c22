// Fixes of a copy of the sample app, and of what must be left alone.

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-fix-'));
const app = join(folder, 'k8s');
beforeEach(() => {
  rmSync(app, { recursive: true, force: true });
  cpSync(join(root, 'examples/shop/k8s'), app, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly schema: string;
  readonly written: boolean;
  readonly files: readonly { readonly file: string; readonly diff: string }[];
  readonly fixed: readonly { readonly check: string; readonly edits: readonly object[] }[];
  readonly refused: readonly { readonly reason: string }[];
  readonly proof: { readonly before: number; readonly after: number; readonly opened: readonly object[] };
}

const texts = () => readdirSync(app).map((file) => readFileSync(join(app, file), 'utf8'));
const failing = () => {
  const report = JSON.parse(nowwhat(['check', app, '-o', 'json']).out) as { findings: { verdict: string }[] };
  return report.findings.filter(({ verdict }) => verdict === 'fail').length;
};

describe('fix', () => {
  it('shows a diff and touches nothing', () => {
    const before = texts();
    const run = nowwhat(['fix', app]);
    expect(run.status).toBe(1);
    expect(run.out).toContain('+            allowPrivilegeEscalation: false');
    expect(run.out).toMatch(/Judged again: \d+ failed before, \d+ after, none of them new\./);
    expect(texts()).toEqual(before);
  });

  it('writes what it showed, loses no line of the others, and has nothing to do the second time', () => {
    const before = texts();
    const shown = JSON.parse(nowwhat(['fix', app, '-o', 'json']).out) as Answer;
    const was = failing();
    expect(nowwhat(['fix', '--write', app]).status).toBe(0);
    expect(failing()).toBe(was - (shown.proof.before - shown.proof.after));
    const after = texts();
    const removed = shown.files.flatMap(({ diff }) => diff.split('\n').filter((line) => /^-[^-]/.test(line)));
    for (const [index, text] of before.entries()) {
      const lines = new Set(after[index]?.split('\n'));
      for (const line of text.split('\n')) if (!removed.includes(`-${line}`)) expect(lines).toContain(line);
    }
    const again = nowwhat(['fix', app, '-o', 'json']);
    expect(again.status).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ schema: 'nowwhat.dev/fix/v1', files: [], fixed: [] });
  });

  it('keeps to the checks that are named', () => {
    const answer = JSON.parse(nowwhat(['fix', 'seccomp-unset', app, '-o', 'json']).out) as Answer;
    expect(new Set(answer.fixed.map(({ check }) => check))).toEqual(new Set(['seccomp-unset']));
  });

  it('prints no value of a Secret, whichever lines stand around an edit', () => {
    const file = join(app, 'secret.yaml');
    writeFileSync(
      file,
      'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData:\n  password: hunter2hunter2\n---\napiVersion: rbac.authorization.k8s.io/v1beta1\nkind: Role\nmetadata: {name: r}\nrules: []\n',
    );
    const run = nowwhat(['fix', file, '--kube-version', '1.34']);
    expect(run.out).toContain('+apiVersion: rbac.authorization.k8s.io/v1');
    expect(run.out + run.err).not.toContain('hunter2');
    const web = nowwhat(['fix', 'privilege-escalation', join(app, 'web.yaml')]);
    expect(web.out).toContain('value: (withheld)');
  });

  it('tells what it does not edit: what a chart renders', () => {
    const answer = JSON.parse(nowwhat(['fix', 'examples/shop/kustomize', '-o', 'json']).out) as Answer;
    expect(answer.files).toEqual([]);
    expect(answer.refused.map(({ reason }) => reason).join()).toContain('renders it');
  });

  it('asks for a path where only checks are named', () => {
    const run = nowwhat(['fix', 'seccomp-unset']);
    expect(run.status).toBe(2);
    expect(run.err).toContain('no path was named');
  });
});
