import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInventory, type Inventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { clusterOf } from '../../../test/kubernetes/cluster-snapshot.ts';
import { parseIpAddress } from '../../kube/cidr.ts';
import type { JsonObject } from '../../model/index.ts';
import { compilePolicies, type PolicySet, policyKinds } from '../compile-policies.ts';
import type { End, Protocol } from '../ends.ts';
import { isPermitted, judgeConnection } from '../judge-connection.ts';
import { hasPort, isSamePorts, portWords } from '../ports/port-set.ts';
import { policiesOf } from '../workload-end.ts';
import { type Connections, findConnections, ingressController } from './connections.ts';
import { rangeId } from './ranges.ts';

function inventoryOf(objects: readonly JsonObject[]): Inventory {
  return createInventory(snapshotOf(objects.map((object) => JSON.stringify(object)).join('\n---\n')));
}

function policySet(inventory: Inventory, blocksHoldPods: boolean | undefined): PolicySet {
  return compilePolicies(
    policyKinds.flatMap((kind) => inventory.ofKind(kind)),
    { blocksHoldPods },
  );
}

/** `from -> to: ports`, as the input stands; with a `?` where more or less is possible. */
function tell(text: string): string[] {
  const found = findConnections(createInventory(snapshotOf(text)));
  return [...found.edges()].map(({ from, to, ports }) => {
    const doubt = isSamePorts(ports.sure, ports.possible) ? '' : ' ?';
    return `${from} -> ${to}: ${portWords(ports.read)}${doubt}`;
  });
}

const pod = (name: string, more = ''): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec: {${more}containers: [{name: a, image: a, ports: [{name: http, containerPort: 8080}]}]}
---
`;

const policy = (name: string, spec: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
---
`;

const deny = policy('deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const between = (edges: readonly string[]): string[] => edges.filter((each) => !each.includes('External'));

describe('the connections of an input', () => {
  it('are all open where no policy is, and go to and from outside', () => {
    expect(tell(pod('web') + pod('db'))).toEqual([
      '0.0.0.0-255.255.255.255[External] -> default/db[Pod]: all ports',
      '0.0.0.0-255.255.255.255[External] -> default/web[Pod]: all ports',
      'default/db[Pod] -> default/web[Pod]: all ports',
      'default/db[Pod] -> 0.0.0.0-255.255.255.255[External]: all ports',
      'default/web[Pod] -> default/db[Pod]: all ports',
      'default/web[Pod] -> 0.0.0.0-255.255.255.255[External]: all ports',
    ]);
  });

  it('are what both sides let through, names of ports resolved at the pod that is called', () => {
    const out = policy(
      'out',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: http}, {port: 53, protocol: UDP}]}]}',
    );
    const into = policy(
      'into',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 8000, endPort: 9000}, {protocol: UDP}]}]}',
    );
    expect(between(tell(pod('web') + pod('db') + out + into))).toEqual([
      'default/db[Pod] -> default/web[Pod]: all ports',
      'default/web[Pod] -> default/db[Pod]: TCP 8080; UDP 53',
    ]);
  });

  it('with outside are cut where blocks and their exceptions end, in IPv6 too where blocks are', () => {
    const out = policy(
      'out',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: "fd00::/8"}}], ports: [{port: 443}]}]}',
    );
    expect(tell(pod('web') + out).filter((each) => each.startsWith('default/web'))).toEqual([
      'default/web[Pod] -> 10.0.0.0-10.0.255.255[External]: TCP 443',
      'default/web[Pod] -> 10.2.0.0-10.255.255.255[External]: TCP 443',
      'default/web[Pod] -> fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External]: TCP 443',
    ]);
  });

  it('with an address are those of the range that it is in, from the first to the last one', () => {
    const rule = '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}';
    const found = findConnections(createInventory(snapshotOf(pod('web') + policy('block', rule))));
    const rangeAt = (text: string) => {
      const address = parseIpAddress(text);
      const range = address === undefined ? undefined : found.rangeOf(address, 'ingress');
      return range === undefined ? undefined : rangeId(range);
    };
    for (const inside of ['10.0.0.0', '10.0.0.255']) expect(rangeAt(inside)).toBe('10.0.0.0-10.0.0.255[External]');
    expect(rangeAt('9.255.255.255')).toBe('0.0.0.0-9.255.255.255[External]');
    expect(rangeAt('10.0.1.0')).toBe('10.0.1.0-255.255.255.255[External]');
  });

  it('of pods behind blocks depend on the plugin: some take blocks for addresses outside only', () => {
    const agent = (name: string, image: string) =>
      `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: ${name}, namespace: kube-system}\nspec: {template: {spec: {containers: [{name: a, image: "${image}"}]}}}\n---\n`;
    const settings =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\ndata: {}\n---\n';
    const calico = agent('calico-node', 'docker.io/calico/node:v3.29.0');
    const cilium = settings + agent('cilium', 'quay.io/cilium/cilium:v1.17.0');
    const holds = (text: string, isCluster = true) =>
      policiesOf(createInventory(isCluster ? clusterOf(text) : snapshotOf(text))).blocksHoldPods;
    expect(holds(calico)).toBe(true);
    expect(holds(cilium)).toBe(false);
    expect(holds(calico + cilium)).toBeUndefined();
    expect(holds(pod('web'))).toBeUndefined();
    expect(holds(calico, false)).toBeUndefined();
  });

  it('of a Job are those of its template where its pods have ended', () => {
    const job = `apiVersion: batch/v1
kind: Job
metadata: {name: job, uid: u}
spec: {template: {metadata: {labels: {app: new}}, spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: job-x, labels: {app: old}, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: job, uid: u, controller: true}]}
spec: {containers: [{name: a, image: a}]}
status: {phase: PHASE}
---
`;
    const rule = policy(
      'from',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: new}}}]}]}',
    );
    const toDb = (phase: string) =>
      tell(pod('db') + job.replace('PHASE', phase) + rule).filter((each) => each.startsWith('default/job'));
    expect(toDb('Succeeded')).toContain('default/job[Job] -> default/db[Pod]: all ports');
    expect(toDb('Running')).not.toContain('default/job[Job] -> default/db[Pod]: all ports');
  });

  it('of pods in the network of their node are as written, and not sure', () => {
    const edges = between(tell(pod('web') + pod('agent', 'hostNetwork: true, ') + deny));
    expect(edges).toEqual([
      'default/agent[Pod] -> default/web[Pod]: nothing ?',
      'default/web[Pod] -> default/agent[Pod]: nothing ?',
    ]);
  });

  it('are not sure where labels of a namespace, blocks around pods or policies of others decide', () => {
    const team = policy(
      'team',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}',
    );
    expect(between(tell(pod('web') + pod('db') + team))).toContain('default/web[Pod] -> default/db[Pod]: nothing ?');
    const named = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {team: a}}\n---\n';
    expect(between(tell(pod('web') + pod('db') + team + named))).toContain(
      'default/web[Pod] -> default/db[Pod]: all ports',
    );
    const block = policy(
      'block',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}',
    );
    expect(between(tell(pod('web') + pod('db') + block))).toContain('default/web[Pod] -> default/db[Pod]: nothing ?');
    const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\nspec: {}\n';
    expect(between(tell(pod('web') + pod('db') + cilium))).toContain(
      'default/web[Pod] -> default/db[Pod]: all ports ?',
    );
  });

  it('are not known where policies could not be listed', () => {
    const notListed = (namespace: string) => [
      { group: 'networking.k8s.io', kind: 'NetworkPolicy', resource: 'networkpolicies', namespace },
    ];
    const read = (namespace: string): string[] => {
      const found = findConnections(
        createInventory(clusterOf(pod('web') + pod('db'), { notListed: notListed(namespace) })),
      );
      return between([...found.edges()].map(({ from, to, ports }) => `${from} -> ${to}: ${portWords(ports.sure)}`));
    };
    expect(read('default')).toEqual(read(''));
    expect(read('')).toContain('default/web[Pod] -> default/db[Pod]: nothing');
    expect(read('other')).toContain('default/web[Pod] -> default/db[Pod]: all ports');
  });

  it('lead in through Ingresses, gateways and Routes, where the policies let them', () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{name: front, port: 80, targetPort: http}, {name: dns, port: 53, protocol: UDP}]}\n---\n';
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {defaultBackend: {service: {name: web, port: {name: front}}}}\n---\n';
    const gateway =
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {rules: [{backendRefs: [{name: web, port: 80}]}]}\n---\n';
    const udp =
      'apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: UDPRoute\nmetadata: {name: u}\nspec: {rules: [{backendRefs: [{name: web, port: 53}]}]}\n---\n';
    const mesh =
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: m}\nspec: {parentRefs: [{kind: Service, name: web}], rules: [{backendRefs: [{name: web, port: 80}]}]}\n---\n';
    const route =
      'apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: o}\nspec: {to: {kind: Service, name: web}, port: {targetPort: 8080}}\n---\n';
    const led = (text: string) => tell(pod('web') + service + text).filter((each) => each.startsWith('{'));
    const open = ['{ingress-controller} -> default/web[Pod]: TCP 8080'];
    expect([led(ingress), led(gateway), led(route)]).toEqual([open, open, open]);
    expect(led(udp)).toEqual(['{ingress-controller} -> default/web[Pod]: UDP 53']);
    expect(led(mesh)).toEqual([]);
    expect(led(ingress + deny)).toEqual([]);
    const fromTeam = policy(
      'team',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]}',
    );
    expect(led(ingress + fromTeam)).toEqual(['{ingress-controller} -> default/web[Pod]: nothing ?']);
  });

  it('lead in from the controller that runs in a cluster, by its namespace and labels', () => {
    const web = `${pod('web')}apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, namespace: ingress-nginx}
spec: {selector: {}, template: {metadata: {labels: {app: controller}}, spec: {containers: [{name: a, image: registry.k8s.io/ingress-nginx/controller:v1.13.0}]}}}
---
`;
    const from = (namespace: string): string =>
      policy(
        'from',
        `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}}]}]}`,
      );
    const led = (text: string): string[] =>
      [...findConnections(createInventory(clusterOf(text))).edges()]
        .filter((edge) => edge.from === ingressController)
        .map(({ ports }) => `${portWords(ports.sure)}, ${portWords(ports.possible)}`);
    expect(led(web + from('ingress-nginx'))).toEqual(['TCP 8080, TCP 8080']);
    expect(led(web + from('traefik'))).toEqual([]);
    const second = web.replaceAll('ingress-nginx}', 'more}').slice(web.indexOf('apiVersion: apps/v1'));
    expect(led(web + second + from('more'))).toEqual(['nothing, TCP 8080']);
  });

  it('lead in from the controller that serves the class, and from no other one', () => {
    const controller = (namespace: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, namespace: ${namespace}}
spec: {selector: {}, template: {metadata: {labels: {app: controller}}, spec: {containers: [{name: a, image: registry.k8s.io/ingress-nginx/controller:v1.13.0, args: ['--controller-class=example.com/${namespace}']}]}}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: ${namespace}}
spec: {controller: example.com/${namespace}}
---
`;
    const leads = (name: string, className: string): string => `${pod(name)}apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec: {ingressClassName: ${className}, defaultBackend: {service: {name: ${name}, port: {number: 80}}}}
---
`;
    const fromPublic = policy(
      'from',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: public}}}]}]}',
    );
    const text =
      controller('public') + controller('inner') + leads('shop', 'public') + leads('desk', 'inner') + fromPublic;
    const inventory = createInventory(clusterOf(text));
    const found = findConnections(inventory);
    const led = [...found.edges()].filter((edge) => edge.from === ingressController);
    expect(led.map(({ to, ports }) => `${to}: ${portWords(ports.sure)}`)).toEqual(['default/shop[Pod]: TCP 8080']);
    const [shop, desk] = ['default/shop[Pod]', 'default/desk[Pod]'].map((id) => found.workload(id));
    if (shop === undefined || desk === undefined) throw new Error('a workload is missing');
    expect(portWords(found.fromIngressController(desk).possible)).toBe('nothing');
    expect(found.bringersTo(shop)).toMatchObject([{ kind: 'pod', namespace: 'public' }]);
    expect(found.bringersTo(desk)).toMatchObject([{ kind: 'pod', namespace: 'inner' }]);
  });

  it('lead in from outside where a load balancer of the cloud calls the pods itself', () => {
    const text = `${pod('web')}apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, annotations: {kubernetes.io/ingress.class: alb}}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---
`;
    const led = (more: string): string[] =>
      [...findConnections(createInventory(clusterOf(text + more))).edges()]
        .filter((edge) => edge.from === ingressController)
        .map(({ ports }) => `${portWords(ports.sure)}, ${portWords(ports.possible)}`);
    const from = (cidr: string): string =>
      policy('from', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`);
    expect(led(from('0.0.0.0/0'))).toEqual(['TCP 8080, TCP 8080']);
    expect(led(from('10.0.0.0/16'))).toEqual(['nothing, TCP 8080']);
    expect(led(policy('deny', '{podSelector: {}, policyTypes: [Ingress]}'))).toEqual([]);
  });

  it('are those of the owner of the pods, by what some of them may', () => {
    const owned = (name: string, tier: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {tier: ${tier}}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}
spec: {containers: [{name: a, image: a}]}
---
`;
    const into = policy(
      'into',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {tier: a}}}]}]}',
    );
    const inventory = createInventory(snapshotOf(owned('x', 'a') + owned('y', 'b') + pod('db') + into));
    const found = findConnections(inventory);
    const [web, db] = ['default/web-1[ReplicaSet]', 'default/db[Pod]'].map((id) => found.workload(id));
    if (web === undefined || db === undefined) throw new Error('a workload is missing');
    expect(portWords(found.between(web, db).read)).toBe('all ports');
    expect(portWords(found.between(web, db, 'every').read)).toBe('nothing');
  });
});

// Random worlds: the engine must say of every single connection what the judge of single connections says.

const keys = ['app', 'tier'];
const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('a', 'b'), { maxKeys: 2 });
const expression = fc.oneof(
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.constantFrom(['a'], ['a', 'b']),
  }),
);
const selector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) },
  { requiredKeys: [] },
);
const port = fc.oneof(
  fc.record({ port: fc.constantFrom(80, 81, 90), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP') }),
  fc.record({ port: fc.constantFrom('http', 'dns'), protocol: fc.constantFrom('TCP', 'UDP') }),
  fc.record({ port: fc.constant(80), endPort: fc.constantFrom(80, 81, 100) }),
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP') }),
);
const block = fc.record({
  cidr: fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '192.0.2.0/24', 'fd00::/8'),
  except: fc.subarray(['10.0.1.0/28', '192.0.2.0/25']),
});
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock: block }),
);
const rule = (field: 'from' | 'to') =>
  fc.record(
    { [field]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
    { requiredKeys: [] },
  );
const networkPolicy = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: fc.array(rule('from'), { maxLength: 2 }),
    egress: fc.array(rule('to'), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
);
const adminPort = fc.oneof(
  fc.record({ portNumber: fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), port: fc.constantFrom(80, 81) }) }),
  fc.record({
    portRange: fc.record({ protocol: fc.constant('TCP'), start: fc.constant(1), end: fc.constantFrom(80, 85) }),
  }),
  fc.record({ namedPort: fc.constantFrom('http', 'dns') }),
);
const pods = fc.record({ namespaceSelector: selector, podSelector: selector });
const subject = fc.oneof(fc.record({ namespaces: selector }), fc.record({ pods }));
const adminRule = (field: 'from' | 'to') =>
  fc.record(
    {
      action: fc.constantFrom('Allow', 'Deny', 'Pass'),
      [field]: fc.array(
        field === 'from'
          ? subject
          : fc.oneof(subject, fc.record({ networks: fc.constantFrom(['10.0.0.0/8'], ['0.0.0.0/0']) })),
        { minLength: 1, maxLength: 2 },
      ),
      ports: fc.array(adminPort, { maxLength: 2 }),
    },
    { requiredKeys: ['action', field] },
  );
const adminPolicy = fc.record({
  kind: fc.constantFrom('AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'),
  priority: fc.constantFrom(1, 2),
  subject,
  ingress: fc.array(adminRule('from'), { maxLength: 2 }),
  egress: fc.array(adminRule('to'), { maxLength: 2 }),
});

interface Shape {
  readonly named: JsonObject;
  readonly pods: readonly {
    namespace: string;
    labels: JsonObject;
    ports: readonly JsonObject[];
    hostNetwork: boolean;
  }[];
  readonly policies: readonly { namespace: string; spec: JsonObject }[];
  readonly admin: readonly (JsonObject & { kind: string })[];
}

const namespace = fc.constantFrom('n1', 'n2');
const shape = fc.record({
  named: fc.record({ n1: labels, n2: labels }),
  pods: fc.array(
    fc.record({
      namespace,
      labels,
      hostNetwork: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      ports: fc.subarray([
        { name: 'http', containerPort: 80 },
        { name: 'dns', containerPort: 81, protocol: 'UDP' },
        { name: 'http', containerPort: 90 },
      ]),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  policies: fc.array(fc.record({ namespace, spec: networkPolicy }), { maxLength: 4 }),
  admin: fc.array(adminPolicy, { maxLength: 2 }),
}) as fc.Arbitrary<Shape>;

/** Objects of the world; without the namespaces, their labels are not known. */
function objectsOf(world: Shape, isKnown: boolean): JsonObject[] {
  const api = 'policy.networking.k8s.io/v1alpha1';
  return [
    ...(isKnown
      ? Object.entries(world.named).map(([name, values]) => ({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name, labels: values ?? {} },
        }))
      : []),
    ...world.pods.map(({ labels: values, hostNetwork, ports, ...rest }, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${index}`, namespace: rest.namespace, labels: values },
      spec: { hostNetwork: hostNetwork && !isKnown, containers: [{ name: 'a', image: 'a', ports }] },
    })),
    ...world.policies.map(({ namespace: place, spec }, index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `np${index}`, namespace: place },
      spec,
    })),
    ...world.admin.map(({ kind, ...spec }, index) => ({
      apiVersion: api,
      kind,
      metadata: { name: `ap${index}` },
      spec,
    })),
  ];
}

interface Asked {
  readonly graded: ReturnType<Connections['between']>;
  readonly judged: boolean | undefined;
  readonly protocol: Protocol;
  readonly port: number;
}

const outside = ['10.0.1.1', '192.0.2.200', '203.0.113.1', 'fd00::1'].flatMap((text) => parseIpAddress(text) ?? []);

/** Every single connection of a world, from the engine and from the judge. */
function* askAll(found: Connections, set: PolicySet): Generator<Asked> {
  for (const protocol of ['TCP', 'UDP', 'SCTP'] as const)
    for (const number of [80, 81, 1000]) {
      const judge = (from: End, to: End) => isPermitted(judgeConnection({ from, to, protocol, port: number }, set));
      for (const workload of found.workloads) {
        const [own] = workload.ends;
        if (own === undefined) continue;
        for (const other of found.workloads) {
          const [end] = other.ends;
          if (end === undefined || other === workload) continue;
          yield { graded: found.between(workload, other), judged: judge(own, end), protocol, port: number };
        }
        for (const address of outside)
          for (const direction of ['ingress', 'egress'] as const) {
            const range = found.rangeOf(address, direction);
            if (range === undefined) continue;
            const end: End = { kind: 'outside', address };
            const judged = direction === 'ingress' ? judge(end, own) : judge(own, end);
            yield { graded: found.withRange(workload, range, direction), judged, protocol, port: number };
          }
      }
    }
}

describe('for any world', () => {
  it('that is known, every connection is as the judge of single ones has it', () => {
    fc.assert(
      fc.property(shape, (world) => {
        const inventory = inventoryOf(objectsOf(world, true));
        const set = policySet(inventory, false);
        for (const { graded, judged, protocol, port: number } of askAll(findConnections(inventory, set), set)) {
          const isOpen = hasPort(graded.read, protocol, number);
          // Administrators' policies of one priority may leave it open which of them counts.
          if (judged !== undefined) expect(isOpen).toBe(judged);
          expect(hasPort(graded.sure, protocol, number)).toBe(judged === true);
          expect(hasPort(graded.possible, protocol, number)).toBe(judged !== false);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('of which less is known, nothing is called sure that more knowledge may change', () => {
    fc.assert(
      fc.property(shape, (world) => {
        const [partly, wholly] = [false, true].map((isKnown) => inventoryOf(objectsOf(world, isKnown)));
        if (partly === undefined || wholly === undefined) return;
        const set = policySet(partly, undefined);
        const less = findConnections(partly, set);
        const more = findConnections(wholly, policySet(wholly, false));
        for (const { graded, judged, protocol, port: number } of askAll(less, set)) {
          const [sure, read, possible] = [graded.sure, graded.read, graded.possible].map((each) =>
            hasPort(each, protocol, number),
          );
          expect([!sure || read, !read || possible]).toEqual([true, true]);
          if (judged === true) expect(possible).toBe(true);
          if (judged === false) expect(sure).toBe(false);
        }
        for (const from of less.workloads)
          for (const to of less.workloads) {
            const [a, b] = [more.workload(from.id), more.workload(to.id)];
            const isHost = [from, to].some(({ ends }) => ends.some(({ isHostNetwork }) => isHostNetwork));
            if (from === to || isHost || a === undefined || b === undefined) continue;
            const [guess, truth] = [less.between(from, to), more.between(a, b)];
            for (const number of [80, 81, 90]) {
              if (hasPort(guess.sure, 'TCP', number)) expect(hasPort(truth.possible, 'TCP', number)).toBe(true);
              if (hasPort(truth.sure, 'TCP', number)) expect(hasPort(guess.possible, 'TCP', number)).toBe(true);
            }
          }
      }),
      { numRuns: 120 },
    );
  });

  it('edges tell the same as single questions do', () => {
    fc.assert(
      fc.property(shape, (world) => {
        const inventory = inventoryOf(objectsOf(world, false));
        const found = findConnections(inventory, policySet(inventory, undefined));
        for (const { from, to, ports } of found.edges()) {
          const [a, b] = [found.workload(from), found.workload(to)];
          if (a !== undefined && b !== undefined) expect(ports).toBe(found.between(a, b));
          else if (a !== undefined)
            expect(found.ranges.egress.filter((range) => rangeId(range) === to)).toHaveLength(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
