// Fixes of a copy of the sample app, and of what must be left alone.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

interface Networked {
  readonly network: { readonly connections: number; readonly kept: number; readonly cut: readonly object[] };
}

const texts = () =>
  readdirSync(app)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(app, file), 'utf8'));
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

  it('takes a password out of a file without showing or copying it, and tells what that brings along', () => {
    const file = join(app, 'web.yaml');
    const pod = (env: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: registry.example.com/web:1.2.3\n    env:\n${env}`;
    writeFileSync(file, pod('    - name: DB_PASSWORD\n      value: hunter2hunter2\n'));
    const run = nowwhat(['fix', 'secret-in-env', '--choose', 'secret-in-env=refer-to-secret:shop-db', '--write', file]);
    expect(run.status).toBe(0);
    expect(run.out + run.err).not.toContain('hunter2');
    expect(run.out).toMatch(/now seen: Pod default\/web, container web {2}.*secret-as-env/s);
    expect(readFileSync(file, 'utf8')).toBe(
      pod(
        '    - name: DB_PASSWORD\n      valueFrom:\n        secretKeyRef:\n          name: shop-db\n          key: DB_PASSWORD\n',
      ),
    );
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
    expect(web.out).toContain('+          allowPrivilegeEscalation: false');
    expect(web.out).not.toContain('made-up-session-secret');
  });

  it('prints no value of a Secret that stands in the very line of an edit', () => {
    const file = join(app, 'all.json');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db' },
      data: { password: 'aHVudGVyMmh1bnRlcjI=' },
    };
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1beta1', kind: 'Role', metadata: { name: 'r' }, rules: [] };
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [secret, role] }));
    const run = nowwhat(['fix', file, '--kube-version', '1.34', '--write']);
    expect(run.out).toContain('-(withheld)');
    expect(run.out + run.err).not.toContain('aHVudGVy');
    expect(readFileSync(file, 'utf8')).toContain('"password":"aHVudGVyMmh1bnRlcjI="');
    expect(readFileSync(file, 'utf8')).toContain('rbac.authorization.k8s.io/v1"');
  });

  it('asks for a path where only checks are named', () => {
    const run = nowwhat(['fix', 'seccomp-unset']);
    expect(run.status).toBe(2);
    expect(run.err).toContain('no path was named');
  });

  it('asks about one finding after the other, over a pipe too, and writes what was agreed to', () => {
    const run = nowwhat(['fix', 'seccomp-unset', '-i', app, '-o', 'json'], { input: 'y\nwhat\nn\nq\ny\n' });
    const answer = JSON.parse(run.out) as Answer;
    expect(answer.fixed).toHaveLength(1);
    expect(answer.written).toBe(true);
    expect(run.err.match(/Make this edit\?/g)).toHaveLength(4);
    expect(run.err).toContain('Write 1 file?');
    expect(
      texts()
        .join()
        .match(/seccompProfile/g),
    ).toHaveLength(1);
  });

  it('writes nothing where the answers end, or the last one is no', () => {
    const before = texts();
    expect(nowwhat(['fix', '-i', app], { input: 'y\ny\n' }).status).toBe(1);
    expect(nowwhat(['fix', 'seccomp-unset', '-i', app], { input: 'a\nn\n' }).status).toBe(1);
    expect(texts()).toEqual(before);
  });

  it('refuses a choice that is none', () => {
    expect(nowwhat(['fix', '--choose', 'nonsense', app]).err).toContain('is not a check and a choice');
    expect(nowwhat(['fix', '--choose', 'no-such-check=x', app]).err).toContain('no check is called');
    const run = nowwhat(['fix', '--choose', 'seccomp-unset=x', app, '-o', 'json']);
    expect(JSON.parse(run.out)).toMatchObject({
      notices: ['The choice seccomp-unset: x was not needed: no finding here asks for it'],
    });
  });

  it('offers choices with what they mean, and takes the one that is named for what it is named', () => {
    const shown = nowwhat(['fix', 'memory-limit-missing', app]);
    expect(shown.out).toContain('Decisions of yours');
    const flag = /--choose (memory-limit-missing=[a-z-]+):…/.exec(shown.out)?.[1] ?? '';
    const some = [
      '--choose',
      `${flag.replace('=', '@postgres=')}:1Gi`,
      '--choose',
      `${flag.replace('=', '@w*=')}:96Mi`,
    ];
    const run = nowwhat(['fix', 'memory-limit-missing', app, '--write', ...some]);
    expect(run.status).toBe(0);
    expect(readFileSync(join(app, 'postgres.yaml'), 'utf8')).toContain('memory: 1Gi');
    expect(readFileSync(join(app, 'web.yaml'), 'utf8')).toContain('memory: 96Mi');
    expect(readFileSync(join(app, 'redis.yaml'), 'utf8')).not.toContain('memory');
    expect(nowwhat(['fix', app, '--choose', `${flag}:much`]).err).toContain('"much"');
    const settings = `choices:\n  - {check: memory-limit-missing, take: ${flag.split('=')[1]}, value: 64Mi}\n`;
    writeFileSync(join(folder, 'nowwhat.yaml'), settings);
    const answer = nowwhat([
      'fix',
      'memory-limit-missing',
      app,
      '--config',
      join(folder, 'nowwhat.yaml'),
      '-o',
      'json',
    ]);
    expect(JSON.parse(answer.out)).toMatchObject({ decisions: [], notices: [] });
    expect(answer.out).toContain('+              memory: 64Mi');
  });

  it('closes the network with policies that keep all that is declared, in the layout of the folder', () => {
    const run = nowwhat(['fix', 'network', app, '--write', '-o', 'json']);
    const answer = JSON.parse(run.out) as Answer & { network: { connections: number; kept: number; cut: object[] } };
    expect(answer.written).toBe(true);
    expect(answer.network.kept).toBe(answer.network.connections);
    expect(answer.network.connections).toBeGreaterThan(10);
    expect(readFileSync(join(app, 'network-policies.yaml'), 'utf8')).toContain('name: default-deny');
    expect(readFileSync(join(app, 'redis.yaml'), 'utf8')).toMatch(
      /---\n# what Deployment redis .*\n.*\nkind: NetworkPolicy/,
    );
    const failed = JSON.parse(nowwhat(['check', app, '-o', 'json']).out) as {
      findings: { check: string; verdict: string }[];
    };
    const open = failed.findings.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check);
    expect(open).not.toContain('default-deny-ingress');
    expect(open).not.toContain('ingress-not-isolated');
    expect(JSON.parse(nowwhat(['fix', 'network', app, '-o', 'json']).out)).toMatchObject({ files: [] });
  });

  it('closes the network beside checks that are named', () => {
    const both = JSON.parse(nowwhat(['fix', 'network', 'seccomp-unset', app, '-o', 'json']).out) as Answer;
    const checks = new Set(both.fixed.map(({ check }) => check));
    expect([...checks].sort()).toEqual(['ingress-not-isolated', 'seccomp-unset']);
  });

  it('keeps what was seen besides what is declared, where records of it are given', () => {
    const flows = join(folder, 'flows.jsonl');
    const seen = {
      schema: 'nowwhat.dev/flow/v1',
      from: { namespace: 'default', workload: 'Deployment/worker' },
      to: { namespace: 'default', workload: 'StatefulSet/postgres' },
      port: 5432,
    };
    writeFileSync(flows, `${JSON.stringify(seen)}\n`);
    const plain = JSON.parse(nowwhat(['fix', 'network', app, '-o', 'json']).out) as Answer & Networked;
    const run = JSON.parse(nowwhat(['fix', '--flows', flows, app, '-o', 'json', '--write']).out) as Answer & Networked;
    expect(run.network).toMatchObject({ records: 1, kept: plain.network.kept + 1, cut: [] });
    const policy = /name: postgres\n[\s\S]*?ingress:[\s\S]*?egress:/.exec(
      readFileSync(join(app, 'postgres.yaml'), 'utf8').split('kind: NetworkPolicy')[1] ?? '',
    )?.[0];
    expect(policy).toMatch(/app: orders\n[\s\S]*app: worker\n/);
    expect(nowwhat(['fix', '--flows', join(folder, 'no.jsonl'), app]).err).toContain('path-missing');
  });

  it('takes a choice where it is offered, and asks nothing that another one settles', () => {
    const keep = ['--choose', 'capabilities-not-dropped=drop-and-keep'];
    const decide = (...more: string[]) =>
      JSON.parse(nowwhat(['fix', app, ...keep, ...more, '-o', 'json']).out) as Answer;
    const dropped = ({ fixed }: Answer) => fixed.filter(({ check }) => check === 'capabilities-not-dropped').length;
    // Only databases and web servers have it.
    expect(dropped(decide())).toBeGreaterThan(0);
    const asUser = decide('--choose', 'run-as-non-root=name-user:10001');
    expect(asUser.proof.opened).toEqual([]);
    expect(JSON.stringify(asUser.fixed)).not.toContain('SETUID');
    expect(dropped(asUser)).toBeGreaterThan(5);
  });

  it('leaves Services that nobody is known to call open for their namespace, unless somebody looked or says otherwise', () => {
    const hidden = readFileSync(join(app, 'redis.yaml'), 'utf8').replaceAll('redis', 'queue');
    writeFileSync(join(app, 'queue.yaml'), hidden);
    const networkOf = (...more: string[]) =>
      JSON.parse(nowwhat(['fix', 'network', app, ...more, '-o', 'json']).out).network as Record<string, object[]>;
    const open = [{ service: 'default/queue', workload: 'default/queue', port: 'TCP 6379' }];
    expect(networkOf()).toMatchObject({ leftOpen: open, uncalled: [] });
    expect(networkOf('--close-uncalled')).toMatchObject({ leftOpen: [], uncalled: open });
    const flows = join(folder, 'none.jsonl');
    writeFileSync(flows, '');
    expect(networkOf('--flows', flows)).toMatchObject({ leftOpen: [], uncalled: open });
    expect(networkOf('--flows', flows, '--keep-uncalled')).toMatchObject({ leftOpen: open });
    const { out } = nowwhat(['fix', 'network', app]);
    expect(out).toContain('left open for the pods of its namespace: default/queue TCP 6379');
    expect(out).toMatch(/! \d+ network policies: /);
    expect(nowwhat(['fix', 'network', app, '--keep-uncalled', '--close-uncalled']).err).toContain('invalid-option');
  });

  it('plans what a level needs and nothing else, in a safe order, with what stays for whom', () => {
    const answer = JSON.parse(nowwhat(['fix', '--to', 'security=4', app, '-o', 'json']).out) as Answer & {
      goal: { legs: object[]; steps: { title: string; checks: string[] }[] };
      left: { check: string; owner: string }[];
    };
    expect(answer.goal.legs).toMatchObject([{ leg: 'security', target: 4 }]);
    const titles = answer.goal.steps.map(({ title }) => title);
    expect(titles.indexOf('Workloads')).toBeLessThan(titles.indexOf('Network policies'));
    const { checks: catalogue } = JSON.parse(nowwhat(['checks', '-o', 'json']).out) as {
      checks: { id: string; leg: string }[];
    };
    const legOf = new Map(catalogue.map(({ id, leg }) => [id, leg]));
    expect(new Set(answer.fixed.map(({ check }) => legOf.get(check)))).toEqual(new Set(['security']));
    expect(answer.left).toContainEqual(expect.objectContaining({ owner: 'cluster-administrator' }));
    expect(answer.proof.opened).toEqual([]);
    expect(nowwhat(['fix', '--to', 'security=5', app]).err).toContain('is not a leg and a level');
  });

  it('takes the shop to security level 4 of what a developer can do, and keeps every declared call', () => {
    const images = texts().flatMap((text) => [...text.matchAll(/image: "?([^\s"]+)/g)].map(([, image]) => image));
    const digests = join(folder, 'digests.txt');
    writeFileSync(digests, [...new Set(images)].map((image) => `${image}=sha256:${'a'.repeat(64)}\n`).join(''));
    // An image that is never pulled is in no registry yet.
    const config = join(folder, 'decisions.yaml');
    const later = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const decisions = readFileSync('examples/shop/decisions.yaml', 'utf8');
    writeFileSync(config, decisions.replaceAll(/until: "[^"]*"/g, `until: "${later}"`));
    const decided = ['--config', config, app];
    expect(nowwhat(['fix', '--to', 'deployment=1', '--write', ...decided]).status).toBe(0);
    expect(nowwhat(['pin', '--digests', digests, '--write', app]).status).toBe(0);
    const args = ['fix', '--to', 'security=4', ...decided, '-o', 'json'];
    const run = JSON.parse(nowwhat([...args, '--write']).out) as Answer & {
      goal: { legs: { before: number; developer: number }[] };
      network: { connections: number; kept: number };
      decisions: object[];
      notices: string[];
      left: { owner: string }[];
      secrets: { name: string; keys: string[] }[];
    };
    expect(run).toMatchObject({ written: true, decisions: [], refused: [], notices: [], proof: { opened: [] } });
    expect(run.goal.legs).toMatchObject([{ before: 0, developer: 4 }]);
    expect(run.network).toMatchObject({ connections: 14, kept: 14 });
    // What is left is nobody's of the developers.
    expect(run.left.filter(({ owner }) => owner === 'developer')).toEqual([]);
    const all = texts().join();
    expect(all).not.toContain('shop-s3cr3t');
    expect(run.secrets.map(({ name, keys }) => [name, keys])).toEqual([
      ['shop-credentials', ['DATABASE_URL', 'POSTGRES_PASSWORD', 'SESSION_SECRET']],
      ['shop-secrets', ['JWT_SIGNING_KEY', 'smtp-password']],
      ['shop-tls', ['tls.crt', 'tls.key']],
    ]);
    expect(all).not.toContain('not-a-real-key');
    expect(all).toContain('# needed rights to list pods for the status page');
    expect(JSON.parse(nowwhat(args).out)).toMatchObject({ files: [] });
  });

  it('prints a diff that git takes, also beside lines that it withholds', () => {
    cpSync(join(root, 'examples/shop/k8s'), join(folder, 'patched'), { recursive: true });
    const shown = nowwhat(['fix', 'privilege-escalation', 'seccomp-unset', 'network', 'patched', '-o', 'diff'], {
      cwd: folder,
    });
    expect(shown.out).not.toContain('made-up-session-secret');
    const applied = spawnSync('git', ['apply', '-p0', '-'], { cwd: folder, input: shown.out, encoding: 'utf8' });
    expect([applied.status, applied.stderr]).toEqual([0, '']);
    nowwhat(['fix', 'privilege-escalation', 'seccomp-unset', 'network', 'k8s', '--write'], { cwd: folder });
    const strip = (text: string) => text.replaceAll('(patched/', '(k8s/');
    for (const file of readdirSync(app))
      expect(strip(readFileSync(join(folder, 'patched', file), 'utf8'))).toBe(readFileSync(join(app, file), 'utf8'));
    rmSync(join(folder, 'patched'), { recursive: true });
  });

  it('leaves out what cannot be read or is not UTF-8, tells each, and edits the others as they are', () => {
    const pod = (name: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n  - {name: web, image: "registry.example.com/web:1"}\n`;
    const odd = mkdtempSync(join(folder, 'odd-'));
    const write = (name: string, content: string | Uint8Array) => writeFileSync(join(odd, name), content);
    write('marked.yaml', `\ufeff${pod('marked')}`.replaceAll('\n', '\r\n'));
    write('wide.yaml', Buffer.from(`\ufeff${pod('wide')}`, 'utf16le'));
    write('latin.yaml', Buffer.from(pod('l\u00e4tin'), 'latin1'));
    write('large.yaml', `${pod('large')}# ${'x'.repeat(8192)}\n`);
    symlinkSync('nowhere.yaml', join(odd, 'broken.yaml'));
    symlinkSync('there.yaml', join(odd, 'back.yaml'));
    symlinkSync('back.yaml', join(odd, 'there.yaml'));
    symlinkSync('.', join(odd, 'again'));
    spawnSync('mkfifo', [join(odd, 'pipe.yaml')]);
    const wide = readFileSync(join(odd, 'wide.yaml'));
    const run = nowwhat(['fix', 'privilege-escalation', odd, '--max-file-size', '4Ki', '--write']);
    expect(run.status).toBe(0);
    for (const name of ['broken.yaml', 'back.yaml', 'there.yaml', 'again', 'latin.yaml', 'large.yaml'])
      expect(run.out).toMatch(new RegExp(`Not read {2}\\S*${name}:1`));
    expect(run.out).toMatch(/Pod default\/wide, container web {2}privilege-escalation:\s+\S+ is UTF-16/);
    expect(readFileSync(join(odd, 'wide.yaml'))).toEqual(wide);
    const marked = readFileSync(join(odd, 'marked.yaml'), 'utf8');
    expect(marked).toMatch(/^\ufeffapiVersion: v1\r\n(?:[^\n]*\r\n)*$/);
    expect(marked).toContain('allowPrivilegeEscalation: false');
    const { skipped } = JSON.parse(nowwhat(['check', odd, '-o', 'json']).out) as { skipped: { file: string }[] };
    expect(skipped.map(({ file }) => file)).toContain(join(odd, 'pipe.yaml'));
  });
});
