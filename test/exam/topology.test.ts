// Published apps with the policies that their declared calls imply: ours let the same connections through.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerNetworkPolicies } from '../../src/app/network/network-policies.ts';
import { type Inventory, namedPorts, type Workload } from '../../src/inventory/index.ts';
import { parseIpAddress } from '../../src/kube/cidr.ts';
import { toObject } from '../../src/kube/manifests/parse-manifests.ts';
import { parseYaml, splitDocuments } from '../../src/kube/yaml/index.ts';
import { asArray, asNumber, asObject, type JsonObject, type ObjectSource } from '../../src/model/index.ts';
import {
  compilePolicies,
  completeLabels,
  type End,
  isPermitted,
  judgeConnection,
  namespaceLabelsOf,
  podEndOf,
  type PolicySet,
} from '../../src/reachability/index.ts';
import { sharedFile } from './shared-folder.ts';

const folder = sharedFile('topologies', 'exams/topology');
const source: ObjectSource = {
  file: '',
  text: -1,
  start: 0,
  end: 0,
  document: 0,
  line: 1,
  within: [],
  origin: { kind: 'manifest', unit: '' },
};

interface App {
  readonly name: string;
  readonly folder: string;
  readonly expected: string;
}

function apps(): App[] {
  if (folder === undefined) return [];
  return readdirSync(folder).flatMap((name) => {
    const files = readdirSync(join(folder, name)).filter((file) =>
      /^expected_netpol_output\.(?:json|yaml)$/.test(file),
    );
    const [file] = files;
    return file === undefined ? [] : [{ name, folder: join(folder, name), expected: join(folder, name, file) }];
  });
}

function policiesIn(file: string): JsonObject[] {
  const text = readFileSync(file, 'utf8');
  const [range] = splitDocuments(text);
  const parsed = parseYaml(text, range ?? { start: 0, end: text.length });
  return asArray(asObject(parsed.ok ? parsed.parsed.values[0] : undefined)['items']).map(asObject);
}

function compile(policies: readonly JsonObject[]): PolicySet {
  return compilePolicies(policies.map((raw) => toObject(raw, source, 'default')));
}

async function infer(path: string): Promise<{ inventory: Inventory; policies: JsonObject[] }> {
  const reading = { inputs: [path], values: [], set: [], allowRemote: false, maxFileBytes: 2 ** 28 };
  const outside = {
    stdin: () => Promise.resolve(new Uint8Array()),
    environment: {},
    today: '2026-11-20',
    progress: () => undefined,
    agree: () => Promise.resolve(false),
  };
  const wish = { traffic: { reading, flows: [] }, answers: new Map(), keepsUncalled: false };
  const { inventory, inferred } = await answerNetworkPolicies(wish, outside);
  return { inventory, policies: inferred.policies.map(({ raw }) => raw) };
}

/** All ports that the pods or either set of policies name. */
function portsOf({ workloads }: Inventory, policies: readonly JsonObject[]): number[] {
  const declared = workloads.flatMap((workload) => [
    ...namedPorts(workload).map(({ port }) => port),
    ...workload.containers.flatMap(({ raw }) =>
      asArray(raw['ports']).flatMap((port) => asNumber(asObject(port)['containerPort']) ?? []),
    ),
  ]);
  const ruled = policies.flatMap((policy) =>
    ['ingress', 'egress'].flatMap((direction) =>
      asArray(asObject(policy['spec'])[direction]).flatMap((rule) =>
        asArray(asObject(rule)['ports']).flatMap((port) => asNumber(asObject(port)['port']) ?? []),
      ),
    ),
  );
  return [...new Set([...declared, ...ruled, 9])].filter((port) => port !== 53);
}

/** Callers besides the workloads: somebody outside, and OpenShift's router, which brings the requests of Routes. */
function strangers(): [string, End][] {
  const address = parseIpAddress('203.0.113.7');
  const router: End = {
    kind: 'pod',
    namespace: 'openshift-ingress',
    labels: completeLabels({}),
    namespaceLabels: namespaceLabelsOf('openshift-ingress', undefined),
    isHostNetwork: false,
    addresses: [],
    ports: undefined,
  };
  return [
    ['outside', address === undefined ? { kind: 'outside' } : { kind: 'outside', address }],
    ['router', router],
  ];
}

function connections(inventory: Inventory, set: PolicySet, ports: readonly number[]): string[] {
  const nameOf = ({ object }: Workload): string => `${object.namespace}/${object.name}`;
  const pods = inventory.workloads.map((workload): [string, End] => [nameOf(workload), podEndOf(inventory, workload)]);
  const callers = [...pods, ...strangers()];
  return pods.flatMap(([to, called]) =>
    callers.flatMap(([from, caller]) =>
      ports
        .filter(
          (port) => isPermitted(judgeConnection({ from: caller, to: called, protocol: 'TCP', port }, set)) === true,
        )
        .map((port) => `${from} → ${to} ${port}`),
    ),
  );
}

describe.skipIf(folder === undefined)('policies from declared calls', () => {
  it.each(apps())('of $name let through what the published ones do, and nothing else', async (app) => {
    const { inventory, policies } = await infer(app.folder);
    const expected = policiesIn(app.expected);
    expect(expected.length).toBeGreaterThan(1);
    const ports = portsOf(inventory, [...policies, ...expected]);
    const wanted = connections(inventory, compile(expected), ports);
    expect(wanted.length).toBeGreaterThan(1);
    expect(connections(inventory, compile(policies), ports)).toEqual(wanted);
  });
});
