// The built program, from outside: what it prints, what it exits with, what it never shows.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const shop = 'examples/shop/k8s';
const formats = ['text', 'json', 'sarif', 'junit', 'markdown', 'github', 'html'];

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-e2e-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const tidy = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
`;

describe('the journey page', () => {
  const page = nowwhat([shop]);

  it('shows the four legs, the next step, who has to act and what was not read', () => {
    expect(page.status).toBe(1);
    for (const part of [
      'Security',
      'Deployment',
      'Monitoring',
      'Backups',
      'Next',
      'To do',
      'Unknown',
      'Not read',
      'tab used for indentation',
    ])
      expect(page.out).toContain(part);
    expect(page.out).toContain('examples/shop/k8s/old.yaml:4');
  });

  it('is the same for `journey PATH`, and as a plugin of kubectl', () => {
    expect(nowwhat(['journey', shop]).out).toBe(page.out);
    const plugin = nowwhat([shop], { bin: join(root, 'bin/kubectl-nowwhat.js') });
    expect(plugin.status).toBe(1);
    expect(plugin.out).toContain('kubectl nowwhat explain');
  });

  it('is plain when piped, and coloured when asked for', () => {
    expect(page.out).not.toContain('\u001b');
    expect(nowwhat([shop, '--color', 'always']).out).toContain('\u001b[');
    expect(nowwhat([shop], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).out).not.toContain('\u001b');
  });

  it.each([60, 80, 120])('fits into %i columns, but for commands to copy', (columns) => {
    const lines = nowwhat([shop], { env: { COLUMNS: String(columns) } }).out.split('\n');
    expect(lines.filter((line) => line.length > columns && !line.includes('nowwhat '))).toEqual([]);
  });
});

describe('reports', () => {
  it('keep their published schema', () => {
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/report-v1.schema.json'), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    for (const input of [shop, 'examples/shop/k8s/redis.yaml']) {
      validate(JSON.parse(nowwhat(['check', input, '-o', 'json']).out));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ schema: 'nowwhat.dev/report/v1' })).toBe(false);
  });

  it('give SARIF that code scanning can take', () => {
    const log = JSON.parse(nowwhat(['check', shop, '-o', 'sarif']).out);
    const [run] = log.runs;
    const rules = new Set(run.tool.driver.rules.map(({ id }: { id: string }) => id));
    expect(log.version).toBe('2.1.0');
    for (const result of run.results) {
      expect(rules.has(result.ruleId)).toBe(true);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uri).not.toMatch(/^\/|^\.\.|\\/);
      expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      expect(Object.values(result.partialFingerprints)).toHaveLength(1);
    }
  });

  it('give JUnit with as many failures as failing checks', () => {
    const xml = nowwhat(['check', shop, '-o', 'junit']).out;
    const report = JSON.parse(nowwhat(['check', shop, '-o', 'json']).out);
    const failing = new Set(
      report.findings
        .filter(({ verdict }: { verdict: string }) => verdict === 'fail')
        .map(({ check }: { check: string }) => check),
    );
    expect(xml.match(/<failure /g)).toHaveLength(failing.size);
  });

  it('are written as a whole or not at all', () => {
    const folder = folderWith({});
    const file = join(folder, 'report.json');
    expect(nowwhat(['check', shop, '-o', 'json', '--output-file', file]).out).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8')).schema).toBe('nowwhat.dev/report/v1');
    const failed = nowwhat(['check', shop, '-o', 'json', '--output-file', join(folder, 'missing/report.json')]);
    expect([failed.status, failed.err.includes('[output-failed]')]).toEqual([2, true]);
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  it('name a person only what is theirs', () => {
    const report = JSON.parse(nowwhat(['check', shop, '-o', 'json', '--role', 'cluster-administrator']).out);
    expect(new Set(report.findings.map(({ owner }: { owner: string }) => owner))).toEqual(
      new Set(['cluster-administrator']),
    );
  });
});

describe('exit status', () => {
  it('is 0 where the threshold is not reached, 1 where it is', () => {
    const folder = folderWith({ 'a.yaml': tidy });
    expect(nowwhat(['check', folder, '--fail-on', 'critical']).status).toBe(0);
    expect(nowwhat(['check', shop, '--fail-on', 'critical']).status).toBe(1);
    expect(nowwhat(['check', shop, '--fail-on', 'never']).status).toBe(0);
    expect(nowwhat(['check', shop, '--fail-on', 'never', '--require', 'security=2']).status).toBe(1);
  });

  it('counts only new findings against a baseline', () => {
    const folder = folderWith({});
    const baseline = join(folder, 'baseline.json');
    nowwhat(['check', shop, '-o', 'json', '--output-file', baseline]);
    expect(nowwhat(['check', shop, '--baseline', baseline]).status).toBe(0);
    expect(nowwhat(['check', shop, 'examples/shop/kustomize/base/web.yaml', '--baseline', baseline]).status).toBe(1);
  });

  it.each([
    [['journey', '/does/not/exist'], 'path-missing'],
    [['check', shop, '--nonsense'], 'invalid-option'],
    [['check', shop, '--check', 'no-such-check'], 'unknown-check'],
    [['check', shop, '--kube-version', 'banana'], 'invalid-option'],
    [['check', shop, '--require', 'security=9'], 'invalid-option'],
    [['check', shop, '--profile', 'pod-security/strict'], 'unknown-profile'],
    [['check', shop, '--baseline', 'README.md'], 'invalid-baseline'],
    [['explain', 'privileged-contaner'], 'unknown-check'],
    [['jorney'], 'unknown-command'],
    [['help', 'backup', 'creat'], 'unknown-command'],
    [['who-can', 'get'], 'invalid-option'],
    [['backup', 'get', '--store', 'gs://bucket'], 'invalid-option'],
  ])('is 2 with a code for %j', (args, code) => {
    const { status, err, out } = nowwhat(args);
    expect(status).toBe(2);
    expect(err).toContain(`[${code}]`);
    expect(err.split('\n').length).toBeLessThanOrEqual(3);
    expect(out).toBe('');
  });

  it('comes with what to write where a word is missing', () => {
    expect(nowwhat(['who-can', 'get']).err).toContain('Write: nowwhat who-can [options] <verb> <resource> [path...].');
  });

  it('admits and refuses pods by a Pod Security profile', () => {
    const pod = (extra: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  ${extra}\n  containers: [{name: c, image: i}]\n`;
    const status = (text: string, profile: string): number | null =>
      nowwhat(['check', '-', '--profile', profile], { input: text }).status;
    expect(status(pod('hostNetwork: true'), 'pod-security/baseline')).toBe(1);
    expect(status(pod('hostNetwork: false'), 'pod-security/baseline')).toBe(0);
    expect(status(pod('hostNetwork: false'), 'pod-security/restricted@v1.30')).toBe(1);
  });
});

describe('help', () => {
  it('is the same for `help backup create` and `backup create --help`', () => {
    expect(nowwhat(['help', 'backup', 'create']).out).toBe(nowwhat(['backup', 'create', '--help']).out);
    expect(nowwhat(['help']).out).toBe(nowwhat(['--help']).out);
  });

  it.each([80, 60])('keeps to %i columns', (columns) => {
    const { out } = nowwhat(['--help'], { env: { COLUMNS: `${columns}` } });
    const [commands = ''] = out.split('\nnowwhat <path...>');
    expect(commands.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });
});

describe('bad input', () => {
  it('does not hide the rest', () => {
    const folder = folderWith({
      'good.yaml': tidy,
      'broken.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a\n',
      'bomb.yaml': `kind: ConfigMap\napiVersion: v1\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefg'[index]}`).join(',')}]`)
        .join('\n')}\n`,
      'deep.yaml': `apiVersion: v1\nkind: ConfigMap\na: ${'['.repeat(5000)}`,
      'binary.yaml': Buffer.from([0, 1, 2, 3, 255, 254, 0, 0]),
      'utf16.yaml': Buffer.from(`\ufeff${tidy.replace('settings', 'wide')}`, 'utf16le'),
      'bom.yaml': `\ufeff${tidy.replace('settings', 'marked')}`,
    });
    const report = JSON.parse(nowwhat(['check', folder, '-o', 'json']).out);
    expect(report.source.objects).toBe(3);
    expect(report.unreadable.map(({ code }: { code: string }) => code).sort()).toEqual([
      'binary-file',
      'invalid-yaml',
      'yaml-alias-bomb',
      'yaml-too-deep',
    ]);
    for (const { reason, advice } of report.unreadable) expect(`${reason} ${advice}`).toMatch(/\w+ \w+/);
  });

  it('finds duplicate keys with their line', () => {
    const report = JSON.parse(
      nowwhat(['check', '-', '-o', 'json', '--check', 'duplicate-key'], { input: `${tidy}data:\n  a: "1"\n  a: "2"\n` })
        .out,
    );
    expect(report.findings).toMatchObject([{ position: { line: 6 }, path: '/data/a' }]);
  });

  it('never lets control characters or markup of a name through', () => {
    const name = 'x\u001b[31mred\u0007<script>alert(1)</script>';
    const input = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { containers: [{ name, image: 'a:latest' }] },
    });
    for (const format of formats) {
      const { out } = nowwhat(['check', '-', '-o', format, '--all'], { input });
      const controls = Array.from(out).filter((character) => character !== '\n' && /\p{Cc}/u.test(character));
      expect(controls, format).toEqual([]);
      if (format === 'html') expect(out).not.toContain('<script>alert');
      if (format === 'markdown') expect(out).not.toContain('<script>');
    }
  });
});

describe('secrets', () => {
  const markers = ['hunter2-marker-value', 'c2VjcmV0LW1hcmtlci12YWx1ZQ', 'AKIAMARKER1234567890', 'marker-in-args-9911'];
  const input = `apiVersion: v1
kind: Secret
metadata: {name: db, annotations: {note: "password=hunter2-marker-value"}}
type: kubernetes.io/tls
stringData: {password: hunter2-marker-value}
data: {token: c2VjcmV0LW1hcmtlci12YWx1ZQ, tls.crt: hunter2-marker-value}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {DB_PASSWORD: hunter2-marker-value, url: "postgres://u:hunter2-marker-value@db/x", AWS: AKIAMARKER1234567890}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web
          args: ["--password=marker-in-args-9911", "--token", "marker-in-args-9911"]
          env:
            - {name: DB_PASSWORD, value: hunter2-marker-value}
            - {name: AWS_SECRET_ACCESS_KEY, value: AKIAMARKER1234567890}
            - {name: DB_PASSWORD, value: hunter2-marker-value}
            - {name: PORT, value: 8080}
`;

  it.each(formats)('never appear in %s', (format) => {
    const { out, err } = nowwhat(['check', '-', '-o', format, '--all'], { input });
    expect(out.length).toBeGreaterThan(500);
    for (const marker of markers) expect(`${out}${err}`).not.toContain(marker);
  });

  it('never appear in the inventory, in a request or on the page', () => {
    for (const args of [
      ['inventory', '-', '-o', 'json'],
      ['inventory', '-'],
      ['request', '--role', 'developer', '-'],
      ['journey', '-', '--all'],
    ]) {
      const { out, err } = nowwhat(args, { input });
      expect(out.length).toBeGreaterThan(50);
      for (const marker of markers) expect(`${out}${err}`).not.toContain(marker);
    }
  });
});

describe('help and completion', () => {
  it('every command explains itself with an example', () => {
    for (const command of ['journey', 'check', 'explain', 'checks', 'request', 'inventory', 'completion']) {
      const { out, status } = nowwhat([command, '--help']);
      expect(status).toBe(0);
      expect(out).toMatch(/Examples?:/);
    }
  });

  it('a slip leads to the help of the command that it is in, and a command without its second word shows its own', () => {
    const slip = nowwhat(['backup', 'describe', 'one', '--stroe', 'kept']);
    expect(slip).toMatchObject({ status: 2, err: expect.stringContaining('Run `nowwhat backup describe --help`') });
    const { status, err } = nowwhat(['backup']);
    expect(status).toBe(2);
    expect(err).toContain('Usage: nowwhat backup');
    expect(err).not.toMatch(/nowwhat: |outputHelp/);
  });

  it.each(['bash', 'zsh', 'fish'])('%s gets commands, options and checks', (shell) => {
    const { out } = nowwhat(['completion', shell]);
    for (const word of ['journey', 'output-file', 'privileged-container', 'sarif', 'seal-to'])
      expect(out).toContain(word);
  });

  it.each([
    ['ba', ['backup']],
    ['backup cre', ['create']],
    ['backup create --seal', ['--seal-to']],
    ['backup get --seal', []],
    ['backup create one --output js', ['json']],
    ['check --fail', ['--fail-on']],
    ['explain privileged-c', ['privileged-container']],
  ])('in bash, `nowwhat %s` goes on with %s', (typed, expected) => {
    const { out } = nowwhat(['completion', 'bash']);
    const words = ['nowwhat', ...typed.split(' ')];
    const ask = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _nowwhat; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const answer = execFileSync('bash', ['-c', `${out}\n${ask}`], { cwd: folderWith({}), encoding: 'utf8' });
    expect(answer.split('\n').filter((word) => word !== '')).toEqual(expected);
  });

  it('init writes settings once, and they are valid', () => {
    const scan = { SchemaVersion: 2, ArtifactName: 'web:1', Results: [] };
    const folder = folderWith({ 'a.yaml': tidy, 'web.trivy.json': JSON.stringify(scan) });
    expect(nowwhat(['init', folder]).status).toBe(0);
    expect(nowwhat(['init', folder]).status).toBe(2);
    const file = join(folder, 'nowwhat.yaml');
    const uncommented = readFileSync(file, 'utf8').replace(/^# (?=\s*(?:- )?[\w-]+:(?:\s|$)|\s+- |\s{2,}\w)/gm, '');
    writeFileSync(file, uncommented);
    const { status, out, err } = nowwhat(['check', folder]);
    expect([status, err]).toEqual([1, '']);
    for (const notice of ['cpu-limit-missing is switched off', 'image-latest counts as critical', 'matches nothing'])
      expect(out).toContain(notice);
  });

  it('a wrong setting names file, line and field', () => {
    const folder = folderWith({
      'a.yaml': tidy,
      'nowwhat.yaml':
        'failOn: high\nexceptions:\n  - check: x\n    subject: web\n    owner: z\n    reason: r\n    until: soon\n',
    });
    const { status, err } = nowwhat(['check', folder]);
    expect(status).toBe(2);
    expect(err).toMatch(/nowwhat\.yaml:7 exceptions\.0\.until must be a date .*\[invalid-config\]/);
  });
});
