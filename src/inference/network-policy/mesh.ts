// What a service mesh brings along: requests through its gateways, and the control plane that its sidecars ask.

import { arrivalsOf, type Inventory, readLabels, resolveHost, type Workload } from '../../inventory/index.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import type { Ledger, Peer } from './need.ts';
import type { Directory } from './peer-of-party.ts';
import { type IsSubject, openDoor } from './ways-in.ts';

const virtualService = 'networking.istio.io/VirtualService';

interface Destination {
  readonly host: string;
  readonly port: number | undefined;
}

function destinationsOf(spec: JsonObject): Destination[] {
  const rules = [spec['http'], spec['tls'], spec['tcp']].flatMap((each) => asArray(each).map(asObject));
  const targets = rules.flatMap(({ route, mirror }) => [
    ...asArray(route).map((each) => asObject(asObject(each)['destination'])),
    asObject(mirror),
  ]);
  return targets.flatMap(({ host, port }) => {
    const name = asString(host);
    return name === undefined ? [] : [{ host: name, port: asNumber(asObject(port)['number']) }];
  });
}

/** Gateways by which requests come in; `mesh` stands for the sidecars. Source: istio.io, Virtual Service. */
function gatewaysOf({ namespace, raw }: KubeObject): string[] {
  const names = asArray(asObject(raw['spec'])['gateways']).flatMap((each) => asString(each) ?? []);
  return names.filter((name) => name !== 'mesh').map((name) => (name.includes('/') ? name : `${namespace}/${name}`));
}

/** The pods of a gateway, which it finds by labels in every namespace; those of Istio's own installation where it is not in the input. */
function podsOfGateway(inventory: Inventory, gateway: string): Peer {
  const [namespace = '', name = ''] = gateway.split('/');
  const object = inventory.find({ group: 'networking.istio.io', kind: 'Gateway', namespace, name });
  const selector = readLabels(asObject(object?.raw['spec'])['selector']);
  const labels = Object.keys(selector).length > 0 ? selector : { istio: 'ingressgateway' };
  return { kind: 'pods', name: `gateway "${name}"`, labels };
}

/** Requests that gateways of the mesh bring to Services of the app. */
export function takeMeshGateways(ledger: Ledger, { inventory, platform }: Directory, isSubject: IsSubject): void {
  const told = platform.answers.get('ingress');
  for (const route of inventory.ofKind(virtualService)) {
    const gateways = gatewaysOf(route);
    if (gateways.length === 0) continue;
    const callers = told === undefined ? gateways.map((each) => podsOfGateway(inventory, each)) : [told];
    for (const { host, port } of destinationsOf(asObject(route.raw['spec']))) {
      const to = resolveHost(inventory, { host, namespace: route.namespace });
      if (to.kind !== 'service') continue;
      const arrivals = arrivalsOf(inventory, to.service, port);
      openDoor(ledger, isSubject, { callers, arrivals, why: `route of VirtualService "${route.name}"` });
    }
  }
}

interface Mesh {
  readonly name: string;
  /** What it is switched on by, on the namespace and on the pods. */
  readonly isOn: (marks: Readonly<Record<string, string>>) => boolean | undefined;
  /** Objects that only a mesh reads. */
  readonly group: string;
  readonly controlPlane: readonly { readonly peer: Peer; readonly port: number }[];
}

function controlPlane(name: string, namespace: string, labels: Readonly<Record<string, string>>): Peer {
  return { kind: 'pods', name, namespaces: [namespace], labels };
}

function linkerd(component: string, port: number): Mesh['controlPlane'][number] {
  const labels = { 'linkerd.io/control-plane-component': component };
  return { peer: controlPlane(`${component} of Linkerd`, 'linkerd', labels), port };
}

/** Sources: istio.io, Ports used by Istio, and Installing the Sidecar; linkerd.io, Automatic Proxy Injection, and the ports of its control plane. */
const meshes: readonly Mesh[] = [
  {
    name: 'Istio',
    isOn: (marks) => {
      const own = marks['sidecar.istio.io/inject'] ?? marks['istio-injection'];
      if (own !== undefined) return own === 'true' || own === 'enabled';
      return marks['istio.io/rev'] === undefined ? undefined : true;
    },
    group: 'networking.istio.io',
    controlPlane: [{ peer: controlPlane('control plane of Istio', 'istio-system', { app: 'istiod' }), port: 15_012 }],
  },
  {
    name: 'Linkerd',
    isOn: (marks) => (marks['linkerd.io/inject'] === undefined ? undefined : marks['linkerd.io/inject'] !== 'disabled'),
    group: 'policy.linkerd.io',
    controlPlane: [linkerd('destination', 8086), linkerd('destination', 8090), linkerd('identity', 8080)],
  },
];

function marksOf(object: KubeObject | undefined): Readonly<Record<string, string>> {
  const { labels, annotations } = asObject(object?.raw['metadata']);
  return { ...readLabels(annotations), ...readLabels(labels) };
}

/** An object that only a mesh reads, by its group and namespace. */
function signsOfMeshes({ snapshot }: Inventory): ReadonlyMap<string, KubeObject> {
  return new Map(
    snapshot.objects.map((object) => [`${parseApiVersion(object.apiVersion).group} ${object.namespace}`, object]),
  );
}

/** Why pods are taken to have a sidecar. Where nobody shows the namespace, objects of the mesh in it speak for one. */
function reasonForSidecar(inventory: Inventory, workload: Workload, mesh: Mesh): string | undefined {
  const { namespace } = workload.object;
  const own = mesh.isOn({ ...workload.annotations, ...workload.labels });
  if (own !== undefined) return own ? `its pods get a sidecar of ${mesh.name}` : undefined;
  const holder = inventory.find({ group: '', kind: 'Namespace', namespace: '', name: namespace });
  const marks = mesh.isOn(marksOf(holder));
  if (marks !== undefined) return marks ? `namespace "${namespace}" gives pods a sidecar of ${mesh.name}` : undefined;
  const sign = inventory.derive(signsOfMeshes).get(`${mesh.group} ${namespace}`);
  return holder === undefined && sign !== undefined
    ? `${sign.kind} "${sign.name}" speaks of ${mesh.name}, whose sidecars ask it`
    : undefined;
}

/** Sidecars that cannot ask their control plane do not start, and neither do their pods. */
export function takeSidecars(ledger: Ledger, { inventory }: Directory, subjects: readonly Workload[]): void {
  for (const workload of subjects)
    for (const mesh of meshes) {
      const why = reasonForSidecar(inventory, workload, mesh);
      if (why === undefined) continue;
      const from: Peer = { kind: 'workload', workload };
      for (const { peer: to, port } of mesh.controlPlane)
        ledger.need({ from, to, protocol: 'TCP', port, isDeclared: true, isSeen: false, why: [why] });
    }
}
