// Plans of edits in files, as a user makes, applies and takes them back.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-plans-'));
  cpSync(join(root, 'examples/shop/k8s'), join(folder, 'k8s'), { recursive: true });
  mkdirSync(join(folder, '.git'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => nowwhat(args, { cwd: folder });
const contents = () =>
  Object.fromEntries(
    readdirSync(join(folder, 'k8s'))
      .sort()
      .map((name) => [name, readFileSync(join(folder, 'k8s', name), 'utf8')]),
  );

describe('a plan of edits', () => {
  it('is made, applied and taken back as docs/plans.md says', () => {
    const docs = readFileSync(join(root, 'docs/plans.md'), 'utf8');
    for (const command of ['nowwhat plan ./k8s -o plan.json', 'nowwhat apply plan.json', 'nowwhat undo'])
      expect(docs).toContain(command);
    const before = contents();
    expect(run('plan', './k8s', '-o', 'plan.json')).toMatchObject({ status: 0 });
    expect(contents()).toEqual(before);
    const refused = run('apply', 'plan.json');
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('[not-agreed]')]);
    const applied = run('apply', 'plan.json', '--yes');
    expect(applied, applied.err).toMatchObject({ status: 0 });
    expect(run('plan', './k8s', '-o', 'json').out).toContain('"steps": []');
    expect(run('apply', 'plan.json', '--yes').err).toContain('[plan-done]');
    expect(run('undo', '--list').out).toContain('applied');
    expect(run('undo', '--yes')).toMatchObject({ status: 0 });
    expect(contents()).toEqual(before);
    expect(run('undo', '--yes').err).toContain('[plan-done]');
  });

  it('is refused where a file has changed since, and says which', () => {
    run('plan', 'k8s', '-o', 'plan.json');
    const file = join(folder, 'k8s/web.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}# by somebody else\n`);
    const before = contents();
    const { status, err } = run('apply', 'plan.json', '--yes');
    expect([status, err]).toEqual([2, expect.stringContaining('k8s/web.yaml has changed [plan-changed]')]);
    expect(contents()).toEqual(before);
  });

  it('is not taken back over what somebody did since', () => {
    run('plan', 'k8s', '-o', 'plan.json');
    run('apply', 'plan.json', '--yes');
    const file = join(folder, 'k8s/web.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}# by somebody else\n`);
    const before = contents();
    const { status, err } = run('undo', '--yes');
    expect([status, err]).toEqual([2, expect.stringContaining('k8s/web.yaml has changed')]);
    expect(contents()).toEqual(before);
  });

  it('never holds a secret', () => {
    writeFileSync(
      join(folder, 'k8s/db.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: db}\ndata:\n  DB_PASSWORD: hunter2-Hunter2-xyz\n',
    );
    run('plan', 'k8s', '-o', 'plan.json');
    const { password } = { password: 'hunter2' };
    expect(readFileSync(join(folder, 'plan.json'), 'utf8')).not.toContain(password);
    run('apply', 'plan.json', '--yes');
    const kept = spawnSync('grep', ['-r', password, join(folder, '.nowwhat')]);
    expect(kept.stdout.toString()).toBe('');
  });

  it('that is killed can go on, and can go back', async () => {
    const before = contents();
    run('plan', 'k8s', '-o', 'plan.json');
    const journals = join(folder, '.nowwhat/plans');
    const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), 'apply', 'plan.json', '--yes'], {
      cwd: folder,
    });
    const begun = (): boolean =>
      existsSync(journals) &&
      readdirSync(journals).some((id) => {
        const file = join(journals, id, 'journal.json');
        return existsSync(file) && readFileSync(file, 'utf8').includes('"done"');
      });
    while (!begun() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const { status, err } = run('undo', '--yes');
    expect(status, err).toBe(0);
    expect(contents()).toEqual(before);
    expect(run('apply', 'plan.json', '--yes').status).toBe(0);
  });
});
