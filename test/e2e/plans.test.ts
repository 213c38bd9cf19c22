// Plans of edits in files, as a user makes, applies and takes them back.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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
  it('never holds what a Secret says, whatever its keys are called', () => {
    const text = 'apiVersion: v1\nkind: Secret\nmetadata: {name: blob}\nstringdata: {blob: marked-4711}\n';
    writeFileSync(join(folder, 'k8s/blob.yaml'), text);
    for (const args of [['k8s/blob.yaml'], ['k8s/blob.yaml', '-o', 'plan.json']]) {
      const refused = run('plan', ...args);
      expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('[secret-in-plan]')]);
      expect(`${refused.out}${refused.err}`).not.toContain('marked-4711');
    }
    expect(existsSync(join(folder, 'plan.json'))).toBe(false);
    expect(run('fix', 'k8s/blob.yaml').out).not.toContain('marked-4711');
  });

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

  it('prunes for a cluster only, and where files say what is wanted', () => {
    expect(run('plan', 'k8s', '--prune').err).toContain('[invalid-option]');
    const stdin = run('plan', '--context', 'x', '--create', '-', '--prune');
    expect([stdin.status, stdin.err]).toEqual([2, expect.stringContaining('--prune needs files')]);
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

  it('is carried out by one of two runs at the same time, and the other one is refused', async () => {
    run('plan', 'k8s', '-o', 'plan.json');
    const start = (...args: string[]) => {
      const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...args, '--yes'], { cwd: folder });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      return new Promise<{ status: number | null; err: string }>((resolve) => {
        child.once('close', (status) => resolve({ status, err }));
      });
    };
    const runs = await Promise.all(Array.from({ length: 4 }, () => start('apply', 'plan.json')));
    expect(runs.filter(({ status }) => status === 0)).toHaveLength(1);
    for (const { status, err } of runs) if (status !== 0) expect(err).toMatch(/\[plan-(?:busy|done)\]/);
    expect(run('plan', './k8s', '-o', 'json').out).toContain('"steps": []');
    const back = await Promise.all(Array.from({ length: 3 }, () => start('undo')));
    expect(back.filter(({ status }) => status === 0)).toHaveLength(1);
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

describe('the plan behind a report', () => {
  interface Made {
    readonly title: string;
    readonly command: string;
    readonly steps: readonly { title: string; closes: string[] }[];
    readonly left: readonly { owner: string; what: string }[];
  }
  const made = (): Made => JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Made;

  it('of isolation is about the sensitive workloads and their surroundings, is applied and taken back', () => {
    const before = contents();
    const shown = run('isolation', 'k8s', '-o', 'plan.json');
    expect(shown, shown.err).toMatchObject({ status: 0 });
    expect(shown.out).toContain('Hold a break-in at 6 sensitive workloads where it is');
    const { command, steps, left } = made();
    expect(command).toBe('nowwhat isolation k8s');
    const closes = new Set(steps.flatMap((step) => step.closes));
    expect([...closes].sort()).toEqual(['automount-token', 'ingress-not-isolated']);
    // What no edit does is left to people, also where its check has nothing to edit in these files.
    const texts = left.map(({ owner, what }) => `${owner}: ${what}`).join('\n');
    for (const text of ['developer: Put them into a namespace', 'kubectl taint nodes', 'Limit what namespace default'])
      expect(texts).toContain(text);
    expect(shown.out).toMatch(/Left {2}\d+ for the developer, \d+ for the cluster administrator/);
    expect(run('apply', 'plan.json', '--yes').status).toBe(0);
    const now = contents();
    // `catalog` is no sensitive workload: its pod keeps its token.
    const catalog = now['services.yaml']?.split('---').find((text) => /kind: Deployment[^]*name: catalog/.test(text));
    expect(catalog).not.toContain('automountServiceAccountToken');
    expect(now['redis.yaml']).toContain('automountServiceAccountToken: false');
    expect(run('undo', '--yes').status).toBe(0);
    expect(contents()).toEqual({ ...before });
  });

  it('of secrets holds no value, waits for decisions, and leaves the rest to people', () => {
    const open = run('secrets', 'k8s', '-o', 'plan.json');
    expect(open.status, open.err).toBe(0);
    expect(open.out).toContain('--choose secret-as-env=mount-files');
    expect(made().steps).toEqual([]);
    run('secrets', 'k8s', '--choose', 'secret-as-env=mount-files', '-o', 'plan.json');
    const { steps, left } = made();
    expect(steps.map(({ title }) => title)).toEqual(['Edit k8s/api.yaml', 'Edit k8s/jobs.yaml']);
    expect(left[0]?.what).toContain('nowwhat fix secret-in-env k8s');
    expect(readFileSync(join(folder, 'plan.json'), 'utf8')).not.toContain('made-up-session-secret');
    expect(run('apply', 'plan.json', '--yes').status).toBe(0);
    expect(contents()['api.yaml']).toContain('/run/secrets');
  });

  it('is not made where no step is an edit', () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata: {a: b}\n';
    writeFileSync(join(folder, 'plain.yaml'), config);
    const { status, err } = run('secrets', 'plain.yaml', '-o', 'plan.json');
    expect([status, err]).toEqual([2, expect.stringContaining('[nothing-to-plan]')]);
    expect(existsSync(join(folder, 'plan.json'))).toBe(false);
  });
});

describe('fixes that are written', () => {
  it('can be taken back, and leave a proof that goes stale with the files', () => {
    const before = contents();
    expect(run('fix', '--write', 'k8s').status).toBe(0);
    expect(contents()).not.toEqual(before);
    const fresh = run('proofs');
    expect([fresh.status, fresh.out]).toEqual([
      0,
      expect.stringContaining('The fixes in k8s put their findings right'),
    ]);
    expect(run('undo', '--yes').status).toBe(0);
    expect(contents()).toEqual(before);
    const { status, out } = run('proofs', '-o', 'json');
    expect(status).toBe(1);
    const { proofs } = JSON.parse(out) as { proofs: { freshness: object }[] };
    expect(proofs).toMatchObject([{ freshness: { state: 'stale', changed: ['k8s has changed'] } }]);
  });
});

it('a fresh proof settles what files cannot tell, and a stale one does not', () => {
  const journey = (): { checks: Record<string, { verdict: string }> }[] =>
    (JSON.parse(run('journey', 'k8s', '-o', 'json').out) as { legs: never[] }).legs;
  const verdict = () => journey().flatMap(({ checks }) => checks['restore-drill']?.verdict ?? [])[0];
  expect(verdict()).toBe('unknown');
  const file = join(folder, 'k8s/web.yaml');
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  mkdirSync(join(folder, '.nowwhat/proofs'), { recursive: true });
  const proof = {
    schema: 'nowwhat.dev/proof/v1',
    kind: 'drill',
    claim: 'A restore gives the same bytes',
    command: 'nowwhat drill',
    version: '0',
    time: '2026-11-29T12:00:00Z',
    result: 'holds',
    figures: {},
    inputs: [{ kind: 'file', file: 'k8s/web.yaml', sha256 }],
    settles: [{ check: 'restore-drill', verdict: 'pass' }],
  };
  writeFileSync(join(folder, '.nowwhat/proofs/drill-1.json'), JSON.stringify(proof));
  expect(verdict()).toBe('pass');
  writeFileSync(file, `${readFileSync(file, 'utf8')}# changed\n`);
  expect(verdict()).toBe('unknown');
  expect(run('journey', 'k8s').out).toContain('drill-1 is stale');
});
