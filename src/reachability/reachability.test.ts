import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpAddress } from '../kube/cidr.ts';
import type { JsonObject, KubeObject } from '../model/index.ts';
import {
  compilePolicies,
  completeLabels,
  type End,
  isPermitted,
  judgeConnection,
  namespaceLabelsOf,
  type PodEnd,
  type Protocol,
} from './index.ts';

function policy(name: string, namespace: string, spec: JsonObject, kind = 'NetworkPolicy'): KubeObject {
  const origin = { kind: 'manifest', unit: 'a.yaml' } as const;
  return {
    apiVersion: 'networking.k8s.io/v1',
    group: 'networking.k8s.io',
    version: 'v1',
    kind,
    namespace,
    name,
    raw: { spec },
    source: { file: 'a.yaml', text: 0, start: 0, end: 0, document: 0, line: 1, within: [], origin },
  };
}

interface PodFacts {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly namespaceLabels?: Record<string, string>;
  readonly address?: string;
  readonly ports?: PodEnd['ports'];
  readonly isHostNetwork?: boolean;
}

function pod(facts: PodFacts = {}): PodEnd {
  const { namespace = 'shop', labels = {}, namespaceLabels, address, ports = [], isHostNetwork = false } = facts;
  const parsed = address === undefined ? undefined : parseIpAddress(address);
  return {
    kind: 'pod',
    namespace,
    labels: completeLabels(labels),
    namespaceLabels: namespaceLabelsOf(namespace, namespaceLabels),
    isHostNetwork,
    addresses: parsed === undefined ? [] : [parsed],
    ports,
  };
}

function outside(address?: string): End {
  const parsed = address === undefined ? undefined : parseIpAddress(address);
  return parsed === undefined ? { kind: 'outside' } : { kind: 'outside', address: parsed };
}

interface Case {
  readonly from: End;
  readonly to: End;
  readonly port?: number;
  readonly protocol?: Protocol;
  readonly isSamePod?: boolean;
}

function verdicts(spec: JsonObject, { port = 80, protocol = 'TCP', ...rest }: Case): (string | undefined)[] {
  const judged = judgeConnection({ ...rest, port, protocol }, compilePolicies([policy('p', 'shop', spec)]));
  return [judged.egress?.verdict, judged.ingress?.verdict];
}

const web = pod({ labels: { app: 'web' } });
const db = pod({ labels: { app: 'db' }, ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }] });
const selectDb = { podSelector: { matchLabels: { app: 'db' } } };
const fromWeb = [{ podSelector: { matchLabels: { app: 'web' } } }];

describe('a connection', () => {
  it('is free where no policy selects the pods', () => {
    expect(verdicts({ podSelector: { matchLabels: { app: 'x' } } }, { from: web, to: db })).toEqual([
      'not-isolated',
      'not-isolated',
    ]);
  });

  it('is judged for the direction that a policy names, or is taken to name', () => {
    expect(verdicts({ ...selectDb }, { from: web, to: db })).toEqual(['not-isolated', 'denied']);
    expect(verdicts({ ...selectDb, policyTypes: ['Egress'] }, { from: web, to: db })).toEqual([
      'not-isolated',
      'not-isolated',
    ]);
    expect(verdicts({ ...selectDb, egress: [{}] }, { from: db, to: web })).toEqual(['allowed', 'not-isolated']);
    expect(verdicts({ ...selectDb, egress: [{}] }, { from: web, to: db })).toEqual(['not-isolated', 'denied']);
  });

  it('goes through named ports of the receiving pod, ranges and protocols', () => {
    const rule = (ports: JsonObject[]) => ({ ...selectDb, ingress: [{ from: fromWeb, ports }] });
    const at = (ports: JsonObject[], port: number, protocol: Protocol = 'TCP') =>
      verdicts(rule(ports), { from: web, to: db, port, protocol })[1];
    expect(at([{ port: 'sql' }], 5432)).toBe('allowed');
    expect(at([{ port: 'sql' }], 5433)).toBe('denied');
    expect(at([{ port: 'sql', protocol: 'UDP' }], 5432, 'UDP')).toBe('denied');
    expect(at([{ port: 5000, endPort: 6000 }], 5432)).toBe('allowed');
    expect(at([{ port: 5000, endPort: 6000 }], 6001)).toBe('denied');
    expect(at([{ protocol: 'UDP' }], 53)).toBe('denied');
    expect(at([{ protocol: 'SCTP' }], 53, 'SCTP')).toBe('allowed');
    const unknownPorts = { ...db, ports: undefined };
    expect(verdicts(rule([{ port: 'sql' }]), { from: web, to: unknownPorts, port: 5432 })[1]).toBe('unknown');
  });

  it('resolves names of ports of egress rules at each pod that is called', () => {
    const spec = { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'sql' }] }] };
    expect(verdicts(spec, { from: web, to: db, port: 5432 })[0]).toBe('allowed');
    expect(verdicts(spec, { from: web, to: outside('203.0.113.1'), port: 5432 })[0]).toBe('denied');
  });

  it('is judged by blocks with exceptions', () => {
    const spec = (cidr: string, except: string[] = []) => ({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr, except } }] }],
    });
    const to = outside('203.0.113.7');
    expect(verdicts(spec('203.0.113.0/24'), { from: web, to })[0]).toBe('allowed');
    expect(verdicts(spec('0.0.0.0/0', ['203.0.113.0/28']), { from: web, to })[0]).toBe('denied');
    expect(verdicts(spec('::/0'), { from: web, to })[0]).toBe('denied');
    expect(verdicts(spec('203.0.113.0/24'), { from: web, to: outside() })[0]).toBe('unknown');
    expect(verdicts(spec('0.0.0.0/0'), { from: web, to: outside() })[0]).toBe('allowed');
    expect(verdicts(spec('0.0.0.0/0'), { from: web, to: db })[0]).toBe('allowed');
    expect(verdicts(spec('0.0.0.0/0', ['10.0.0.0/8']), { from: web, to: db })[0]).toBe('unknown');
    // A block that cannot be read holds nobody, those neither whose address is not known.
    for (const end of [to, outside(), db]) expect(verdicts(spec('10.0.0/8'), { from: web, to: end })[0]).toBe('denied');
  });

  it('looks for pods in the own namespace where a peer names no other', () => {
    const other = pod({ namespace: 'test', labels: { app: 'web' } });
    const spec = { ...selectDb, ingress: [{ from: fromWeb }] };
    expect(verdicts(spec, { from: other, to: db })[1]).toBe('denied');
    const anywhere = { ...selectDb, ingress: [{ from: [{ ...fromWeb[0], namespaceSelector: {} }] }] };
    expect(verdicts(anywhere, { from: other, to: db })[1]).toBe('allowed');
  });

  it('knows the name of every namespace, and not the other labels of one outside the input', () => {
    const by = (matchLabels: JsonObject) => ({
      ...selectDb,
      ingress: [{ from: [{ namespaceSelector: { matchLabels } }] }],
    });
    const other = pod({ namespace: 'test' });
    const metadataName = 'kubernetes.io/metadata.name';
    expect(verdicts(by({ [metadataName]: 'test' }), { from: other, to: db })[1]).toBe('allowed');
    expect(verdicts(by({ [metadataName]: 'prod' }), { from: other, to: db })[1]).toBe('denied');
    expect(verdicts(by({ team: 'a' }), { from: other, to: db })[1]).toBe('unknown');
    expect(verdicts(by({ team: 'a', [metadataName]: 'prod' }), { from: other, to: db })[1]).toBe('denied');
    const told = pod({ namespace: 'test', namespaceLabels: { team: 'b' } });
    expect(verdicts(by({ team: 'a' }), { from: told, to: db })[1]).toBe('denied');
  });

  it('of a pod with itself, and with its node, is never denied', () => {
    const deny = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
    expect(verdicts(deny, { from: db, to: db, isSamePod: true })).toEqual(['allowed', 'allowed']);
    expect(verdicts(deny, { from: db, to: db })).toEqual(['denied', 'denied']);
    expect(verdicts(deny, { from: { kind: 'node', addresses: [], isOwnNode: true }, to: db })[1]).toBe('allowed');
    expect(verdicts(deny, { from: { kind: 'node', addresses: [], isOwnNode: false }, to: db })[1]).toBe('denied');
    expect(verdicts(deny, { from: { kind: 'node', addresses: [], isOwnNode: undefined }, to: db })[1]).toBe('unknown');
  });

  it('with the network of a node is not held there, and not known at the other end', () => {
    const host = pod({ labels: { app: 'web' }, isHostNetwork: true });
    const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: fromWeb }] };
    expect(verdicts(spec, { from: host, to: db })).toEqual(['not-held', 'unknown']);
    expect(verdicts({ podSelector: {} }, { from: host, to: db })).toEqual(['not-held', 'unknown']);
    expect(verdicts({ podSelector: {}, ingress: [{}] }, { from: host, to: db })).toEqual(['not-held', 'allowed']);
  });

  it('is not known where policies of another kind may decide', () => {
    const cilium = { ...policy('c', 'shop', {}, 'CiliumNetworkPolicy'), group: 'cilium.io' };
    const set = compilePolicies([policy('deny', 'shop', { podSelector: {} }), cilium]);
    const judged = judgeConnection({ from: web, to: db, protocol: 'TCP', port: 80 }, set);
    expect(judged.ingress).toMatchObject({ verdict: 'unknown' });
    expect(isPermitted(judged)).toBeUndefined();
  });

  it('names the policies that decide', () => {
    const deny = policy('deny', 'shop', { podSelector: {} });
    const allow = policy('allow', 'shop', { ...selectDb, ingress: [{ from: fromWeb }] });
    const at = (from: End) =>
      judgeConnection({ from, to: db, protocol: 'TCP', port: 80 }, compilePolicies([deny, allow])).ingress;
    expect(at(web)).toMatchObject({ verdict: 'allowed', policies: [allow] });
    expect(at(pod())).toMatchObject({ verdict: 'denied', policies: [deny, allow] });
    expect(at(pod())?.why).toBe('no ingress rule of "deny", "allow" lets it through');
  });
});

// A second evaluation, written from the API's description alone, over worlds in which everything is known.

type Labels = Record<string, string>;
interface World {
  readonly pods: readonly { namespace: string; labels: Labels; address: string; ports: PodEnd['ports'] }[];
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly policies: readonly { namespace: string; spec: JsonObject }[];
}

const keys = ['app', 'tier'];
const values = ['a', 'b'];
const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 });
const selector = fc.record({ matchLabels: labels });
const port = fc.oneof(
  fc.record({ port: fc.constantFrom(80, 81, 90), protocol: fc.constantFrom('TCP', 'UDP') }),
  fc.record({ port: fc.constantFrom('http', 'dns') }),
  fc.record({ port: fc.constant(80), endPort: fc.constantFrom(80, 81, 100) }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP') }),
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({
    ipBlock: fc.record({
      cidr: fc.constantFrom('10.0.0.0/8', '10.0.1.0/24', '0.0.0.0/0', '192.0.2.0/24'),
      except: fc.subarray(['10.0.1.0/28', '192.0.2.0/25']),
    }),
  }),
);
const ruleOf = (field: 'from' | 'to') =>
  fc.record(
    { [field]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
    { requiredKeys: [] },
  );
const spec = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: fc.array(ruleOf('from'), { maxLength: 2 }),
    egress: fc.array(ruleOf('to'), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
);
const namespace = fc.constantFrom('n1', 'n2');
const world: fc.Arbitrary<World> = fc.record({
  namespaces: fc.record({ n1: labels, n2: labels }),
  pods: fc.tuple(
    ...[1, 2, 3].map((index) =>
      fc.record({
        namespace,
        labels,
        address: fc.constantFrom(`10.0.1.${index}`, `10.2.0.${index}`, `192.0.2.${index + 100}`),
        ports: fc.subarray([
          { name: 'http', port: 80, protocol: 'TCP' as const },
          { name: 'dns', port: 81, protocol: 'UDP' as const },
          { name: 'http', port: 90, protocol: 'TCP' as const },
        ]),
      }),
    ),
  ),
  policies: fc.array(fc.record({ namespace, spec: spec as fc.Arbitrary<JsonObject> }), { maxLength: 4 }),
});

type Any = Record<string, unknown>;
const list = (value: unknown): Any[] => (Array.isArray(value) ? value : []);

function hasAll(wanted: unknown, has: Labels): boolean {
  return Object.entries((wanted as { matchLabels: Labels }).matchLabels).every(([key, value]) => has[key] === value);
}

const asNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function inBlock(cidr: string, address: string): boolean {
  const [base = '', bits = '0'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(asNumber(base) / size) === Math.floor(asNumber(address) / size);
}

type PodFact = World['pods'][number];

function naivePeer(each: Any, at: { other: PodFact; home: string; spaces: World['namespaces'] }): boolean {
  const { other, home, spaces } = at;
  if (each['ipBlock'] !== undefined) {
    const { cidr, except } = each['ipBlock'] as { cidr: string; except: string[] };
    return inBlock(cidr, other.address) && except.every((hole) => !inBlock(hole, other.address));
  }
  const near = each['namespaceSelector'] === undefined ? other.namespace === home : true;
  const space =
    each['namespaceSelector'] === undefined || hasAll(each['namespaceSelector'], spaces[other.namespace] ?? {});
  return near && space && (each['podSelector'] === undefined || hasAll(each['podSelector'], other.labels));
}

function naivePort(each: Any, target: PodFact, at: { port: number; protocol: string }): boolean {
  if ((each['protocol'] ?? 'TCP') !== at.protocol) return false;
  if (each['port'] === undefined) return true;
  if (typeof each['port'] === 'string')
    return (target.ports ?? []).some(
      ({ name, port: number, protocol }) => name === each['port'] && number === at.port && protocol === at.protocol,
    );
  const last = (each['endPort'] ?? each['port']) as number;
  return at.port >= (each['port'] as number) && at.port <= last;
}

function naive(
  { policies, namespaces }: World,
  side: 'Ingress' | 'Egress',
  at: { own: PodFact; other: PodFact; target: PodFact; port: number; protocol: string },
): string {
  const field = side === 'Ingress' ? 'ingress' : 'egress';
  const isolating = policies.filter((each) => {
    if (each.namespace !== at.own.namespace || !hasAll(each.spec['podSelector'], at.own.labels)) return false;
    const types = list(each.spec['policyTypes']) as unknown as string[];
    if (types.length > 0) return types.includes(side);
    return side === 'Ingress' || list(each.spec['egress']).length > 0;
  });
  if (isolating.length === 0) return 'not-isolated';
  const lets = isolating.some((each) =>
    list(each.spec[field]).some((rule) => {
      const peers = list(rule[side === 'Ingress' ? 'from' : 'to']);
      const ports = list(rule['ports']);
      const peerFits =
        peers.length === 0 ||
        peers.some((one) => naivePeer(one, { other: at.other, home: each.namespace, spaces: namespaces }));
      return peerFits && (ports.length === 0 || ports.some((one) => naivePort(one, at.target, at)));
    }),
  );
  return lets ? 'allowed' : 'denied';
}

describe('for any policies over a world that is known', () => {
  it('both evaluations agree', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(80, 81, 90), fc.constantFrom('TCP' as const, 'UDP' as const), (w, at, by) => {
        const [first, second] = w.pods;
        if (first === undefined || second === undefined) return;
        const end = (fact: PodFact): PodEnd => pod({ ...fact, namespaceLabels: w.namespaces[fact.namespace] ?? {} });
        const set = compilePolicies(w.policies.map((each, index) => policy(`p${index}`, each.namespace, each.spec)));
        const judged = judgeConnection({ from: end(first), to: end(second), port: at, protocol: by }, set);
        const shared = { target: second, port: at, protocol: by };
        expect(judged.egress?.verdict).toBe(naive(w, 'Egress', { own: first, other: second, ...shared }));
        expect(judged.ingress?.verdict).toBe(naive(w, 'Ingress', { own: second, other: first, ...shared }));
        expect(isPermitted(judged)).toBe(![judged.egress?.verdict, judged.ingress?.verdict].includes('denied'));
      }),
      { numRuns: 3_000 },
    );
  });

  it('what is judged with less knowledge is the same, or unknown', () => {
    fc.assert(
      fc.property(world, (w) => {
        const [first, second] = w.pods;
        if (first === undefined || second === undefined) return;
        const full = (fact: PodFact): PodEnd => pod({ ...fact, namespaceLabels: w.namespaces[fact.namespace] ?? {} });
        const less = (fact: PodFact): PodEnd => ({
          ...full(fact),
          namespaceLabels: namespaceLabelsOf(fact.namespace, undefined),
          labels: { values: fact.labels, isOpen: (key) => key === 'tier' },
          ports: undefined,
        });
        const set = compilePolicies(w.policies.map((each, index) => policy(`p${index}`, each.namespace, each.spec)));
        const ask = (end: (fact: PodFact) => PodEnd): boolean | undefined =>
          isPermitted(judgeConnection({ from: end(first), to: end(second), port: 80, protocol: 'TCP' }, set));
        const guess = ask(less);
        if (guess !== undefined) expect(guess).toBe(ask(full));
      }),
      { numRuns: 1_000 },
    );
  });
});
