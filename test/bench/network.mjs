// All connections of a large cluster: 10,000 pods of 1,000 workloads in 50 namespaces under 1,000 policies, or of as many workloads as the first word says.
// Bundled and run by run.mjs in a process of its own.
import { createInventory } from '../../src/inventory/index.ts';
import { findConnections } from '../../src/reachability/index.ts';

const workloads = Number(process.argv[2] ?? 1000);
const [namespaces, podsOfEach, policies] = [50, 10, workloads];

const metadata = (namespace, name, labels) => ({ namespace, name, labels });
const at = (index) => `n${index % namespaces}`;
const source = { file: 'bench', text: 0, start: 0, end: 0, document: 0, line: 1, within: [], origin: {} };

function toObject(apiVersion, kind, raw) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const { namespace = '', name } = raw.metadata;
  return { apiVersion, group, version, kind, namespace, name, raw: { apiVersion, kind, ...raw }, source };
}

function podOf(workload, index) {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `w${workload}`, controller: true };
  const labels = {
    app: `w${workload}`,
    tier: ['front', 'middle', 'back'][workload % 3],
    'pod-template-hash': `h${workload}`,
  };
  return toObject('v1', 'Pod', {
    metadata: { ...metadata(at(workload), `w${workload}-${index}`, labels), ownerReferences: [owner] },
    spec: { containers: [{ name: 'a', image: 'a', ports: [{ name: 'http', containerPort: 8000 + (workload % 7) }] }] },
    status: { phase: 'Running', podIPs: [{ ip: `10.${workload % 200}.${index}.${workload % 250}` }] },
  });
}

/** A workload's own policy: callers by label, of another namespace, and from outside; out to the name server and one block. */
function policyOf(index) {
  const caller = { podSelector: { matchLabels: { app: `w${(index + namespaces) % workloads}` } } };
  const other = {
    namespaceSelector: { matchLabels: { team: `t${index % 10}` } },
    podSelector: { matchLabels: { tier: 'front' } },
  };
  const block = { ipBlock: { cidr: `192.${index % 250}.0.0/16`, except: [`192.${index % 250}.${index % 100}.0/24`] } };
  const dns = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'n0' } } };
  return toObject('networking.k8s.io/v1', 'NetworkPolicy', {
    metadata: metadata(at(index), `p${index}`),
    spec: {
      podSelector: { matchLabels: { app: `w${index}` } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [caller, other], ports: [{ port: 'http' }] },
        { from: [block], ports: [{ port: 8000, endPort: 8100 }] },
      ],
      egress: [{ to: [dns], ports: [{ port: 53, protocol: 'UDP' }] }, { to: [{ podSelector: {} }, block] }],
    },
  });
}

const range = (length, make) => Array.from({ length }, (_, index) => make(index));
const objects = [
  ...range(namespaces, (index) =>
    toObject('v1', 'Namespace', { metadata: { name: `n${index}`, labels: { team: `t${index % 10}` } } }),
  ),
  ...range(workloads, (workload) => range(podsOfEach, (index) => podOf(workload, index))).flat(),
  ...range(policies, policyOf),
];
const cluster = { context: 'bench', serverVersion: 'v1.34.0', namespaces: [], notListed: [] };
const facts = { inputs: [], files: 0, minor: 34, cluster };
const snapshot = { objects, unreadable: [], skipped: [], duplicateKeys: [], redefinitions: [], texts: [], facts };

const times = [];
let edges = 0;
for (let run = 0; run < 3; run += 1) {
  const inventory = createInventory(snapshot);
  const started = process.cpuUsage();
  edges = 0;
  for (const edge of findConnections(inventory).edges()) if (edge.ports.read.length > 0) edges += 1;
  // Time of the processor, so that other work on the machine does not count.
  const { user, system } = process.cpuUsage(started);
  times.push((user + system) / 1000);
}
const pods = workloads * podsOfEach;
process.stdout.write(
  JSON.stringify({
    pods,
    policies,
    namespaces,
    edges,
    first: times[0],
    best: Math.min(...times),
    mb: process.memoryUsage().rss / 1e6,
  }),
);
