// Files that others wrote: whatever stands in one, it is read, or told as the user's mistake with the file's name. Never a stack trace.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseKubeconfig } from '../../src/api/kubeconfig/parse-kubeconfig.ts';
import { readBackupFile } from '../../src/app/backups/backup-file.ts';
import { parseConfig } from '../../src/app/config/config-schema.ts';
import { readBaseline } from '../../src/app/journey/read-baseline.ts';
import { parseJournal, parsePlan, parseProof } from '../../src/app/records/parse-record.ts';
import { readRestoreFile } from '../../src/app/restores/restore-inputs.ts';
import { readScheduleFile } from '../../src/app/schedules/read-schedule-file.ts';
import { readFlowFile } from '../../src/app/traffic/read-flows.ts';
import { parseSecretRules } from '../../src/backup/clone/secret-rules.ts';
import { parseProbes } from '../../src/backup/drill/probes/parse-probes.ts';
import { parsePolicies } from '../../src/backup/policies/parse-policies.ts';
import { parseModifiers } from '../../src/backup/restore/modifiers/parse-modifiers.ts';
import { UsageTable } from '../../src/inference/index.ts';
import { asObject, type Json, UserError } from '../../src/model/index.ts';
import { readAuditLog } from '../../src/sources/index.ts';
import { readSaved } from '../../src/sources/saved/read-saved.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'nowwhat-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const given = join(folder, 'given');

async function fromFile(text: string, read: (file: string) => Promise<unknown>): Promise<unknown> {
  writeFileSync(given, text);
  return read(given);
}

const documentIn = (page: string): Json =>
  parseYaml(/^```yaml\n([\s\S]*?)^```/m.exec(readFileSync(join(root, page), 'utf8'))?.[1] ?? '');

const usages = { apiVersion: 'velero.io/v1', metadata: { name: 'shop', namespace: 'velero' } };
const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a'] }] };
const hook = { exec: { container: 'db', command: ['/bin/sync'], onError: 'Fail', timeout: '30s' } };
const backupSpec = {
  includedNamespaces: ['shop', 'lab*'],
  excludedResources: ['events'],
  includeClusterResources: null,
  labelSelector: selector,
  orLabelSelectors: [selector],
  orderedResources: { pods: 'shop/a,shop/b' },
  hooks: {
    resources: [{ name: 'sync', includedNamespaces: ['shop'], labelSelector: selector, pre: [hook], post: [hook] }],
  },
  resourcePolicy: { kind: 'configmap', name: 'rules' },
  ttl: '720h0m0s',
  csiSnapshotTimeout: '10m',
  snapshotVolumes: true,
  defaultVolumesToFsBackup: false,
  metadata: { labels: { a: 'b' } },
};
const restoreSpec = {
  backupName: 'shop-1',
  includedNamespaces: ['shop'],
  namespaceMapping: { shop: 'copy' },
  labelSelector: selector,
  restoreStatus: { includedResources: ['jobs'] },
  existingResourcePolicy: 'update',
  resourceModifier: { kind: 'ConfigMap', name: 'rules' },
  hooks: {
    resources: [
      {
        name: 'fill',
        postHooks: [
          { exec: { command: ['x'], waitTimeout: '5m', execTimeout: '1m' } },
          { init: { timeout: '1m', initContainers: [{ name: 'i', image: 'b:1' }] } },
        ],
      },
    ],
  },
};
const step = {
  id: 'web',
  title: 'Edit',
  reason: 'runs as root',
  closes: ['run-as-non-root'],
  owner: 'developer',
  action: { kind: 'write-file', file: 'k8s/policy.yaml', content: 'kind: NetworkPolicy\n' },
  inverse: { kind: 'remove-file', file: 'k8s/policy.yaml', before: 'a'.repeat(64) },
  after: [],
};
const input = { kind: 'file', file: 'k8s/web.yaml', sha256: 'b'.repeat(64) };
const record = { command: 'nowwhat fix', version: '0.1.0', inputs: [input] };
const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  stage: 'ResponseComplete',
  auditID: '1',
  verb: 'get',
  requestURI: '/api/v1/namespaces/shop/secrets/db',
  user: { username: 'system:serviceaccount:shop:web', groups: ['a'], extra: { a: ['b'] } },
  impersonatedUser: { username: 'x', groups: ['y'] },
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1', subresource: 'status' },
  requestReceivedTimestamp: '2026-11-29T00:00:00.000000Z',
  stageTimestamp: '2026-11-29T00:00:00.000000Z',
  responseStatus: { code: 200 },
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};
const googleEntry = {
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    serviceName: 'k8s.io',
    methodName: 'io.k8s.core.v1.secrets.get',
    resourceName: 'core/v1/namespaces/shop/secrets/db',
    authenticationInfo: { principalEmail: 'system:serviceaccount:shop:web' },
    authorizationInfo: [{ granted: true, permission: 'io.k8s.core.v1.secrets.get', resource: 'x' }],
    status: {},
  },
  timestamp: '2026-11-29T00:00:00Z',
  resource: { type: 'k8s_cluster' },
};
const flow = {
  schema: 'nowwhat.dev/flow/v1',
  from: { namespace: 'shop', pod: 'web-1' },
  to: { namespace: 'shop', workload: 'db', kind: 'Deployment' },
  port: 5432,
  protocol: 'TCP',
  count: 3,
  first: '2026-11-29T00:00:00Z',
  last: '2026-11-29T00:00:00Z',
};
const hubble = {
  flow: {
    time: '2026-11-29T00:00:00Z',
    verdict: 'FORWARDED',
    IP: { source: '10.0.0.1', destination: '10.0.0.2' },
    l4: { TCP: { source_port: 40000, destination_port: 80, flags: { SYN: true } } },
    source: {
      namespace: 'shop',
      pod_name: 'web',
      labels: ['k8s:app=web'],
      workloads: [{ name: 'web', kind: 'Deployment' }],
    },
    destination: { namespace: 'shop', pod_name: 'db', labels: ['reserved:world'] },
    is_reply: false,
    Type: 'L3_L4',
    traffic_direction: 'EGRESS',
  },
};
const prometheus = {
  status: 'success',
  data: {
    resultType: 'vector',
    result: [
      {
        metric: {
          source_workload: 'web',
          source_workload_namespace: 'shop',
          destination_workload: 'db',
          destination_workload_namespace: 'shop',
          destination_service_name: 'db',
          request_protocol: 'tcp',
        },
        value: [1764374400, '3'],
      },
    ],
  },
};
const kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'c',
  clusters: [
    {
      name: 'k',
      cluster: { server: 'https://192.0.2.1', 'certificate-authority-data': 'QQ==', 'proxy-url': 'http://p:1' },
    },
  ],
  users: [
    { name: 'u', user: { token: 't', 'client-certificate-data': 'QQ==', 'client-key-data': 'QQ==' } },
    {
      name: 'e',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'x',
          args: ['a'],
          env: [{ name: 'A', value: 'b' }],
          interactiveMode: 'Never',
        },
      },
    },
  ],
  contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'shop' } }],
};

interface Foreign {
  readonly what: string;
  readonly sample: Json;
  readonly read: (text: string) => unknown;
}

const velero = (kind: string, spec: Json): Json => ({ ...usages, kind, spec });
const audit = (text: string): Promise<unknown> => {
  const table = new UsageTable({ minor: undefined });
  const stdin = async function* () {};
  return fromFile(text, (file) =>
    readAuditLog(file, { take: (each) => table.take(each), stdin, progress: () => undefined }),
  );
};
const flows = (text: string): Promise<unknown> => fromFile(text, (file) => readFlowFile(file, () => Promise.reject()));

const foreign: readonly Foreign[] = [
  { what: 'a kubeconfig', sample: kubeconfig, read: (text) => parseKubeconfig(text, given) },
  { what: 'a Backup of Velero', sample: velero('Backup', backupSpec), read: (text) => fromFile(text, readBackupFile) },
  {
    what: 'a Restore of Velero',
    sample: velero('Restore', restoreSpec),
    read: (text) => fromFile(text, readRestoreFile),
  },
  {
    what: 'a Schedule of Velero',
    sample: velero('Schedule', {
      schedule: '0 2 * * *',
      paused: false,
      useOwnerReferencesInBackup: true,
      template: backupSpec,
    }),
    read: (text) => fromFile(text, readScheduleFile),
  },
  {
    what: 'resource modifiers',
    sample: {
      version: 'v1',
      resourceModifierRules: [
        {
          conditions: {
            groupResource: 'pods',
            resourceNameRegex: '^a',
            namespaces: ['b'],
            labelSelector: selector,
            matches: [{ path: '/a', value: 'b' }],
          },
          patches: [{ operation: 'replace', path: '/spec/a', value: '1' }],
        },
        { conditions: { groupResource: 'pods' }, mergePatches: [{ patchData: 'spec: {a: 1}' }] },
        { conditions: { groupResource: 'pods' }, strategicPatches: [{ patchData: 'spec: {a: 1}' }] },
      ],
    },
    read: (text) => parseModifiers(text, given),
  },
  {
    what: 'resource policies',
    sample: {
      version: 'v1',
      volumePolicies: [
        {
          conditions: {
            capacity: '0,10Gi',
            storageClass: ['a'],
            csi: { driver: 'x', volumeAttributes: { a: 'b' } },
            nfs: { server: 'a', path: '/b' },
            volumeTypes: ['nfs'],
            pvcLabels: { a: 'b' },
            pvcPhase: ['Pending'],
          },
          action: { type: 'fs-backup', parameters: { a: 'b' } },
        },
      ],
    },
    read: (text) => parsePolicies(text, given),
  },
  {
    what: 'probes of a drill',
    sample: {
      probes: [
        { name: 'a', in: 'svc/web', http: { port: 80, path: '/', matches: '^ok$', status: 200, headers: { a: 'b' } } },
        {
          name: 'b',
          namespace: 'shop',
          in: 'pod/x',
          within: '90s',
          exec: { command: ['x'], container: 'y', matches: 'z' },
        },
      ],
    },
    read: (text) => parseProbes(text, given),
  },
  {
    what: 'rules for Secrets',
    sample: {
      rules: [
        { secret: ['db*'], keys: 'password', treatment: 'mask' },
        { secret: 'x', treatment: 'keep' },
      ],
    },
    read: (text) => parseSecretRules('keep', text, given),
  },
  { what: 'settings', sample: documentIn('docs/settings.md'), read: (text) => parseConfig(given, text) },
  { what: 'custom checks', sample: documentIn('docs/custom-checks.md'), read: (text) => parseConfig(given, text) },
  {
    what: 'a plan',
    sample: {
      ...record,
      schema: 'nowwhat.dev/plan/v1',
      title: 'x',
      made: '2026-11-29T12:00:00Z',
      target: { kind: 'folder' },
      steps: [step],
      left: [],
    },
    read: (text) => parsePlan(given, text),
  },
  {
    what: 'a journal',
    sample: {
      schema: 'nowwhat.dev/journal/v1',
      state: 'applying',
      started: '2026-11-29T12:00:00Z',
      entries: [{ step: 'web', state: 'done', at: '2026-11-29T12:00:00Z', inverse: step.inverse, left: input }],
    },
    read: (text) => parseJournal(given, text),
  },
  {
    what: 'a proof',
    sample: {
      ...record,
      schema: 'nowwhat.dev/proof/v1',
      kind: 'fix',
      claim: 'x',
      time: '2026-11-29T12:00:00.000Z',
      result: 'holds',
      figures: { a: 3 },
    },
    read: (text) => parseProof(given, text),
  },
  {
    what: 'a baseline',
    sample: {
      schema: 'nowwhat.dev/report/v1',
      findings: [
        { check: 'x', verdict: 'fail', subject: { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: 'b' } },
      ],
    },
    read: (text) => fromFile(text, readBaseline),
  },
  { what: 'an audit log', sample: event, read: audit },
  {
    what: 'an audit log in a list',
    sample: { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [event] },
    read: audit,
  },
  { what: 'an audit log of Google', sample: googleEntry, read: audit },
  { what: 'recorded connections', sample: flow, read: flows },
  { what: 'connections of Hubble', sample: hubble, read: flows },
  { what: 'an answer of Prometheus', sample: prometheus, read: flows },
  {
    what: 'a saved snapshot',
    sample: {
      schema: 'nowwhat.dev/snapshot/v1',
      minor: 34,
      savedOn: '2026-11-29',
      unreadable: [],
      cluster: { context: 'c', serverVersion: 'v1.34.0', namespaces: ['shop'], notListed: [] },
    },
    read: (text) => fromFile(`${text}\n{"end":"nowwhat.dev/snapshot/v1","objects":0}\n`, readSaved),
  },
];

type Place = readonly (string | number)[];

function placesIn(value: Json, at: Place = []): Place[] {
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(asObject(value));
  return [at, ...entries.flatMap(([key, each]) => placesIn(each ?? null, [...at, key]))];
}

function put(value: Json, [key, ...rest]: Place, other: Json): Json {
  if (key === undefined) return other;
  if (Array.isArray(value)) return value.map((each, index) => (index === key ? put(each, rest, other) : each));
  const object = asObject(value);
  return { ...object, [key]: put(object[key] ?? null, rest, other) };
}

/** What no text in quotes can say: numbers out of range, and what YAML makes of bare words. */
const bare = ['1e999', '-1e999', '9007199254740993', '.nan', '.inf', '0x1F', '2026-02-30', '!!binary aGk=', '~'];
const bareMark = 'written-bare:';

function toText(value: Json): string {
  return JSON.stringify(value).replaceAll(new RegExp(`"${bareMark}([^"]*)"`, 'g'), '$1');
}

const odd = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    '',
    ' ',
    '\u0000',
    '../..',
    '(',
    '[',
    '*',
    '__proto__',
    [],
    {},
    [[]],
    [null],
    [{}],
    { a: null },
  ),
  fc.constantFrom(...bare).map((text) => bareMark + text),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** The sample with something else at up to three places. */
function bent(sample: Json): fc.Arbitrary<string> {
  const places = fc.constantFrom(...placesIn(sample));
  return fc
    .array(fc.tuple(places, odd), { minLength: 1, maxLength: 3 })
    .map((changes) => toText(changes.reduce((value, [at, other]) => put(value, at, other), sample)));
}

/** The text cut, or with something put in between. */
function torn(sample: Json): fc.Arbitrary<string> {
  const text = JSON.stringify(sample);
  const between = fc.oneof(
    fc.constantFrom('\n---\n', '\t', '&a', '*a', '!!x ', '\u0000', '{', '\ufeff', '\n'),
    fc.string({ maxLength: 5 }),
  );
  return fc
    .tuple(fc.nat(text.length), fc.nat(20), between)
    .map(([at, length, what]) => `${text.slice(0, at)}${what}${text.slice(at + length)}`);
}

/** What is our bug about reading a text; nothing where it is read, or refused as a mistake of the user's. */
async function bugIn({ read }: Foreign, text: string): Promise<unknown> {
  try {
    await read(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) return error;
    // A slip of ours within, told as a file that cannot be read.
    if (error.cause instanceof TypeError || error.cause instanceof RangeError) return error.cause;
    return error.message.includes(given) && error.advice !== '' ? undefined : new Error(`no place: ${error.message}`);
  }
}

describe.each(foreign)('$what', (each) => {
  it('is read as it is meant', async () => {
    expect(await bugIn(each, JSON.stringify(each.sample))).toBeUndefined();
    await expect(Promise.resolve().then(() => each.read(JSON.stringify(each.sample)))).resolves.toBeDefined();
  });

  it.each([
    ['with other values', bent(each.sample)],
    ['as another text', torn(each.sample)],
    ['that is something else', fc.oneof(fc.string({ maxLength: 60 }), fc.json({ maxDepth: 3 }))],
  ])('%s is read or refused', async (_how, texts) => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await bugIn(each, text)).toBeUndefined();
      }),
      { numRuns: 50, interruptAfterTimeLimit: 30_000 },
    );
  });
});
