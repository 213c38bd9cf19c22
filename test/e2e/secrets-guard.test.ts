// No command prints, logs or stores a value of a Secret: each command that the program has is run over an app whose Secrets are marked.

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/run.ts';
import type { JsonObject } from '../../src/model/index.ts';
import { openPlaygroundFolder, type PlaygroundFolder } from '../kubernetes/playground-folder.ts';
import { declaredCommands, silentIo } from '../contract/command-line.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const inFiles = 'marked-in-files-0815-value';
const inCluster = 'marked-in-cluster-4711-value';
const inEnvironment = 'marked-in-environment-2323-key';
/** In base64, wherever it begins in what is encoded. */
const encoded = (mark: string): string[] =>
  ['', 'x', 'xx'].map((before) => base64(`${before}${mark}`).slice(before.length === 0 ? 0 : 4, -4));
const marks = [inFiles, inCluster, inEnvironment].flatMap((mark) => [mark, ...encoded(mark)]);

const named = (name: string, more: JsonObject = {}): JsonObject => ({ name, namespace: 'shop', ...more });

function appWith(value: string): JsonObject[] {
  const data = { password: base64(value) };
  const copy = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: named('db'),
    stringData: { password: value },
  });
  const fromSecret = { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };
  const container = { name: 'web', image: 'nginx:1.27', env: [fromSecret], ports: [{ containerPort: 80 }] };
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: named('db', { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': copy } }),
      data,
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('settings'), data: { mode: 'slow' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named('web') },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: named('web'),
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { serviceAccountName: 'web', containers: [container] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: named('web'),
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
  ];
}

const policy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: named('closed'),
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
};
const call = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  stage: 'ResponseComplete',
  auditID: '1',
  verb: 'get',
  requestURI: '/api/v1/namespaces/shop/secrets/db',
  user: { username: 'system:serviceaccount:shop:web' },
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' },
  responseStatus: { code: 200 },
  responseObject: { data: { password: base64(inCluster) } },
};

const live = '--context . -n shop';
const made = `${live} --schedule @daily --image registry.test/nowwhat:1 --store s3://kept?endpoint=http://127.0.0.1:9`;

/** Each command that the program has, in an order in which they can be run. */
const lines: Readonly<Record<string, readonly string[]>> = {
  journey: ['k8s --all', `${live} -o json`, 'k8s --context . -n shop -o html'],
  check: ['k8s --all -o json', `${live} --all -o sarif`],
  request: ['k8s --role developer', `${live} --role cluster-administrator`],
  fix: ['k8s', 'k8s -o json', `${live}`, 'network k8s'],
  isolation: ['k8s -o json', live],
  secrets: ['k8s -o json', live, `${live} -o json`],
  'pod-security': ['k8s', `${live} -o yaml`],
  pin: [`k8s ${live}`],
  'signature-policy': [`${live} --engine kyverno --images ghcr.io/team/ --key cosign.pub`],
  'guard-rails': ['k8s -o yaml', `${live} -o yaml`],
  plan: [`${live} --create k8s -o plan.json`],
  apply: ['plan.json --yes'],
  undo: ['--list', '--yes'],
  proofs: ['.'],
  inventory: ['k8s -o json', `${live} -o json`, live],
  'who-can': ['get secrets k8s -n shop', `get secrets ${live}`],
  'what-can': ['sa:shop/web k8s', `sa:shop/web ${live}`],
  roles: ['--audit-log audit.log', `--audit-log audit.log ${live} -o json`],
  'unused-rights': [`--audit-log audit.log ${live} -o json`],
  snapshot: [`${live} --output-file shop.snapshot`],
  facts: ['--context .', 'shop.snapshot -o json'],
  compare: ['--from k8s --to shop.snapshot -o json', '--from k8s --to . -n shop --prove --yes'],
  drift: [`k8s ${live}`, `k8s ${live} -o json`],
  traffic: ['k8s'],
  network: ['k8s', live],
  'network why': [`web web 80 k8s`],
  'network diff': ['k8s k8s'],
  'network policies': ['k8s'],
  'network rehearse': ['k8s --on . --plan'],
  'network audit': [`k8s/policy.yaml ${live} --flows flows.jsonl`],
  'network rollout': [`${live} --flows flows.jsonl -o rollout.json`],
  probe: ['--context . --plan'],
  'backup create': [`one ${live}`, `two ${live} -o json`, `three ${live} --dry-run`],
  'backup browse': ['one', 'one secret/db', 'one -o json', `one --search ${inCluster}`],
  'backup history': ['secret db -n shop', 'secret db -n shop -o json'],
  'backup diff': ['one two', `one live ${live}`, `one live ${live} -o json`],
  'backup copy': ['one --to copied'],
  'backup download': ['one -o kept/one.tar.gz'],
  'backup export': ['one -n shop --folder exported', `${live} --folder exported-live`, 'one --kind cm --name settings'],
  'backup get': ['', '-o json'],
  'backup describe': ['one', 'one -o json'],
  'backup logs': ['one', 'one -o json'],
  'backup verify': ['one', 'one -o json'],
  'restore create': [
    `--from-backup one ${live} --dry-run`,
    `back --from-backup two ${live} --existing-resource-policy update --yes -o json`,
  ],
  'restore get': ['', '-o json'],
  'restore describe': ['back', 'back -o json'],
  'restore logs': ['back'],
  'restore delete': ['back --yes'],
  // There is no dump: the words of the refusal are looked at.
  'restore dump': [`--from-backup one ${live}`],
  drill: ['--from-backup one --context . --yes', 'k8s --from-backup one --context . --yes -o json'],
  clone: ['shop copy --context . --yes --secrets fresh', 'shop other --context . --dry-run -o json'],
  'clone get': ['--context .'],
  'clone expire': ['--context . --yes'],
  'clone delete': ['copy --context . --yes'],
  migrate: [
    'shop --context playground --to-context other-playground -o json --store s3://kept?endpoint=http://127.0.0.1:9',
  ],
  'schedule create': [`nightly ${made} --copy-credentials --yes`, `other ${made} --copy-credentials --dry-run -o yaml`],
  'schedule drill': [`weekly --of nightly ${made} --credentials-secret nightly --dry-run -o yaml`],
  'schedule get': [live, `${live} -o json`],
  'schedule describe': [`nightly ${live}`, `nightly ${live} -o json`],
  'schedule run': [`nightly ${live} --yes`],
  'schedule pause': [`nightly ${live} --yes`],
  'schedule unpause': [`nightly ${live} --yes`],
  'schedule delete': [`nightly ${live} --yes`],
  'backup prune': ['--keep-last 1 --yes'],
  'backup delete': ['two --yes'],
  explain: ['secret-in-env'],
  checks: [''],
  init: ['k8s'],
  completion: ['bash'],
};

const work = mkdtempSync(join(tmpdir(), 'nowwhat-guard-'));
let opened: PlaygroundFolder;
let elsewhere: PlaygroundFolder;

async function run(line: readonly string[]): Promise<{ status: number; text: string }> {
  let text = '';
  const take = (part: string): void => {
    text += part;
  };
  const io: Io = {
    ...silentIo,
    out: take,
    err: take,
    environment: {
      PATH: process.env['PATH'],
      HOME: work,
      KUBECONFIG: `${opened.kubeconfig}:${elsewhere.kubeconfig}`,
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: inEnvironment,
      NOWWHAT_STORE: join(work, 'kept'),
    },
    now: () => new Date().toISOString(),
    pages: new URL('../../docs/checks/', import.meta.url),
  };
  const status = await runCli(line, io);
  return { status, text };
}

beforeAll(async () => {
  opened = await openPlaygroundFolder([...appWith(inCluster), policy]);
  elsewhere = await openPlaygroundFolder([]);
  const renamed = readFileSync(elsewhere.kubeconfig, 'utf8').replace(/"(name|user|cluster)": "/g, '"$1": "other-');
  writeFileSync(elsewhere.kubeconfig, renamed);
  process.chdir(work);
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = inEnvironment;
  mkdirSync('k8s');
  for (const [index, object] of appWith(inFiles).entries())
    writeFileSync(`k8s/${index}.json`, JSON.stringify(object, null, 2));
  writeFileSync('k8s/policy.yaml', JSON.stringify(policy));
  writeFileSync('audit.log', `${JSON.stringify(call)}\n`);
  writeFileSync('flows.jsonl', '');
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync('cosign.pub', publicKey.export({ type: 'spki', format: 'pem' }));
});

afterAll(async () => {
  process.chdir('/');
  await opened.close();
  await elsewhere.close();
  rmSync(work, { recursive: true });
});

const commands = Object.entries(lines).flatMap(([path, all]) => all.map((line) => ({ path, line })));
const seenIn = (text: string): string[] => marks.filter((mark) => text.includes(mark));

it('every command that the program has is among those that are run', () => {
  const runnable = declaredCommands().filter(({ command }) => command.commands.length === 0);
  // Commands that do something themselves, and have others behind them.
  const both = ['network', 'clone'];
  expect(Object.keys(lines).toSorted()).toEqual([...runnable.map(({ path }) => path), ...both].toSorted());
});

it.each(commands)('nowwhat $path $line', { timeout: 600_000 }, async ({ path, line }) => {
  const { status, text } = await run([...path.split(' '), ...line.split(' ').filter((word) => word !== '')]);
  expect(seenIn(text)).toEqual([]);
  // What did not run has shown nothing.
  expect(path === 'restore dump' ? [2] : [0, 1], text).toContain(status);
  expect(text.length).toBeGreaterThan(10);
});

/** What a file holds, unpacked where it is packed. */
function contentsOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('latin1');
}

it('of all that the commands have written, only the archives of backups hold a value', () => {
  const written = readdirSync(work, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.startsWith(join(work, 'k8s')) && !file.endsWith('audit.log'));
  const holding = written.filter((file) => seenIn(contentsOf(file)).length > 0);
  expect(written.length).toBeGreaterThan(30);
  expect(holding.filter((file) => !/\/(?:kept|copied)\/.*\.tar\.gz$/.test(file))).toEqual([]);
  // They do, as Velero's own do: what is looked for would be found.
  expect(holding.length).toBeGreaterThan(0);
});
